"""OutgoingCall: calling a person's phone for a transfer by bridging, until it is answered or given up."""

from voice.sip.dialog import Dialog
from voice.sip.errors import DescriptionInvalid, NotAcceptable, SipInvalid
from voice.sip.events import OutgoingAnswered, OutgoingFailed, OutgoingRinging
from voice.sip.hop import Hop
from voice.sip.leg import SDP, Leg
from voice.sip.leg_host import ALLOW, PRODUCT, SUPPORTED, LegHost
from voice.sip.message import Request, Response
from voice.sip.negotiation import LocalSession
from voice.sip.session_description import SessionDescription


class OutgoingCall:
    """One INVITE of ours. What became of it is told once: OutgoingAnswered or OutgoingFailed."""

    def __init__(
        self,
        host: LegHost,
        target: str,
        caller: str,
        session: LocalSession,
        hop: Hop,
        asserted: str | None = None,
    ) -> None:
        """``target`` is a SIP address, ``caller`` the From header's address without a tag.

        ``asserted`` is the address for whose number the network has vouched (RFC 3325); None: for none.
        """
        self._host = host
        self._target = target
        self._caller = f"{caller};tag={host.token()}"
        self._asserted = asserted
        self._call_id = host.token()
        self._session = session
        self._hop = hop
        self._sequence = 0
        self._cancels = self._cancelled = False
        self._told = False
        self._legs: dict[str, Leg] = {}
        self._asking = host.ask(self._build, hop, self._answered, self._silent)

    def cancel(self) -> None:
        """Nobody is to answer any more."""
        self._cancels = True
        transaction = self._asking.transaction
        if transaction.final:
            return
        if transaction.provisional:
            self._send_cancel()
        # Before any answer a CANCEL could overtake its INVITE (section 9.1): it follows the first answer.
        transaction.abandon()

    def _build(self) -> Request:
        self._sequence += 1
        request = Request("INVITE", self._target)
        request.headers.add("Max-Forwards", "70")
        request.headers.add("From", self._caller)
        request.headers.add("To", f"<{self._target}>")
        request.headers.add("Call-ID", self._call_id)
        request.headers.add("CSeq", f"{self._sequence} INVITE")
        request.headers.add("Contact", self._host.contact(self._hop))
        if self._asserted is not None:
            request.headers.add("P-Asserted-Identity", self._asserted)
        request.headers.add("Allow", ALLOW)
        request.headers.add("Supported", SUPPORTED)
        request.headers.add("User-Agent", PRODUCT)
        request.headers.add("Content-Type", SDP)
        request.body = self._session.offer()
        return request

    def _send_cancel(self) -> None:
        self._cancelled = True
        invite = self._asking.request
        cancel = Request("CANCEL", invite.uri)
        for name in ("Via", "From", "To", "Call-ID", "Max-Forwards"):
            cancel.headers.add(name, invite.headers.first(name) or "")
        cancel.headers.add("CSeq", f"{invite.sequence} CANCEL")
        self._host.ask(lambda: cancel, self._hop, lambda _: None, lambda: None)

    def _answered(self, response: Response) -> None:
        if response.status < 200:
            if self._cancels and not self._cancelled:
                self._send_cancel()
            elif response.status >= 180:
                self._host.tell(OutgoingRinging(self))
        elif response.status >= 300:
            self._fail(response.status)
        else:
            try:
                self._taken(response)
            except SipInvalid:
                self._fail(500)

    def _taken(self, response: Response) -> None:
        """A 200: the first phone to answer gets the caller, any other is hung up (section 13.2.2.4)."""
        tag = response.receiver.tag or ""
        leg = self._legs.get(tag)
        if leg is not None:
            leg.acknowledge(self._asking.request)
            return
        leg = self._legs[tag] = Leg(self._host, Dialog.of_outgoing(self._asking.request, response), self._hop)
        leg.session = self._session
        self._host.established(leg)
        leg.acknowledge(self._asking.request)
        try:
            leg.agreed = self._session.accept(SessionDescription.parse(response.body))
        except (DescriptionInvalid, NotAcceptable):
            leg.hang_up()
            self._fail(488)
            return
        if self._cancels or self._told:
            leg.hang_up()
            self._fail(487)
            return
        self._told = True
        self._host.tell(OutgoingAnswered(self, leg))

    def _silent(self) -> None:
        self._fail(0)

    def _fail(self, status: int) -> None:
        if not self._told:
            self._told = True
            self._host.tell(OutgoingFailed(self, status))
