"""Dialog: what both sides remember of a call between its requests (RFC 3261 section 12)."""

from dataclasses import dataclass

from voice.sip.errors import SipInvalid
from voice.sip.message import Request, Response
from voice.sip.name_address import NameAddress
from voice.sip.uri import SipUri


@dataclass
class Dialog:
    """Tags, sequence numbers, the peer's address and the proxies on the way."""

    call_id: str
    local: NameAddress
    """Our From or To, with our tag."""
    remote: NameAddress
    target: SipUri
    """The peer's Contact."""
    route: tuple[NameAddress, ...]
    local_sequence: int
    remote_sequence: int

    @staticmethod
    def of_incoming(request: Request, tag: str) -> "Dialog":
        """We are asked. Raises SipInvalid."""
        return Dialog(
            call_id=request.call_id,
            local=request.receiver.with_tag(tag),
            remote=request.sender,
            target=contact_of(request) or request.sender.uri,
            route=NameAddress.parse_list(request.headers.all("Record-Route")),
            local_sequence=0,
            remote_sequence=request.sequence,
        )

    @staticmethod
    def of_outgoing(request: Request, response: Response) -> "Dialog":
        """We asked; the route is the other way round. Raises SipInvalid."""
        return Dialog(
            call_id=request.call_id,
            local=request.sender,
            remote=response.receiver,
            target=contact_of(response) or SipUri.parse(request.uri),
            route=NameAddress.parse_list(response.headers.all("Record-Route"))[::-1],
            local_sequence=request.sequence,
            remote_sequence=0,
        )

    def request(self, method: str, sequence: int | None = None) -> Request:
        """A request within the dialog; ``sequence`` is given for ACK, which shares its INVITE's (12.2.1.1)."""
        if sequence is None:
            self.local_sequence += 1
            sequence = self.local_sequence
        uri, route = str(self.target), list(self.route)
        if route and route[0].uri.parameter("lr") is None:
            # A strict router wants its own address as the request's, and the target as the last of the way.
            uri, route = str(route[0].uri), [*route[1:], NameAddress(self.target)]
        request = Request(method, uri)
        for hop in route:
            request.headers.add("Route", str(hop))
        request.headers.add("Max-Forwards", "70")
        request.headers.add("From", str(self.local))
        request.headers.add("To", str(self.remote))
        request.headers.add("Call-ID", self.call_id)
        request.headers.add("CSeq", f"{sequence} {method}")
        return request

    @property
    def next_hop(self) -> SipUri:
        """Where requests go first."""
        return self.route[0].uri if self.route else self.target

    def belongs(self, request: Request) -> bool:
        """Whether a request has this dialog's tags."""
        return request.sender.tag == self.remote.tag and request.receiver.tag == self.local.tag

    def refresh_target(self, request: Request | Response) -> None:
        """A re-INVITE or UPDATE may bring another Contact (section 12.2.2). Raises SipInvalid."""
        self.target = contact_of(request) or self.target


def contact_of(message: Request | Response) -> SipUri | None:
    """The address of Contact, or None. Raises SipInvalid."""
    values = message.headers.all("Contact")
    if not values:
        return None
    contacts = NameAddress.parse_list(values)
    if contacts[0].uri.scheme == "tel":
        raise SipInvalid("a Contact that cannot be reached")
    return contacts[0].uri
