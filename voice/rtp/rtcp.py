"""Rtcp: reports on how the sound arrives, both ways (RFC 3550 section 6)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from voice.rtp.packet import RtpInvalid

SENDER_REPORT, RECEIVER_REPORT, DESCRIPTION, GOODBYE = 200, 201, 202, 203
NTP_EPOCH_S = 2_208_988_800
"""From 1900 to 1970."""

_HEADER = struct.Struct("!BBHI")
_SENDER = struct.Struct("!IIIII")
_BLOCK = struct.Struct("!IIIIII")


@dataclass(frozen=True)
class ReportBlock:
    """How one stream arrives."""

    ssrc: int
    fraction_lost: int
    """Of 256, since the report before."""
    lost: int
    """Packets, since the beginning."""
    highest: int
    jitter: int
    """Timestamp units."""
    last_sr: int
    since_sr: int
    """1/65536 s."""


@dataclass(frozen=True)
class SenderInfo:
    """What a sender says of itself."""

    ntp_s: float
    """Seconds since 1970."""
    timestamp: int
    packets: int
    octets: int

    @property
    def compact_ntp(self) -> int:
        """The middle 32 bits of the NTP time, which reports refer to."""
        return int((self.ntp_s + NTP_EPOCH_S) * 65536) & 0xFFFFFFFF


@dataclass(frozen=True)
class Report:
    """A sender or receiver report."""

    ssrc: int
    sender: SenderInfo | None
    blocks: tuple[ReportBlock, ...]


def build_report(report: Report, cname: str, *, goodbye: bool = False) -> bytes:
    """A compound packet: the report, who we are, and perhaps our leave."""
    kind = RECEIVER_REPORT if report.sender is None else SENDER_REPORT
    body = b""
    if report.sender is not None:
        ntp = report.sender.ntp_s + NTP_EPOCH_S
        whole = int(ntp)
        fraction = int((ntp - whole) * 2**32)
        sent = report.sender
        body += _SENDER.pack(
            whole & 0xFFFFFFFF, fraction, sent.timestamp, sent.packets & 0xFFFFFFFF, sent.octets & 0xFFFFFFFF
        )
    for block in report.blocks:
        loss = block.fraction_lost << 24 | block.lost & 0xFFFFFF
        body += _BLOCK.pack(block.ssrc, loss, block.highest, block.jitter, block.last_sr, block.since_sr)
    name = cname.encode()[:255]
    chunk = struct.pack("!BB", 1, len(name)) + name + b"\0"
    chunk += bytes(-len(chunk) % 4)
    packets = _packet(kind, len(report.blocks), report.ssrc, body) + _packet(
        DESCRIPTION, 1, report.ssrc, chunk
    )
    return packets + (_packet(GOODBYE, 1, report.ssrc, b"") if goodbye else b"")


def parse_reports(data: bytes) -> list[Report]:
    """The reports of a compound packet; other kinds are skipped. Raises RtpInvalid."""
    reports = []
    for kind, count, ssrc, body in _packets(data):
        if kind not in (SENDER_REPORT, RECEIVER_REPORT):
            continue
        sender, at = None, 0
        if kind == SENDER_REPORT:
            if len(body) < _SENDER.size:
                raise RtpInvalid("a sender report is cut off")
            whole, fraction, timestamp, packets, octets = _SENDER.unpack_from(body)
            ntp_s = whole - NTP_EPOCH_S + fraction / 2**32
            sender, at = SenderInfo(ntp_s, timestamp, packets, octets), _SENDER.size
        if len(body) < at + count * _BLOCK.size:
            raise RtpInvalid("a report block is cut off")
        blocks = tuple(_block(body, at + number * _BLOCK.size) for number in range(count))
        reports.append(Report(ssrc, sender, blocks))
    return reports


def says_goodbye(data: bytes) -> bool:
    """Whether the peer leaves. Raises RtpInvalid."""
    return any(kind == GOODBYE for kind, _, _, _ in _packets(data))


def _block(body: bytes, at: int) -> ReportBlock:
    ssrc, loss, highest, jitter, last_sr, since_sr = _BLOCK.unpack_from(body, at)
    lost = loss & 0xFFFFFF
    # Duplicates can make the count negative.
    lost = lost - 0x1000000 if lost & 0x800000 else lost
    return ReportBlock(ssrc, loss >> 24, lost, highest, jitter, last_sr, since_sr)


def _packet(kind: int, count: int, ssrc: int, body: bytes) -> bytes:
    return _HEADER.pack(0x80 | count, kind, 1 + len(body) // 4, ssrc) + body


def _packets(data: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    while data:
        if len(data) < _HEADER.size:
            raise RtpInvalid("RTCP is cut off")
        first, kind, words, ssrc = _HEADER.unpack_from(data)
        length = 4 + 4 * words
        if first >> 6 != 2 or length > len(data) or length < _HEADER.size:
            raise RtpInvalid("not RTCP")
        yield kind, first & 0x1F, ssrc, data[_HEADER.size : length]
        data = data[length:]
