"""Telephone line: what a narrow-band line leaves of wideband speech (300-3400 Hz, G.711 A-law)."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from voice.sound.g711 import SAMPLE_RATE, decode_alaw, encode_alaw
from voice.sound.resampling import resample

_LOW_HZ, _HIGH_HZ = 300, 3400
"""Pass band of a telephone channel (ITU-T G.712)."""

_TAPS = 257


def telephone_quality(pcm: bytes, sample_rate: int) -> bytes:
    """Return s16le mono PCM at 8000 Hz as the far end of a telephone line hears it."""
    narrow = np.frombuffer(resample(pcm, sample_rate, SAMPLE_RATE), dtype="<i2").astype(np.float64)
    if len(narrow) == 0:
        return b""
    passed = np.convolve(narrow, band_pass(), mode="same")[: len(narrow)]
    samples: bytes = np.clip(passed.round(), -32768, 32767).astype("<i2").tobytes()
    return decode_alaw(encode_alaw(samples))


@lru_cache(maxsize=1)
def band_pass() -> NDArray[np.float64]:
    """A linear-phase FIR band pass: the difference of two Hamming-windowed sinc low-passes."""
    n = np.arange(_TAPS) - (_TAPS - 1) / 2

    def low_pass(cut_hz: float) -> NDArray[np.float64]:
        ratio = cut_hz / SAMPLE_RATE
        taps: NDArray[np.float64] = 2 * ratio * np.sinc(2 * ratio * n) * np.hamming(_TAPS)
        normalised: NDArray[np.float64] = taps / taps.sum()
        return normalised

    taps: NDArray[np.float64] = low_pass(_HIGH_HZ) - low_pass(_LOW_HZ)
    return taps
