"""Voice activity: people are speech at both line rates, silence and noise are not."""

from pathlib import Path

import numpy as np
import pytest

from voice.line.telephone_line import telephone_quality
from voice.sound.audio import AudioFrame
from voice.sound.resampling import resample
from voice.sound.wav import read_wav
from voice.turn_taking.vad import Samples, Vad, VadModel, VadUnavailable, load_vad
from voice.turn_taking.vad_settings import VadSettings

HUMAN = Path(__file__).parents[3] / "shared" / "speech" / "human"


@pytest.fixture(scope="module")
def model() -> VadModel:
    return load_vad()


def answers(vad: Vad, pcm: bytes, rate: int) -> list[bool]:
    size = rate // 50 * 2
    frames = [pcm[at : at + size] for at in range(0, len(pcm) - size + 1, size)]
    return [vad.is_speech(AudioFrame(frame, rate, index * 20)) for index, frame in enumerate(frames)]


@pytest.mark.parametrize("rate", [8000, 16000])
def test_a_person_between_two_silences_is_heard_once(model: VadModel, rate: int) -> None:
    recordings = sorted(HUMAN.glob("*.wav"))[:5]
    if not recordings:
        pytest.skip("recordings of people are not here (../shared/speech/human)")
    for path in recordings:
        pcm, from_hz = read_wav(path)
        line = telephone_quality(pcm, from_hz) if rate == 8000 else resample(pcm, from_hz, rate)
        heard = answers(Vad(model, rate), bytes(rate * 2) + line + bytes(rate * 2), rate)
        assert not any(heard[:48]), "silence before the sentence was taken for speech"
        assert sum(heard) > 0.4 * len(line) / (rate // 50 * 2)
        assert not any(heard[-25:]), "silence after the sentence was taken for speech"


@pytest.mark.parametrize("rate", [8000, 16000])
def test_silence_and_noise_are_not_speech(model: VadModel, rate: int) -> None:
    noise = np.random.default_rng(7).normal(0, 800, rate * 3).astype("<i2").tobytes()
    hum = (4000 * np.sin(2 * np.pi * 50 * np.arange(rate * 3) / rate)).astype("<i2").tobytes()
    for sound in (bytes(rate * 6), noise, hum):
        heard = answers(Vad(model, rate), sound, rate)
        assert sum(heard) <= 0.02 * len(heard)


class ScriptedModel(VadModel):
    """Answers with the probabilities it was given, and remembers what it was asked."""

    def __init__(self, probabilities: list[float]) -> None:
        self._probabilities = iter(probabilities)
        self.windows: list[Samples] = []

    def probability(self, window: Samples, state: Samples, sample_rate: int) -> tuple[float, Samples]:
        self.windows.append(window)
        return next(self._probabilities), state + 1


def test_speech_begins_above_one_threshold_and_ends_below_a_lower_one() -> None:
    scripted = ScriptedModel([0.45, 0.6, 0.45, 0.3, 0.45])
    vad = Vad(scripted, 8000, VadSettings(start_probability=0.5, stop_probability=0.4))
    windows = [AudioFrame(bytes(512), 8000, 0)] * 5
    assert [vad.is_speech(frame) for frame in windows] == [False, True, True, False, False]


def test_the_network_sees_every_sample_once_after_the_end_of_the_window_before() -> None:
    scripted = ScriptedModel([0.0] * 10)
    sound = np.arange(256 * 5, dtype="<i2")
    answers(Vad(scripted, 8000), sound.tobytes(), 8000)
    assert [len(window[0]) for window in scripted.windows] == [32 + 256] * 5
    seen = np.concatenate([window[0][32:] for window in scripted.windows]) * 32768
    assert np.array_equal(seen, sound)
    assert np.array_equal(scripted.windows[1][0][:32], scripted.windows[0][0][-32:])


def test_a_reset_line_hears_as_a_new_one(model: VadModel) -> None:
    noise = np.random.default_rng(7).normal(0, 3000, 8000).astype("<i2").tobytes()
    vad = Vad(model, 8000)
    answers(vad, noise, 8000)
    first = vad.probability
    vad.reset()
    answers(vad, noise, 8000)
    assert vad.probability == first


def test_a_frame_of_another_rate_is_refused(model: VadModel) -> None:
    with pytest.raises(ValueError, match="8000"):
        Vad(model, 8000).is_speech(AudioFrame(bytes(640), 16000, 0))
    with pytest.raises(ValueError, match="44100"):
        Vad(model, 44100)


def test_a_missing_or_broken_network_is_named(tmp_path: Path) -> None:
    with pytest.raises(VadUnavailable, match="gone.onnx"):
        load_vad(tmp_path / "gone.onnx")
    (tmp_path / "broken.onnx").write_bytes(b"not a network")
    with pytest.raises(VadUnavailable, match="broken.onnx"):
        load_vad(tmp_path / "broken.onnx")
