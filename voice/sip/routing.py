"""Routing: telling transactions apart, and the way back of an answer."""

import hashlib

from voice.sip.errors import SipInvalid
from voice.sip.hop import Hop
from voice.sip.message import Request
from voice.sip.uri import DEFAULT_PORT
from voice.sip.via import COOKIE, Via


def first_via_seen(request: Request, hop: Hop) -> str:
    """The topmost field with where the request came from; other values of the same field are kept behind it."""
    value = request.headers.first("Via")
    if value is None:
        raise SipInvalid("no Via")
    seen = str(Via.parse(value).seen_from(hop.host, hop.port))
    rest = value.partition(",")[2]
    return f"{seen},{rest}" if rest else seen


def way_back(request: Request, hop: Hop) -> Hop:
    """Where answers go (RFC 3261 section 18.2.2, RFC 3581)."""
    via = request.via
    if hop.reliable or via.wants_source_port:
        return hop
    return Hop(hop.transport, hop.host, via.port or DEFAULT_PORT)


def server_key(request: Request, method: str) -> tuple[str, ...]:
    """Section 17.2.3; a sender without branches of the new kind is told apart by the request itself."""
    via = request.via
    if via.branch.startswith(COOKIE):
        return (via.branch, via.sent_by, method)
    parts = [request.call_id, str(request.sequence), request.sender.tag or "", via.sent_by]
    return (hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest(), method)
