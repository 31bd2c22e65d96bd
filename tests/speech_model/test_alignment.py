"""Alignment, and the labels that synthetic speech gets from its durations."""

import numpy as np
import pytest

from speech_model.alignment import NotAlignable, align
from speech_model.lines import Line
from speech_model.speaking import labelled
from speech_model.utterances import load_piece, save_piece
from voice.hearing.sound_units import NUMBER, UNITS

SIL, N, I3, H, AO3 = (NUMBER[unit] for unit in ("SIL", "n", "i3", "h", "ao3"))


def posteriors(frames: list[int]) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    scores = np.full((len(frames), len(UNITS)), -6.0, np.float32)
    scores[np.arange(len(frames)), frames] = -0.1
    return scores


def test_each_unit_is_found_where_it_was_said() -> None:
    said = [SIL, SIL, N, I3, I3, I3, SIL, H, AO3, AO3, SIL]
    found, certain = align(posteriors(said), [N, I3, H, AO3])
    assert found.tolist() == said
    assert certain == pytest.approx(-0.1, abs=1e-6)


def test_a_wrong_transcript_is_uncertain() -> None:
    said = [SIL, N, I3, I3, SIL, SIL]
    assert align(posteriors(said), [H, AO3])[1] < align(posteriors(said), [N, I3])[1] - 1


def test_a_recording_too_short_for_its_text_is_an_error() -> None:
    with pytest.raises(NotAlignable):
        align(posteriors([SIL, N]), [N, I3, H, AO3])


def test_a_vowel_ends_where_it_fades_and_pauses_are_silence() -> None:
    line = Line("你，好", [1, 2, 3, 4, 5], [N, I3, -1, H, AO3])
    ends = np.array([0.1, 0.2, 0.4, 0.6, 0.7, 0.9, 1.0])
    sound = np.sin(np.arange(8000) * 0.4) * 0.5
    sound[:800] = sound[2800:4800] = sound[7200:] = 0
    utterance = labelled(line, sound, ends)
    assert utterance is not None
    order = [UNITS[unit] for unit in dict.fromkeys(utterance.labels.tolist())]
    assert order == ["SIL", "n", "i3", "h", "ao3"]
    i3 = np.flatnonzero(utterance.labels == I3)
    assert i3[-1] * 80 < 2900, "the vowel goes on in the silence"
    assert (utterance.labels[i3[-1] + 2 : 50] == SIL).all()


def test_silence_is_no_utterance() -> None:
    assert labelled(Line("你", [1], [I3]), np.zeros(8000), np.array([0.1, 0.9, 1.0])) is None


def test_a_piece_gives_back_what_was_kept(tmp_path) -> None:  # type: ignore[no-untyped-def]
    line = Line("你好", [1, 2, 3, 4], [N, I3, H, AO3])
    one = labelled(line, np.sin(np.arange(8000) * 0.4), np.array([0.1, 0.2, 0.4, 0.6, 0.9, 1.0]))
    assert one is not None
    save_piece(tmp_path / "piece-00000.npz", [one, one])
    first, second = load_piece(tmp_path / "piece-00000.npz")
    assert first.text == second.text == "你好"
    assert (second.samples == one.samples).all() and (second.labels == one.labels).all()
