"""Waveform: how loud both sides of a recording were, small enough to draw."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

HEADER_BYTES = 44
BARS = 600
"""Over the whole recording, for each side."""

_FRAME_BYTES = 4
"""Stereo, 16 bit: the caller's sample, then the bot's."""


@dataclass(frozen=True)
class Waveform:
    """Peaks of both lanes, 0 to 100, and what a picture needs to place a moment in them."""

    caller: list[int]
    bot: list[int]
    duration_ms: int

    def to_json(self) -> dict[str, object]:
        """As the page reads it."""
        return {"caller": self.caller, "bot": self.bot, "duration_ms": self.duration_ms}


def waveform(pieces: Iterable[bytes], size: int) -> Waveform:
    """Peaks of a WAV file of our own (44 bytes of header, stereo, 16 bit) that comes in pieces of any length."""
    frames = max(0, size - HEADER_BYTES) // _FRAME_BYTES
    bars = min(BARS, max(1, frames))
    peaks = np.zeros((2, bars), dtype=np.int32)
    head, rest, done = b"", b"", 0
    for piece in pieces:
        missing = HEADER_BYTES - len(head)
        head += piece[:missing]
        data = rest + piece[missing:]
        whole = len(data) // _FRAME_BYTES * _FRAME_BYTES
        rest = data[whole:]
        samples = np.abs(np.frombuffer(data[:whole], dtype="<i2").astype(np.int32)).reshape(-1, 2)
        places = np.minimum((done + np.arange(len(samples))) * bars // max(1, frames), bars - 1)
        for side in (0, 1):
            np.maximum.at(peaks[side], places, samples[:, side])
        done += len(samples)
    rate = int.from_bytes(head[24:28], "little") or 1
    loud = (peaks * 100 + 32_767) // 32_768
    return Waveform(loud[0].tolist(), loud[1].tolist(), frames * 1000 // rate)
