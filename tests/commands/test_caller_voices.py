"""Recordings of callers, composed of several utterances."""

from pathlib import Path

import numpy as np
import pytest

from commands import caller_voices
from commands.caller_voices import Utterance, caller_says, kokoro_missing, record, with_noise
from voice.sound.wav import read_wav
from voice.speech.synthesizer_kokoro import BOT_VOICES


@pytest.fixture
def one_second_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every utterance is one second of the same loud value."""

    def says(text: str, voice: str = "", line: str = "8k") -> bytes:
        return b"\x10\x27" * caller_voices.LINES_HZ[line]

    monkeypatch.setattr(caller_voices, "caller_says", says)


@pytest.mark.usefixtures("one_second_each")
def test_each_utterance_lies_where_the_recording_says() -> None:
    recording = record(
        [Utterance("一", after_ms=500), "二", Utterance("三", after_ms=0)], end_silence_ms=2000
    )
    assert [(part.start_ms, part.end_ms) for part in recording.spoken] == [
        (500, 1500),
        (2500, 3500),
        (3500, 4500),
    ]
    samples = np.frombuffer(recording.pcm, dtype="<i2")
    assert len(samples) == 6.5 * 8000
    for part in recording.spoken:
        assert np.all(samples[part.start_sample : part.end_sample] == 10_000)
    assert np.count_nonzero(samples) == 3 * 8000


@pytest.mark.usefixtures("one_second_each")
def test_a_saved_recording_is_read_back_with_its_rate(tmp_path: Path) -> None:
    recording = record(["一"], line="16k")
    assert read_wav(recording.save(tmp_path / "caller.wav")) == (recording.pcm, 16_000)


@pytest.mark.usefixtures("one_second_each")
def test_noise_lies_over_the_silences_too() -> None:
    samples = np.frombuffer(record(["一"], noise_rms=0.01).pcm, dtype="<i2")
    assert np.std(samples[:8000]) == pytest.approx(0.01 * 32768, rel=0.05)


def test_the_same_noise_comes_again() -> None:
    assert with_noise(bytes(1000), 0.1) == with_noise(bytes(1000), 0.1)


def test_no_caller_speaks_with_the_bots_voice() -> None:
    assert not {caller_voices.MAN, caller_voices.WOMAN} & set(BOT_VOICES)


@pytest.mark.skipif(kokoro_missing() is not None, reason=str(kokoro_missing()))
def test_a_caller_on_the_telephone_has_no_treble() -> None:
    sound = np.frombuffer(caller_says("是的。"), dtype="<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / 8000)
    assert spectrum[hertz > 3700].sum() < 0.001 * spectrum.sum()
    assert np.abs(sound).max() > 2000
