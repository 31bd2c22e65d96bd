"""Reporting: our RTCP reports and what the peer's say of us (RFC 3550 section 6.4)."""

import time

from voice.rtp.packet import RtpPacket
from voice.rtp.reception import CLOCK_HZ, Reception
from voice.rtp.rtcp import Report, SenderInfo, build_report, parse_reports

INTERVAL_S = 5.0
"""Between reports (section 6.2); two parties need no longer one."""


class Reporting:
    """Counts what we sent and remembers what the peer said."""

    def __init__(self, ssrc: int, cname: str, reception: Reception) -> None:
        self.ssrc = ssrc
        self._cname = cname
        self._reception = reception
        self._octets = 0
        self._timestamp = 0
        self._last_sr = 0
        self._last_sr_at_s = 0.0
        self._next_s: float | None = None
        self.packets_sent = 0
        self.peer_lost = 0
        self.peer_jitter_ms = 0.0
        self.round_trip_ms = 0.0

    def sent(self, packet: RtpPacket) -> None:
        """Count a packet of ours."""
        self.packets_sent += 1
        self._octets += len(packet.payload)
        self._timestamp = packet.timestamp

    def receive(self, data: bytes, now_s: float) -> None:
        """Read a peer's reports. Raises RtpInvalid."""
        for report in parse_reports(data):
            if report.sender is not None:
                self._last_sr, self._last_sr_at_s = report.sender.compact_ntp, now_s
            for block in report.blocks:
                if block.ssrc != self.ssrc:
                    continue
                self.peer_lost = max(0, block.lost)
                self.peer_jitter_ms = block.jitter / CLOCK_HZ * 1000
                if block.last_sr:
                    round_trip = _compact(time.time()) - block.last_sr - block.since_sr
                    self.round_trip_ms = round_trip % 2**32 / 65.536 if round_trip > 0 else 0.0

    def due(self, now_s: float) -> bytes | None:
        """A report, every five seconds."""
        if self._next_s is None:
            self._next_s = now_s + INTERVAL_S
        if now_s < self._next_s:
            return None
        self._next_s = now_s + INTERVAL_S
        return self.report(now_s)

    def report(self, now_s: float, *, goodbye: bool = False) -> bytes:
        """A sender report once we have sent something, else a receiver report."""
        block = self._reception.report(self._last_sr, now_s - self._last_sr_at_s)
        sender = None
        if self.packets_sent:
            sender = SenderInfo(time.time(), self._timestamp, self.packets_sent, self._octets)
        blocks = () if block is None else (block,)
        return build_report(Report(self.ssrc, sender, blocks), self._cname, goodbye=goodbye)


def _compact(unix_s: float) -> int:
    return SenderInfo(unix_s, 0, 0, 0).compact_ntp
