"""ReorderBuffer: puts a caller's packets in order and smooths their arrival, 60 ms behind the line."""

from voice.rtp.packet import RtpPacket, after

DEPTH = 3
"""Packets of 20 ms that wait: what comes up to 40 ms late is still played."""

_MOST = 25
"""Half a second; when full the oldest packet is dropped, so that a burst after a stall does not delay the call."""

_RESTART = 500
"""A jump of this many packets is a new stream (a transfer, a restarted sender), not loss."""

_TRIM_AFTER = 50
"""Pulls in a row with more than DEPTH packets waiting, after which one is dropped: the sender's clock is faster."""


class ReorderBuffer:
    """One packet in, one payload out for every 20 ms. Counts nothing: ``Reception`` does."""

    def __init__(self) -> None:
        self._packets: dict[int, RtpPacket] = {}
        self._next: int | None = None
        self._filling = True
        self._ssrc: int | None = None
        self._full_pulls = 0
        self._waited = 0
        self.late = 0
        """Packets that came when their time was over."""
        self.dropped = 0
        """Packets thrown away to catch up."""

    def push(self, packet: RtpPacket) -> None:
        """Take a packet of sound."""
        if packet.ssrc != self._ssrc or (
            self._next is not None and abs(after(packet.sequence, self._next)) > _RESTART
        ):
            self._restart(packet)
        if self._next is not None and after(packet.sequence, self._next) < 0:
            if self._filling:
                self._next = packet.sequence
            else:
                self.late += 1
                return
        self._packets[packet.sequence] = packet
        while len(self._packets) > _MOST:
            self._skip_to_oldest()
            self._packets.pop(self._first(), None)
            self._next = self._first()
            self.dropped += 1

    def pull(self) -> RtpPacket | None:
        """The packet whose turn it is; None where it is missing or nothing was sent."""
        if self._next is None or (self._filling and not self._is_full_enough()):
            return None
        if self._filling:
            # What was lost meanwhile had its time already.
            self._skip_to_oldest()
        self._filling, self._waited = False, 0
        if not self._packets:
            # The sender is silent or late: wait for DEPTH packets again, without counting on.
            self._filling = True
            self._next = (self._next + 1) % 0x10000
            return None
        self._trim()
        assert self._next is not None
        packet = self._packets.pop(self._next, None)
        self._next = (self._next + 1) % 0x10000
        return packet

    def _is_full_enough(self) -> bool:
        """DEPTH packets, or fewer that have waited as long: a short word must not stay in the buffer."""
        self._waited = self._waited + 1 if self._packets else 0
        return len(self._packets) >= DEPTH or self._waited >= DEPTH

    @property
    def waiting(self) -> int:
        """Packets in the buffer."""
        return len(self._packets)

    def _trim(self) -> None:
        self._full_pulls = self._full_pulls + 1 if len(self._packets) > DEPTH else 0
        if self._full_pulls >= _TRIM_AFTER:
            self._full_pulls = 0
            self._packets.pop(self._first(), None)
            self._skip_to_oldest()
            self.dropped += 1

    def _first(self) -> int:
        assert self._next is not None
        base = self._next
        if base in self._packets:
            return base
        return min(self._packets, key=lambda sequence: after(sequence, base), default=base)

    def _skip_to_oldest(self) -> None:
        self._next = self._first()

    def _restart(self, packet: RtpPacket) -> None:
        self._packets.clear()
        self._ssrc, self._next, self._filling, self._full_pulls = packet.ssrc, packet.sequence, True, 0
