"""RtpPacket: one datagram of sound or of a key (RFC 3550 section 5.1)."""

import struct
from dataclasses import dataclass

_HEADER = struct.Struct("!BBHII")


class RtpInvalid(Exception):
    """A datagram that is not RTP, RTCP or a telephone event (code ``rtp_invalid``). It never leaves the line."""

    code = "rtp_invalid"


@dataclass(frozen=True)
class RtpPacket:
    """Header fields that matter, and the payload without padding."""

    payload_type: int
    sequence: int
    """0..65535"""
    timestamp: int
    """Sampling instants at 8000 Hz, modulo 2**32."""
    ssrc: int
    payload: bytes
    marker: bool = False

    def to_bytes(self) -> bytes:
        """The datagram."""
        second = self.payload_type | (0x80 if self.marker else 0)
        return _HEADER.pack(0x80, second, self.sequence, self.timestamp, self.ssrc) + self.payload


def parse_packet(data: bytes) -> RtpPacket:
    """Read a datagram. Raises RtpInvalid."""
    if len(data) < _HEADER.size:
        raise RtpInvalid("shorter than a header")
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
    if first >> 6 != 2:
        raise RtpInvalid("not version 2")
    start = _HEADER.size + 4 * (first & 0x0F)
    if first & 0x10:
        if len(data) < start + 4:
            raise RtpInvalid("the extension is cut off")
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    end = len(data)
    if first & 0x20:
        padding = data[-1]
        if padding == 0:
            raise RtpInvalid("padding of no length")
        end -= padding
    if start > end:
        raise RtpInvalid("no room for a payload")
    return RtpPacket(second & 0x7F, sequence, timestamp, ssrc, data[start:end], bool(second & 0x80))


def is_rtcp(data: bytes) -> bool:
    """Whether a datagram on a shared port is RTCP (RFC 5761 section 4)."""
    return len(data) >= 2 and 192 <= data[1] <= 223


def after(sequence: int, other: int) -> int:
    """How far ``sequence`` lies after ``other``, -32768..32767, across the wrap."""
    return (sequence - other + 0x8000) % 0x10000 - 0x8000
