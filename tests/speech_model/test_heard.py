"""Heard speech: another vocal tract changes pitch and tempo together, and what was heard is kept and given back."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from speech_model.heard import Heard, by_another, load_heard, save_heard
from speech_model.utterances import FRAME, SAMPLE_RATE, Utterance


def tone(hertz: float, seconds: float) -> Utterance:
    count = int(seconds * SAMPLE_RATE)
    sound = 9000 * np.sin(2 * np.pi * hertz * np.arange(count) / SAMPLE_RATE)
    labels = np.repeat(np.array([3, 8], np.uint8), count // FRAME // 2)
    return Utterance("好的", sound.astype(np.int16), labels)


def strongest_hertz(samples: NDArray[np.int16]) -> float:
    spectrum = np.abs(np.fft.rfft(samples.astype(np.float64)))
    return float(spectrum.argmax()) * SAMPLE_RATE / len(samples)


@pytest.mark.parametrize("factor", [0.85, 1.18])
def test_a_smaller_person_speaks_higher_and_faster(factor: float) -> None:
    said = by_another(tone(400, 1.0), factor)
    assert len(said.samples) == pytest.approx(SAMPLE_RATE / factor, rel=0.01)
    assert strongest_hertz(said.samples) == pytest.approx(400 * factor, rel=0.02)


@pytest.mark.parametrize("factor", [0.85, 1.18])
def test_labels_stay_with_their_sound(factor: float) -> None:
    said = by_another(tone(400, 1.0), factor)
    assert len(said.labels) == -(-len(said.samples) // FRAME)
    assert (said.labels == 8).mean() == pytest.approx(0.5, abs=0.03)
    assert (np.diff(said.labels.astype(int)) != 0).sum() == 1


def test_what_was_heard_is_given_back_as_it_was(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    some = [
        Heard(text, chance.normal(size=(size, 512)).astype(np.float16), np.arange(size, dtype=np.uint8))
        for text, size in (("一二三四", 9), ("好", 4))
    ]
    save_heard(tmp_path / "piece-00000-0.npz", some)
    again = load_heard(tmp_path / "piece-00000-0.npz")
    assert [one.text for one in again] == ["一二三四", "好"]
    for before, after in zip(some, again, strict=True):
        np.testing.assert_array_equal(before.states, after.states)
        np.testing.assert_array_equal(before.units, after.units)
