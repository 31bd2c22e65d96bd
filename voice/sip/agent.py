"""UserAgent: the whole endpoint without sockets: messages and time go in, messages and events come out."""

from collections import deque
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from voice.line.admission import Refusal
from voice.sip.access import Access
from voice.sip.agenda import Agenda
from voice.sip.asking import Asking
from voice.sip.dialog import Dialog
from voice.sip.digest import Credentials
from voice.sip.errors import SipInvalid
from voice.sip.events import AgentEvent, CallOffered
from voice.sip.hop import Hop
from voice.sip.leg import SDP, Leg
from voice.sip.message import Request, Response, SipMessage, parse_message
from voice.sip.responses import response_to
from voice.sip.routing import first_via_seen, server_key, way_back
from voice.sip.transactions import ClientTransaction, ServerTransaction, Timing
from voice.sip.uri import DEFAULT_PORT, SipUri, format_host_port
from voice.sip.via import COOKIE, Via

USER = "shoudai"

_UNDERSTOOD_OPTIONS = {"timer"}
_KNOWN_METHODS = {"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "INFO", "UPDATE", "NOTIFY"}


Key = TypeVar("Key")


class Surroundings(Protocol):
    """What the agent must ask the outside for."""

    def local_place(self, hop: Hop) -> tuple[str, int]:
        """Our address and SIP port as the peer at ``hop`` reaches them."""
        ...

    def refusal(self) -> Refusal | None:
        """Why no call can be taken now, or None."""
        ...

    def token(self) -> str:
        """Random, unguessable, of letters and digits."""
        ...


class UserAgent:
    """Implements LegHost. ``outgoing`` and ``events`` are to be emptied after every call of a method."""

    def __init__(
        self,
        surroundings: Surroundings,
        access: Access,
        agenda: Agenda,
        credentials: Credentials | None = None,
        timing: Timing = Timing(),
    ) -> None:
        self.agenda = agenda
        self.timing = timing
        self.access = access
        self.outgoing: deque[tuple[bytes, Hop]] = deque()
        self.events: deque[AgentEvent] = deque()
        self._surroundings = surroundings
        self._credentials = credentials
        self._servers: dict[tuple[str, ...], ServerTransaction] = {}
        self._clients: dict[tuple[str, str], ClientTransaction] = {}
        self._legs: dict[tuple[str, str], Leg] = {}
        """By Call-ID and our own tag."""

    # -- in --------------------------------------------------------------------------------------------------

    def receive(self, data: bytes, hop: Hop) -> None:
        """Take one message from the network. Nothing that a peer sends makes this raise."""
        known = self.access.knows(hop.host)
        if not known and not self.access.answers_stranger():
            return
        try:
            message = parse_message(data)
            if isinstance(message, Request):
                self._take_request(message, hop, known)
            elif known:
                message.check()
                self._take_response(message)
        except SipInvalid:
            self.access.count("malformed")

    def unreachable(self, hop: Hop) -> None:
        """No connection could be made to there: what was asked is not answered."""
        for transaction in [one for one in self._clients.values() if one.hop == hop]:
            transaction.unreachable()

    def advance(self, now: float) -> None:
        """It is ``now``: repeat what was not answered, give up what is too late."""
        self.agenda.advance(now)

    @property
    def legs(self) -> list[Leg]:
        """Calls that are not over."""
        return list(self._legs.values())

    def _take_request(self, request: Request, hop: Hop, known: bool) -> None:
        request.headers.replace_first("Via", first_via_seen(request, hop))
        try:
            request.check()
            if request.sequence_method != request.method:
                raise SipInvalid("CSeq names another method")
        except SipInvalid:
            if known and request.method != "ACK":
                self.send(response_to(request, 400), way_back(request, hop))
            raise
        if not known:
            if request.method != "ACK":
                self.send(response_to(request, 403, self.token()), way_back(request, hop))
            return
        key = server_key(request, request.method)
        transaction = self._servers.get(key)
        if request.method == "ACK":
            self._take_ack(request, self._servers.get(server_key(request, "INVITE")))
        elif transaction is not None:
            transaction.repeat()
        else:
            transaction = ServerTransaction(
                request,
                way_back(request, hop),
                self.send,
                self.agenda,
                self.timing,
                lambda _: self._forget(self._servers, key),
            )
            self._servers[key] = transaction
            self._route(request, hop, transaction)

    def _route(self, request: Request, hop: Hop, transaction: ServerTransaction) -> None:
        """A request that was not seen before."""
        if request.method == "CANCEL":
            self._take_cancel(request, transaction)
            return
        unknown = request.headers.words("Require") - _UNDERSTOOD_OPTIONS
        tag = request.receiver.tag
        if unknown:
            transaction.respond(
                response_to(request, 420, self.token(), Unsupported=", ".join(sorted(unknown)))
            )
        elif tag is not None:
            leg = self._legs.get((request.call_id, tag))
            if leg is None or not leg.dialog.belongs(request):
                transaction.respond(response_to(request, 481))
            else:
                leg.receive(request, transaction)
        elif request.method == "INVITE":
            self._take_invite(request, hop, transaction)
        elif request.method == "OPTIONS":
            transaction.respond(self._options_response(request))
        else:
            status = 405 if request.method not in _KNOWN_METHODS else 481
            transaction.respond(response_to(request, status, self.token()))

    def _take_invite(self, request: Request, hop: Hop, transaction: ServerTransaction) -> None:
        transaction.respond(response_to(request, 100))
        refusal = None
        if any(self._is_same_call(leg, request) for leg in self._legs.values()):
            # The same INVITE by two ways: one is answered, the other told so (section 8.2.2.2).
            transaction.respond(response_to(request, 482, self.token()))
            return
        if self.access.too_many_invites():
            refusal = Refusal(503, "too_many_invites", retry_after_s=5)
        else:
            refusal = self._surroundings.refusal()
            if refusal is not None:
                self.access.count(refusal.why)
        if refusal is not None:
            after = {"Retry_After": str(refusal.retry_after_s)} if refusal.retry_after_s else {}
            transaction.respond(response_to(request, refusal.status, self.token(), **after))
            return
        tag = self.token()
        leg = Leg(self, Dialog.of_incoming(request, tag), hop, transaction)
        self._legs[request.call_id, tag] = leg
        self.tell(CallOffered(leg))

    @staticmethod
    def _is_same_call(leg: Leg, request: Request) -> bool:
        if leg.invitation is None or leg.dialog.call_id != request.call_id:
            return False
        first = leg.invitation.request
        return first.sequence == request.sequence and first.sender.tag == request.sender.tag

    def _take_cancel(self, request: Request, transaction: ServerTransaction) -> None:
        invited = self._servers.get(server_key(request, "INVITE"))
        if invited is None:
            transaction.respond(response_to(request, 481, self.token()))
            return
        leg = next((leg for leg in self._legs.values() if leg.invitation is invited), None)
        transaction.respond(
            response_to(request, 200, (leg.dialog.local.tag if leg else None) or self.token())
        )
        if leg is not None:
            leg.cancelled()

    def _take_ack(self, request: Request, refused: ServerTransaction | None) -> None:
        leg = self._legs.get((request.call_id, request.receiver.tag or ""))
        if refused is not None and refused.answered:
            refused.acknowledge()
        if leg is not None and leg.dialog.belongs(request):
            leg.acknowledged(request)

    def _take_response(self, response: Response) -> None:
        transaction = self._clients.get((response.via.branch, response.sequence_method))
        if transaction is not None:
            transaction.hear(response)

    @staticmethod
    def _forget(transactions: dict[Key, Any], key: Key) -> None:
        transactions.pop(key, None)

    def _options_response(self, request: Request) -> Response:
        refusal = self._surroundings.refusal()
        if refusal is None:
            return response_to(request, 200, self.token(), Accept=SDP)
        # Exchanges ask by OPTIONS whether we can be given calls.
        after = {"Retry_After": str(refusal.retry_after_s)} if refusal.retry_after_s else {}
        return response_to(request, refusal.status, self.token(), **after)

    # -- LegHost ---------------------------------------------------------------------------------------------

    def send(self, message: SipMessage, hop: Hop) -> None:
        """Put a message on the wire; a request of ours gets its Via."""
        if isinstance(message, Request) and message.headers.first("Via") is None:
            host, port = self._surroundings.local_place(hop)
            branch = COOKIE + self.token()
            via = Via(hop.transport, host, port, (("branch", branch), ("rport", None)))
            message.headers.add_first("Via", str(via))
        self.outgoing.append((message.to_bytes(), hop))

    def ask(
        self,
        build: Callable[[], Request],
        hop: Hop,
        on_response: Callable[[Response], None],
        on_silence: Callable[[], None],
    ) -> Asking:
        """Send a request; see LegHost."""

        def start(request: Request, hear: Callable[[Response], None]) -> ClientTransaction:
            if request.headers.first("Via") is None:
                host, port = self._surroundings.local_place(hop)
                via = Via(hop.transport, host, port, (("branch", COOKIE + self.token()), ("rport", None)))
                request.headers.add_first("Via", str(via))
            key = (request.via.branch, request.method)
            transaction = ClientTransaction(
                request,
                hop,
                self.send,
                self.agenda,
                self.timing,
                hear,
                on_silence,
                lambda _: self._forget(self._clients, key),
            )
            self._clients[key] = transaction
            transaction.begin()
            return transaction

        return Asking(build, start, self._credentials, self.token, on_response)

    def tell(self, event: AgentEvent) -> None:
        """Let the shell know."""
        self.events.append(event)

    def contact(self, hop: Hop) -> str:
        """Our address for the peer at ``hop``."""
        host, port = self._surroundings.local_place(hop)
        transport = ";transport=tcp" if hop.reliable else ""
        return f"<sip:{USER}@{format_host_port(host, port)}{transport}>"

    def local_host(self, hop: Hop) -> str:
        """Our address alone."""
        return self._surroundings.local_place(hop)[0]

    def hop_for(self, uri: SipUri, known: Hop) -> Hop:
        """The address in ``uri`` where it is one of a listed peer, otherwise where the peer's messages come from.

        So nobody can have us send to a third party, and a Contact with a private address does no harm.
        """
        transport = (uri.parameter("transport") or "udp").upper()
        if transport != known.transport or not self.access.peers.allows(uri.host):
            return known
        return Hop(transport, uri.host, uri.port or DEFAULT_PORT, known.connection)

    def token(self) -> str:
        """Random, unguessable."""
        return self._surroundings.token()

    def established(self, leg: Leg) -> None:
        """Route the requests of a leg that we began."""
        self._legs[leg.dialog.call_id, leg.dialog.local.tag or ""] = leg

    def leg_over(self, leg: Leg) -> None:
        """Forget it."""
        self._legs.pop((leg.dialog.call_id, leg.dialog.local.tag or ""), None)
