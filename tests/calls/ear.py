"""Ear: plays what comes by RTP as a plain telephone does, from RFC 3550; it shares nothing with the bot's end."""

import audioop
import struct

_DEPTH = 3
_FRAME_BYTES = 320
_SILENCE = bytes(_FRAME_BYTES)


class Ear:
    """Puts packets in order, 60 ms behind the line; what is missing is silent."""

    def __init__(self) -> None:
        self._waiting: dict[int, bytes] = {}
        self._next: int | None = None

    def push(self, packet: bytes) -> None:
        """Take a datagram of G.711 A-law; anything else is passed over."""
        if len(packet) < 12 or packet[1] & 0x7F != 8:
            return
        (sequence,) = struct.unpack_from("!H", packet, 2)
        late = self._next is not None and (sequence - self._next) % 65536 > 32768
        if not late:
            self._waiting[sequence] = audioop.alaw2lin(packet[12:], 2)

    def pull(self) -> bytes:
        """The next 20 ms, s16le at 8 kHz."""
        if self._next is None:
            if len(self._waiting) < _DEPTH:
                return _SILENCE
            self._next = self._oldest(next(iter(self._waiting)))
        elif len(self._waiting) > 2 * _DEPTH and self._next not in self._waiting:
            self._next = self._oldest(self._next)
        elif not self._waiting:
            # The other end is late, and its packets are still to come: wait for them.
            return _SILENCE
        sound = self._waiting.pop(self._next, _SILENCE)
        self._next = (self._next + 1) % 65536
        return sound

    def _oldest(self, near: int) -> int:
        """The earliest that waits, sequence numbers counted from ``near`` across the wrap."""
        return min(self._waiting, key=lambda sequence: (sequence - near + 32768) % 65536)
