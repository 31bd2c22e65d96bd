"""Ringback: what a caller in China hears while a person's phone rings: 450 Hz, 1 s on, 4 s off (GB/T 3380)."""

from functools import lru_cache

import numpy as np

from voice.sound.audio import FRAME_MS

_TONE_HZ = 450
_LEVEL = 0.1
_ON_MS, _PERIOD_MS = 1000, 5000


def ringback_frame(number: int, sample_rate: int) -> bytes | None:
    """The ``number``-th 20 ms of the tone, s16le; None in its pauses."""
    at = number * FRAME_MS % _PERIOD_MS
    return _frame(sample_rate) if at < _ON_MS else None


@lru_cache(maxsize=2)
def _frame(sample_rate: int) -> bytes:
    """20 ms hold exactly nine periods of 450 Hz, so that frames join without a click."""
    t = np.arange(sample_rate * FRAME_MS // 1000) / sample_rate
    return (np.sin(2 * np.pi * _TONE_HZ * t) * _LEVEL * 32767).astype("<i2").tobytes()
