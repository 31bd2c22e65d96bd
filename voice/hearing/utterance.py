"""Utterance: the sound of one turn, collected at the line's rate and handed on at 16 kHz."""

import numpy as np
from numpy.typing import NDArray

from voice.sound.audio import BYTES_PER_SAMPLE, AudioFrame
from voice.sound.resampling import Resampler

SAMPLE_RATE = 16_000
"""Hertz that recognisers work at."""

LONGEST_S = 120
"""Seconds kept of one utterance; what is said after them is not heard (the endpointer ends turns long before)."""

_QUIETEST_PEAK = 64
"""Samples that never exceed this (-54 dBFS) are an open line, not a voice."""

_PAUSE_WINDOW_S = 0.2


class UtteranceBuffer:
    """Collects frames. Not shared between threads."""

    def __init__(self, sample_rate: int) -> None:
        self._resampler = Resampler(sample_rate, SAMPLE_RATE)
        self._pieces: list[bytes] = []
        self._size = 0

    def push(self, frame: AudioFrame) -> None:
        """Take the next frame."""
        if frame.sample_rate != self._resampler.from_hz:
            raise ValueError(
                f"this line runs at {self._resampler.from_hz} Hz, the frame at {frame.sample_rate} Hz"
            )
        if self._size < LONGEST_S * SAMPLE_RATE * BYTES_PER_SAMPLE:
            self._add(self._resampler.push(frame.pcm))

    def samples(self) -> NDArray[np.float32] | None:
        """Return all sound so far (16 kHz, -1..1), or None where there is only silence."""
        self._add(self._resampler.flush())
        return _as_samples(self._pieces)

    def so_far(self) -> NDArray[np.float32] | None:
        """As ``samples``, while more is to come: the last 2 ms are still in the resampler."""
        return _as_samples(self._pieces)

    def clear(self) -> None:
        """Forget the sound."""
        self._pieces.clear()
        self._size = 0

    def _add(self, pcm: bytes) -> None:
        self._pieces.append(pcm)
        self._size += len(pcm)


def _as_samples(pieces: list[bytes]) -> NDArray[np.float32] | None:
    sound = np.frombuffer(b"".join(pieces), dtype="<i2")
    if len(sound) == 0 or max(abs(int(sound.max())), abs(int(sound.min()))) <= _QUIETEST_PEAK:
        return None
    return sound.astype(np.float32) / 32768.0


def split_at_pauses(samples: NDArray[np.float32], longest_s: float) -> list[NDArray[np.float32]]:
    """Cut sound longer than ``longest_s`` at the quietest moment of the last third of each piece."""
    longest, window = int(longest_s * SAMPLE_RATE), int(_PAUSE_WINDOW_S * SAMPLE_RATE)
    pieces = []
    while len(samples) > longest:
        first = longest * 2 // 3
        energy = np.cumsum(np.square(samples[first:longest], dtype=np.float64))
        cut = first + int(np.argmin(energy[window:] - energy[:-window])) + window // 2
        pieces.append(samples[:cut])
        samples = samples[cut:]
    return [*pieces, samples]
