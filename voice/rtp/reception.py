"""Reception: how well a peer's packets arrive: loss and jitter (RFC 3550 appendices A.3 and A.8)."""

from voice.rtp.packet import RtpPacket, after
from voice.rtp.rtcp import ReportBlock

CLOCK_HZ = 8000


class Reception:
    """Counts one peer's stream; a new SSRC starts anew and keeps the totals of the old one."""

    def __init__(self) -> None:
        self.received = 0
        """Packets, all streams together."""
        self.duplicated = 0
        self.jitter = 0.0
        """Timestamp units; see ``jitter_ms``."""
        self._ssrc: int | None = None
        self._base = self._highest = 0
        self._cycles = 0
        self._stream_received = 0
        self._lost_before = 0
        self._transit: float | None = None
        self._recent: dict[int, None] = {}
        self._expected_at_report = self._received_at_report = 0

    def push(self, packet: RtpPacket, now_s: float) -> bool:
        """Count a packet that arrived at ``now_s``; False for one that came twice."""
        if packet.ssrc != self._ssrc:
            self._begin(packet)
        elif packet.sequence in self._recent:
            self.duplicated += 1
            return False
        self._remember(packet.sequence)
        self.received += 1
        self._stream_received += 1
        step = after(packet.sequence, self._highest)
        if step > 0:
            if packet.sequence < self._highest:
                self._cycles += 0x10000
            self._highest = packet.sequence
        self._measure_jitter(packet, now_s)
        return True

    @property
    def lost(self) -> int:
        """Packets that never came, so far."""
        return self._lost_before + self._lost_of_stream

    @property
    def jitter_ms(self) -> float:
        """Smoothed difference in transit time."""
        return self.jitter / CLOCK_HZ * 1000

    def report(self, last_sr: int, since_sr: float) -> ReportBlock | None:
        """A reception report since the last one (section 6.4.1); None before the first packet.

        ``last_sr``: middle 32 bits of the peer's last NTP time, ``since_sr``: seconds since it came.
        """
        if self._ssrc is None:
            return None
        expected = self._expected
        interval = expected - self._expected_at_report
        got = self._stream_received - self._received_at_report
        self._expected_at_report, self._received_at_report = expected, self._stream_received
        fraction = max(0, min(255, ((interval - got) << 8) // interval)) if interval > 0 else 0
        return ReportBlock(
            ssrc=self._ssrc,
            fraction_lost=fraction,
            lost=min(self._lost_of_stream, 0x7FFFFF),
            highest=(self._cycles + self._highest) & 0xFFFFFFFF,
            jitter=int(self.jitter) & 0xFFFFFFFF,
            last_sr=last_sr,
            since_sr=int(since_sr * 65536) & 0xFFFFFFFF if last_sr else 0,
        )

    @property
    def _expected(self) -> int:
        return 0 if self._ssrc is None else self._cycles + self._highest - self._base + 1

    @property
    def _lost_of_stream(self) -> int:
        return max(0, self._expected - self._stream_received)

    def _begin(self, packet: RtpPacket) -> None:
        self._lost_before += self._lost_of_stream
        self._ssrc = packet.ssrc
        self._base = self._highest = packet.sequence
        self._cycles = self._stream_received = 0
        self._expected_at_report = self._received_at_report = 0
        self._transit = None
        self._recent.clear()

    def _remember(self, sequence: int) -> None:
        self._recent[sequence] = None
        if len(self._recent) > 128:
            del self._recent[next(iter(self._recent))]

    def _measure_jitter(self, packet: RtpPacket, now_s: float) -> None:
        transit = now_s * CLOCK_HZ - packet.timestamp
        if self._transit is not None:
            # Across the wrap of the timestamp the difference is off by 2**32.
            difference = abs((transit - self._transit + 2**31) % 2**32 - 2**31)
            if difference < 10 * CLOCK_HZ:
                self.jitter += (difference - self.jitter) / 16
        self._transit = transit
