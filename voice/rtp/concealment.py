"""Concealment: what a caller's listener hears where a packet is missing: the last sound again, fading out."""

import audioop

from voice.sound.audio import BYTES_PER_SAMPLE

_FADE = (0.8, 0.5, 0.2)
"""Gain of the first, second and third missing frame in a row; silence after 60 ms (G.711 Appendix I does the same)."""


class Concealment:
    """Keeps the last good frame."""

    def __init__(self, frame_bytes: int) -> None:
        self._frame_bytes = frame_bytes
        self._last = bytes(frame_bytes)
        self._missing = 0

    def good(self, pcm: bytes) -> bytes:
        """A frame came; it is returned at frame length."""
        self._last = pcm[: self._frame_bytes].ljust(self._frame_bytes, b"\0")
        self._missing = 0
        return self._last

    def missing(self) -> bytes:
        """A frame did not come."""
        if self._missing >= len(_FADE):
            return bytes(self._frame_bytes)
        gain = _FADE[self._missing]
        self._missing += 1
        return audioop.mul(self._last, BYTES_PER_SAMPLE, gain)
