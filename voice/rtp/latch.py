"""Latch: symmetric RTP (RFC 4961): answer to where the sound comes from, once, and to nobody else after that."""

import ipaddress
from functools import lru_cache

Place = tuple[str, int]
"""IP address and port."""

SILENT_S = 2.0
"""After this long without a packet another source may take over: a gateway moved, or its port mapping changed."""


class Latch:
    """Which source is the peer, and where our sound goes."""

    def __init__(self) -> None:
        self._declared: Place | None = None
        self._declared_rtcp: Place | None = None
        self._source: Place | None = None
        self.last_heard_s: float | None = None
        """When the peer was last heard, RTP or RTCP."""

    def declare(self, place: Place, rtcp: Place) -> None:
        """What the peer's description says; what was learned before holds only while that does not change."""
        if place != self._declared:
            self._source = None
        self._declared, self._declared_rtcp = place, rtcp

    def accepts(self, source: Place, now_s: float) -> bool:
        """Whether a packet from ``source`` is the peer's; the declared place always is, and takes precedence."""
        if source != self._source:
            silent = self.last_heard_s is None or now_s - self.last_heard_s > SILENT_S
            if self._source is not None and source != self._declared and not silent:
                return False
            self._source = source
        self.last_heard_s = now_s
        return True

    def is_peer(self, source: Place) -> bool:
        """Whether reports from there concern this call: the port may differ, the address may not."""
        hosts = {place[0] for place in (self._source, self._declared, self._declared_rtcp) if place}
        return source[0] in hosts

    def noticed(self, source: Place, now_s: float) -> None:
        """Something else than sound came; it proves only that the peer is there."""
        if self.is_peer(source):
            self.last_heard_s = now_s

    @property
    def target(self) -> Place | None:
        """Where our sound goes."""
        place = self._source or self._declared
        return None if place is None or _is_unspecified(place[0]) else place

    @property
    def rtcp_target(self) -> Place | None:
        """Where our reports go: beside the sound, where that does not come from the declared place."""
        if self._source is None or self._source == self._declared or self._declared_rtcp is None:
            return self._declared_rtcp
        if self._declared_rtcp == self._declared:
            return self._source
        return self._source[0], min(self._source[1] + 1, 65535)


@lru_cache(maxsize=1024)
def _is_unspecified(host: str) -> bool:
    """0.0.0.0 and ::, which old phones declare for hold; asked for with every packet."""
    return ipaddress.ip_address(host).is_unspecified
