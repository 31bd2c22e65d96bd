"""Refresh: our own UPDATE or re-INVITE that keeps a session alive (RFC 4028 section 7.4)."""

from typing import TYPE_CHECKING

from voice.sip.agenda import Appointment
from voice.sip.asking import Asking
from voice.sip.leg_host import SUPPORTED, LegHost
from voice.sip.message import Request, Response

if TYPE_CHECKING:
    from voice.sip.leg import Leg

_AFTER_GLARE_S = 2.1
"""A side that did not choose the Call-ID waits up to 2 s after 491, the other at least 2.1 s (RFC 3261, 14.1)."""


class Refresh:
    """Asked at half the session's interval; the description does not change."""

    def __init__(self, leg: "Leg", host: LegHost) -> None:
        self._leg = leg
        self._host = host
        self._asking: Asking | None = None
        self._later: Appointment | None = None
        self.running = False

    def begin(self) -> None:
        """Ask the peer to confirm that it is still there."""
        self.running = True
        self._asking = self._host.ask(self._build, self._leg.next_hop, self._answered, self._silent)

    def stop(self) -> None:
        """The call is over."""
        self.running = False
        if self._later is not None:
            self._later.cancel()

    def _build(self) -> Request:
        leg = self._leg
        invited = leg.invitation.request if leg.invitation is not None else None
        by_update = invited is not None and "update" in invited.headers.words("Allow")
        request = leg.request("UPDATE" if by_update else "INVITE")
        request.headers.add("Supported", SUPPORTED)
        request.headers.add("Session-Expires", f"{leg.timer.interval_s or 1800};refresher=uac")
        if not by_update and leg.session is not None:
            request.headers.add("Content-Type", "application/sdp")
            request.body = leg.session.again()
        return request

    def _answered(self, response: Response) -> None:
        leg = self._leg
        if response.status < 200:
            return
        if self._asking is not None and response.sequence_method == "INVITE" and response.status < 300:
            leg.acknowledge(self._asking.request)
        if not self.running:
            return
        self.running = False
        if response.status < 300:
            leg.timer.granted_by(response)
            if response.body:
                leg.take_refreshed(response)
        elif response.status == 491:
            self._later = self._host.agenda.after(_AFTER_GLARE_S, self.begin)
        elif response.status in (408, 481):
            leg.end("peer_silent")
        else:
            # Refused, but alive: the next half interval asks again.
            leg.timer.granted_by(response)

    def _silent(self) -> None:
        if self.running:
            self._leg.end("peer_silent")
