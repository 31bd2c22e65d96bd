"""Slow speech: longer by the tempo, at the same pitch and loudness."""

import numpy as np
import pytest

from voice.speech.stretching import SLOW, slowed


def tone(hz: int, rate: int, seconds: float) -> bytes:
    return (np.sin(np.arange(int(rate * seconds)) * 2 * np.pi * hz / rate) * 8000).astype("<i2").tobytes()


def samples_of(pcm: bytes) -> np.ndarray:
    return np.frombuffer(pcm, dtype="<i2").astype(float)


@pytest.mark.parametrize("rate", [8000, 16_000])
def test_a_slow_clip_lasts_longer_and_keeps_pitch_and_loudness(rate: int) -> None:
    usual = tone(220, rate, 2.0)
    slow = slowed(usual, rate)
    assert len(slow) == pytest.approx(len(usual) / SLOW, abs=2)
    heard = samples_of(slow)
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert float(np.argmax(spectrum)) * rate / len(heard) == pytest.approx(220, abs=3)
    assert float(np.std(heard)) == pytest.approx(float(np.std(samples_of(usual))), rel=0.1)


def test_silence_stays_silence_and_nothing_stays_nothing() -> None:
    assert not np.any(samples_of(slowed(bytes(16_000), 8000)))
    assert slowed(b"", 8000) == b""
