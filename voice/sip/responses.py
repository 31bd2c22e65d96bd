"""Responses: building the answer to a request (RFC 3261 section 8.2.6)."""

from voice.sip.errors import SipInvalid
from voice.sip.leg_host import ALLOW, PRODUCT, SUPPORTED
from voice.sip.message import Request, Response


def response_to(request: Request, status: int, tag: str = "", **fields: str) -> Response:
    """An answer with what must be copied; ``fields`` are further header fields, _ for -."""
    response = Response(status)
    for name in ("Via", "From", "To", "Call-ID", "CSeq"):
        for value in request.headers.all(name):
            response.headers.add(name, value)
    if 100 < status < 300:
        for value in request.headers.all("Record-Route"):
            response.headers.add("Record-Route", value)
    if tag:
        _add_tag(request, response, tag)
    if status == 405 or 200 <= status < 300:
        response.headers.add("Allow", ALLOW)
    if 200 <= status < 300:
        response.headers.add("Supported", SUPPORTED)
    response.headers.add("User-Agent" if status < 300 else "Server", PRODUCT)
    for name, value in fields.items():
        response.headers.put(name.replace("_", "-"), value)
    return response


def _add_tag(request: Request, response: Response, tag: str) -> None:
    try:
        if request.receiver.tag is None:
            response.headers.replace_first("To", str(request.receiver.with_tag(tag)))
    except SipInvalid:
        # An answer to something malformed: its To stays as it came.
        return
