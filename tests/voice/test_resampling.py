"""Resampling keeps speech, drops aliases and loses no sample of a stream."""

import numpy as np
import pytest

from voice.sound.resampling import Resampler, resample


def tone(hz: float, rate: int, seconds: float = 1.0) -> bytes:
    time = np.arange(int(rate * seconds)) / rate
    return bytes((10_000 * np.sin(2 * np.pi * hz * time)).astype("<i2").tobytes())


def level(pcm: bytes) -> float:
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float64)
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    return float(np.sqrt(np.mean(middle**2)))


@pytest.mark.parametrize(("from_hz", "to_hz"), [(8000, 16000), (16000, 8000), (24000, 8000), (48000, 16000)])
def test_a_tone_in_the_band_keeps_its_level_and_length(from_hz: int, to_hz: int) -> None:
    out = resample(tone(1000, from_hz), from_hz, to_hz)
    assert abs(len(out) // 2 - to_hz) <= to_hz // 100
    assert level(out) == pytest.approx(level(tone(1000, to_hz)), rel=0.02)


def test_a_tone_above_the_new_band_does_not_fold_into_it() -> None:
    assert level(resample(tone(6000, 16000), 16000, 8000)) < 20


def test_a_stream_in_20_ms_frames_equals_the_whole_recording_at_once() -> None:
    pcm = tone(700, 24000)
    resampler = Resampler(24000, 8000)
    pieces = [resampler.push(pcm[at : at + 960]) for at in range(0, len(pcm), 960)]
    assert b"".join(pieces) + resampler.flush() == resample(pcm, 24000, 8000)


def test_half_a_sample_waits_for_its_other_half() -> None:
    pcm = tone(700, 16000)
    resampler = Resampler(16000, 8000)
    pieces = [resampler.push(pcm[at : at + 333]) for at in range(0, len(pcm), 333)]
    assert b"".join(pieces) + resampler.flush() == resample(pcm, 16000, 8000)


def test_the_same_rate_passes_through_unchanged() -> None:
    pcm = tone(440, 8000)
    assert resample(pcm, 8000, 8000) == pcm


def test_a_flushed_resampler_serves_another_stream() -> None:
    pcm = tone(440, 16000)
    resampler = Resampler(16000, 8000)
    first = resampler.push(pcm) + resampler.flush()
    assert resampler.push(pcm) + resampler.flush() == first


def test_nothing_in_gives_nothing_out() -> None:
    assert resample(b"", 8000, 16000) == b""
