"""TelephoneEvents: keys in RTP (RFC 4733): many packets a key, one Dtmf out."""

import struct

from voice.rtp.packet import RtpInvalid, RtpPacket

_PAYLOAD = struct.Struct("!BBH")
_KEYS = "0123456789*#"
_REMEMBERED = 16


class KeyReader:
    """Reports each key once, at its first packet: a lost end must not lose the key, and nobody waits for it."""

    def __init__(self) -> None:
        self._seen: list[int] = []

    def push(self, packet: RtpPacket) -> str | None:
        """The key that begins with this packet; None for its repetitions and for events that are no keys.

        All packets of one key share a timestamp (section 2.5.1.2). Raises RtpInvalid.
        """
        if len(packet.payload) < _PAYLOAD.size:
            raise RtpInvalid("a telephone event is four bytes")
        event, _, _ = _PAYLOAD.unpack_from(packet.payload)
        if event >= len(_KEYS) or packet.timestamp in self._seen:
            return None
        self._seen = [*self._seen[1 - _REMEMBERED :], packet.timestamp]
        return _KEYS[event]


def event_payload(key: str, duration: int, end: bool) -> bytes:
    """A telephone event; ``duration`` in timestamp units (1/8000 s)."""
    return _PAYLOAD.pack(_KEYS.index(key), (0x80 if end else 0) | 10, min(duration, 0xFFFF))
