"""Leg: one call with one peer, from its INVITE to its BYE."""

from collections.abc import Callable
from enum import Enum

from voice.sip.dialog import Dialog
from voice.sip.errors import DescriptionInvalid, NotAcceptable, SipInvalid
from voice.sip.events import CallEstablished, CallOver, KeyPressed, MediaChanged, ReferralEnded
from voice.sip.final_answer import FinalAnswer
from voice.sip.hop import Hop
from voice.sip.keys import TYPES as KEY_TYPES
from voice.sip.keys import key_of
from voice.sip.leg_host import LegHost
from voice.sip.message import Request, Response
from voice.sip.negotiation import Agreed, LocalSession
from voice.sip.referral import Referral
from voice.sip.refresh import Refresh
from voice.sip.responses import response_to
from voice.sip.session_description import SessionDescription
from voice.sip.session_timer import MIN_S, SessionTimer, interval_of
from voice.sip.transactions import ServerTransaction

SDP = "application/sdp"


class LegState(str, Enum):
    """How far a call has come."""

    OFFERED = "offered"
    ANSWERED = "answered"
    """Our 200 waits for its ACK."""
    ESTABLISHED = "established"
    OVER = "over"


class Leg:
    """One call. A peer's requests come in by ``receive``; ours go out by the host."""

    def __init__(
        self,
        host: LegHost,
        dialog: Dialog,
        hop: Hop,
        invitation: ServerTransaction | None = None,
    ) -> None:
        """``invitation`` is the peer's INVITE; None for a call of our own, which is established at once."""
        self._host = host
        self.dialog = dialog
        self.hop = hop
        self.invitation = invitation
        self.state = LegState.ESTABLISHED if invitation is None else LegState.OFFERED
        self.session: LocalSession | None = None
        self.agreed: Agreed | None = None
        self._final: FinalAnswer | None = None
        self._referral: Referral | None = None
        self._hangs_up = False
        self.timer = SessionTimer(host.agenda, self._refresh, self._expired)
        self._refreshing = Refresh(self, host)
        self._receivers: dict[str, Callable[[Request, ServerTransaction], None]] = {
            "BYE": self._bye,
            "INVITE": self._invited_again,
            "UPDATE": self._updated,
            "INFO": self._informed,
            "NOTIFY": self._notified,
            "OPTIONS": self._asked_for_options,
        }

    # -- our side --------------------------------------------------------------------------------------------

    def ring(self) -> None:
        """180: the call is being prepared."""
        self._respond_to_invitation(180)

    def answer(self, session: LocalSession) -> None:
        """Take the call with this description of ours; ends as ``not_acceptable`` where there is no common codec."""
        if self.state is not LegState.OFFERED:
            return
        assert self.invitation is not None
        self.session = session
        if self._accept_invitation(self.invitation):
            self.state = LegState.ANSWERED

    def reject(self, status: int, **fields: str) -> None:
        """Do not take the call."""
        if self.state is LegState.OFFERED:
            self._respond_to_invitation(status, **fields)
            self.end("rejected")

    def hang_up(self) -> None:
        """End the call from our side, whatever its state."""
        if self.state is LegState.OFFERED:
            self.reject(480)
        elif self.state is LegState.ANSWERED:
            # A BYE must not overtake the peer's ACK (section 15).
            self._hangs_up = True
        elif self.state is LegState.ESTABLISHED:
            self._say_bye("hung_up")

    def refer(self, target: str, referred_by: str) -> None:
        """Ask the peer to connect the caller with ``target`` (a SIP address); ReferralEnded tells how it went."""

        def build() -> Request:
            request = self.request("REFER")
            request.headers.add("Refer-To", f"<{target}>")
            request.headers.add("Referred-By", referred_by)
            return request

        def ended(accepted: bool, status: int) -> None:
            self._host.tell(ReferralEnded(self, accepted, status))

        referral = self._referral = Referral(self._host.agenda, ended)
        self._host.ask(build, self.next_hop, referral.answered, referral.silent)

    def request(self, method: str) -> Request:
        """A request within the call, with our Contact."""
        request = self.dialog.request(method)
        request.headers.add("Contact", self._host.contact(self.hop))
        return request

    @property
    def next_hop(self) -> Hop:
        """Where requests of this call go."""
        return self._host.hop_for(self.dialog.next_hop, self.hop)

    def acknowledge(self, invite: Request) -> None:
        """Send the ACK of the 200 to an INVITE of ours, with the same credentials (section 13.2.2.4)."""
        ack = self.dialog.request("ACK", invite.sequence)
        for name in ("Authorization", "Proxy-Authorization"):
            for value in invite.headers.all(name):
                ack.headers.add(name, value)
        self._host.send(ack, self.next_hop)

    def take_refreshed(self, response: Response) -> None:
        """The answer to our refresh may bring another address or codec."""
        if self._take_answer(response):
            self._host.tell(MediaChanged(self))

    def end(self, reason: str) -> None:
        """The call is over; nothing more is sent for it."""
        if self.state is LegState.OVER:
            return
        self.state = LegState.OVER
        self.timer.stop()
        self._refreshing.stop()
        if self._final is not None:
            self._final.stop()
        if self._referral is not None:
            self._referral.peer_hung_up() if reason == "bye" else self._referral.silent()
        self._host.leg_over(self)
        self._host.tell(CallOver(self, reason))

    # -- the peer's side -------------------------------------------------------------------------------------

    def receive(self, request: Request, transaction: ServerTransaction) -> None:
        """A request within the call, not ACK or CANCEL."""
        if request.sequence < self.dialog.remote_sequence:
            transaction.respond(response_to(request, 500))
            return
        self.dialog.remote_sequence = request.sequence
        receiver = self._receivers.get(request.method)
        if receiver is None:
            transaction.respond(response_to(request, 405))
        else:
            receiver(request, transaction)

    def cancelled(self) -> None:
        """CANCEL came before we answered."""
        if self.state is LegState.OFFERED:
            self._respond_to_invitation(487)
            self.end("cancelled")

    def acknowledged(self, ack: Request) -> None:
        """The ACK of a 200 came; where the INVITE had no offer it brings the answer to ours."""
        final = self._final
        if final is None or final.acknowledged or ack.sequence != final.sequence:
            return
        final.acknowledge()
        if final.awaits_description and not self._take_answer(ack):
            self._say_bye("not_acceptable")
            return
        first = self.state is LegState.ANSWERED
        if first:
            self.state = LegState.ESTABLISHED
        if self._hangs_up:
            self._say_bye("hung_up")
        elif first:
            self._host.tell(CallEstablished(self))
        elif final.awaits_description:
            self._host.tell(MediaChanged(self))

    def _bye(self, request: Request, transaction: ServerTransaction) -> None:
        transaction.respond(response_to(request, 200))
        if self.state is LegState.OFFERED:
            self._respond_to_invitation(487)
        self.end("bye")

    def _invited_again(self, request: Request, transaction: ServerTransaction) -> None:
        if self.state is not LegState.ESTABLISHED or self._refreshing.running:
            # Two INVITEs must not cross (section 14.2); an unacknowledged one of the peer's must end first.
            status = 491 if self.state is LegState.ESTABLISHED else 500
            transaction.respond(response_to(request, status, Retry_After="1"))
        elif self._accept_invitation(transaction) and request.body:
            self._host.tell(MediaChanged(self))

    def _updated(self, request: Request, transaction: ServerTransaction) -> None:
        """UPDATE (RFC 3311): a refresh of the session, or another offer, without ACK."""
        if self.state is not LegState.ESTABLISHED or self._refreshing.running:
            transaction.respond(response_to(request, 491))
            return
        response = self._description_response(request)
        transaction.respond(response)
        if response.status == 200 and request.body:
            self._host.tell(MediaChanged(self))

    def _informed(self, request: Request, transaction: ServerTransaction) -> None:
        if request.body and request.content_type not in KEY_TYPES:
            transaction.respond(response_to(request, 415, Accept=", ".join(KEY_TYPES)))
            return
        transaction.respond(response_to(request, 200))
        key = key_of(request)
        if key is not None and self.state is LegState.ESTABLISHED:
            self._host.tell(KeyPressed(self, key))

    def _notified(self, request: Request, transaction: ServerTransaction) -> None:
        event = (request.headers.first("Event") or "").partition(";")[0].strip().lower()
        if event != "refer" or self._referral is None:
            transaction.respond(response_to(request, 489, Allow_Events="refer"))
            return
        transaction.respond(response_to(request, 200))
        self._referral.notified(request)

    def _asked_for_options(self, request: Request, transaction: ServerTransaction) -> None:
        transaction.respond(response_to(request, 200, Accept=SDP))

    # -- offer and answer ------------------------------------------------------------------------------------

    def _accept_invitation(self, transaction: ServerTransaction) -> bool:
        """Answer an INVITE with 200, again and again until its ACK; False when it was refused instead."""
        request = transaction.request
        response = self._description_response(request)
        if response.status != 200:
            transaction.respond(response)
            if self.state is LegState.OFFERED:
                self.end("not_acceptable")
            return False
        self._final = FinalAnswer(
            transaction,
            response,
            self._host.agenda,
            self._host.timing,
            lambda: self._say_bye("not_acknowledged"),
            awaits_description=not request.body,
        )
        return True

    def _description_response(self, request: Request) -> Response:
        """The answer to INVITE or UPDATE: 200 with our description, or a refusal that leaves all as it was."""
        assert self.session is not None
        asked = interval_of(request)
        if asked is not None and asked[0] < MIN_S and "timer" in request.headers.words("Supported"):
            return response_to(request, 422, self._tag, Min_SE=str(MIN_S))
        if request.body and request.content_type not in (SDP, ""):
            return response_to(request, 415, self._tag, Accept=SDP)
        body = b""
        try:
            if request.body:
                self.agreed, body = self.session.answer(SessionDescription.parse(request.body))
            elif request.method == "INVITE":
                body = self.session.offer()
            self.dialog.refresh_target(request)
        except NotAcceptable:
            return response_to(request, 488, self._tag)
        except (DescriptionInvalid, SipInvalid):
            return response_to(request, 400, self._tag)
        response = response_to(request, 200, self._tag, **self.timer.asked_by(request))
        response.headers.add("Contact", self._host.contact(self.hop))
        if body:
            response.headers.add("Content-Type", SDP)
            response.body = body
        return response

    def _take_answer(self, message: Request | Response) -> bool:
        assert self.session is not None
        try:
            self.agreed = self.session.accept(SessionDescription.parse(message.body))
        except (DescriptionInvalid, NotAcceptable):
            return False
        return True

    # -- ends ------------------------------------------------------------------------------------------------

    @property
    def _tag(self) -> str:
        return self.dialog.local.tag or ""

    def _respond_to_invitation(self, status: int, **fields: str) -> None:
        if self.invitation is not None:
            contact = {"Contact": self._host.contact(self.hop)} if status < 200 else {}
            response = response_to(self.invitation.request, status, self._tag, **contact, **fields)
            self.invitation.respond(response)

    def _say_bye(self, reason: str) -> None:
        if self.state is LegState.OVER:
            return
        self._host.ask(lambda: self.request("BYE"), self.next_hop, lambda _: None, lambda: None)
        self.end(reason)

    def _refresh(self) -> None:
        self._refreshing.begin()

    def _expired(self) -> None:
        self._say_bye("session_expired")
