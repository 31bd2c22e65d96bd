"""AudioSocket frames: one byte of type, two of length, the payload (Asterisk's res_audiosocket)."""

import struct
from dataclasses import dataclass

HANG_UP, UUID, KEY, SOUND_8K, SOUND_16K, ERROR = 0x00, 0x01, 0x03, 0x10, 0x12, 0xFF

SOUND_HZ = {SOUND_8K: 8000, SOUND_16K: 16000}
"""s16le mono; the types between and beyond are other rates, which nobody sends unasked."""

_HEADER = struct.Struct("!BH")
UUID_BYTES = 16
_LONGEST_SOUND = 16_000
"""Bytes: half a second at 16 kHz; a longer frame is no telephone's."""


class AudioSocketInvalid(Exception):
    """The stream is no AudioSocket (code ``audiosocket_invalid``): the connection is closed."""

    code = "audiosocket_invalid"


@dataclass(frozen=True)
class Frame:
    """One frame."""

    kind: int
    payload: bytes = b""

    def to_bytes(self) -> bytes:
        """As it goes over the wire."""
        return _HEADER.pack(self.kind, len(self.payload)) + self.payload


class FrameReader:
    """Cuts a stream into frames. Unknown types are passed on: Asterisk may have new ones."""

    def __init__(self) -> None:
        self._buffer = b""

    def push(self, data: bytes) -> list[Frame]:
        """Add bytes; return the frames that they complete. Raises AudioSocketInvalid."""
        self._buffer += data
        frames, at = [], 0
        # Cut once at the end: a copy for every frame would take the square of many small ones.
        while len(self._buffer) - at >= _HEADER.size:
            kind, length = _HEADER.unpack_from(self._buffer, at)
            _check(kind, length)
            end = at + _HEADER.size + length
            if len(self._buffer) < end:
                break
            frames.append(Frame(kind, self._buffer[at + _HEADER.size : end]))
            at = end
        self._buffer = self._buffer[at:]
        return frames


def _check(kind: int, length: int) -> None:
    """What cannot be right is refused by its header, before its bytes are waited for."""
    if kind == UUID and length != UUID_BYTES:
        raise AudioSocketInvalid("a UUID is 16 bytes")
    if length > _LONGEST_SOUND or (kind in SOUND_HZ and length % 2):
        raise AudioSocketInvalid("not whole samples, or too many of them")
