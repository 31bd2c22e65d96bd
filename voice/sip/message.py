"""SipMessage: requests and responses, read from bytes and written to bytes (RFC 3261 section 7)."""

import re
from dataclasses import dataclass, field

from voice.sip.errors import SipInvalid
from voice.sip.headers import Headers
from voice.sip.name_address import NameAddress
from voice.sip.via import Via

MAX_MESSAGE_BYTES = 65_535
"""The largest datagram; more is not SIP either when it comes by TCP."""

_MAX_FIELDS = 256
_MAX_FIELD_CHARACTERS = 8192
_METHOD = re.compile(r"[A-Za-z0-9.!%*_+`'~-]{1,32}")
_FIELD = re.compile(r"([A-Za-z0-9.!%*_+`'~-]{1,64})[ \t]*:(.*)", re.DOTALL)
_CSEQ = re.compile(r"([0-9]{1,10})\s+(\S+)")
_STATUS = re.compile(r"SIP/2\.0 ([1-6][0-9]{2})(?: (.*))?")

REASONS = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    202: "Accepted",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    415: "Unsupported Media Type",
    420: "Bad Extension",
    422: "Session Interval Too Small",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    482: "Loop Detected",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    489: "Bad Event",
    491: "Request Pending",
    500: "Server Internal Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    603: "Decline",
}


@dataclass
class SipMessage:
    """What requests and responses share. Texts keep bytes that are not UTF-8 (some exchanges send GBK names)."""

    headers: Headers = field(default_factory=Headers, kw_only=True)
    body: bytes = field(default=b"", kw_only=True)

    @property
    def call_id(self) -> str:
        """The call that all its messages share."""
        return self.headers.first("Call-ID") or ""

    @property
    def sequence(self) -> int:
        """The number of CSeq."""
        return self._cseq()[0]

    @property
    def sequence_method(self) -> str:
        """The method of CSeq."""
        return self._cseq()[1]

    @property
    def sender(self) -> NameAddress:
        """From. Raises SipInvalid."""
        return NameAddress.parse(self._needed("From"))

    @property
    def receiver(self) -> NameAddress:
        """To. Raises SipInvalid."""
        return NameAddress.parse(self._needed("To"))

    @property
    def via(self) -> Via:
        """The topmost Via. Raises SipInvalid."""
        return Via.parse(self._needed("Via"))

    @property
    def content_type(self) -> str:
        """Without parameters, in lower case."""
        return (self.headers.first("Content-Type") or "").partition(";")[0].strip().lower()

    def check(self) -> None:
        """See that what every message needs is there and readable. Raises SipInvalid."""
        if not self.call_id:
            raise SipInvalid("no Call-ID")
        for readable in (self.sender, self.receiver, self.via, self._cseq()):
            assert readable

    def _needed(self, name: str) -> str:
        value = self.headers.first(name)
        if value is None:
            raise SipInvalid(f"no {name}")
        return value

    def _cseq(self) -> tuple[int, str]:
        found = _CSEQ.fullmatch(self._needed("CSeq"))
        if found is None or int(found[1]) >= 2**31:
            raise SipInvalid("not a CSeq")
        return int(found[1]), found[2]

    def _first_line(self) -> str:
        raise NotImplementedError

    def to_bytes(self) -> bytes:
        """The message as it goes over the wire."""
        self.headers.put("Content-Length", str(len(self.body)))
        head = "\r\n".join([self._first_line(), *self.headers.lines(), "", ""])
        return head.encode("utf-8", "surrogateescape") + self.body


@dataclass
class Request(SipMessage):
    """Something is asked."""

    method: str
    uri: str
    """Request-URI as it is written."""

    def _first_line(self) -> str:
        return f"{self.method} {self.uri} SIP/2.0"


@dataclass
class Response(SipMessage):
    """Something is answered."""

    status: int
    reason: str = ""

    def _first_line(self) -> str:
        return f"SIP/2.0 {self.status} {self.reason or REASONS.get(self.status, 'Unknown')}"


def parse_message(data: bytes) -> Request | Response:
    """Read one whole message; its header fields are checked by ``check``. Raises SipInvalid."""
    if len(data) > MAX_MESSAGE_BYTES:
        raise SipInvalid("too large")
    head, blank, body = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not blank:
        head, blank, body = data.lstrip(b"\r\n").partition(b"\n\n")
    if not blank:
        raise SipInvalid("no end of the header")
    if b"\0" in head:
        raise SipInvalid("a zero byte in the header")
    first, *lines = _unfolded(head.decode("utf-8", "surrogateescape"))
    headers = Headers(_field(line) for line in lines)
    body = _cut(body, headers.first("Content-Length"))
    found = _STATUS.fullmatch(first.strip())
    if found is not None:
        return Response(int(found[1]), found[2] or "", headers=headers, body=body)
    parts = first.split()
    if len(parts) != 3 or parts[2] != "SIP/2.0" or not _METHOD.fullmatch(parts[0]):
        raise SipInvalid("neither request nor response")
    return Request(parts[0], parts[1], headers=headers, body=body)


def _unfolded(head: str) -> list[str]:
    """The header's lines; one that begins with a blank goes on with the line before (section 7.3.1)."""
    lines: list[str] = []
    for line in re.split(r"\r?\n", head):
        if line[:1] in (" ", "\t") and len(lines) > 1:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line.rstrip("\r"))
    if len(lines) > _MAX_FIELDS:
        raise SipInvalid("too many header fields")
    return lines


def _field(line: str) -> tuple[str, str]:
    found = _FIELD.fullmatch(line)
    if found is None or "\r" in line or len(line) > _MAX_FIELD_CHARACTERS:
        raise SipInvalid("not a header field")
    return found[1], found[2].strip()


def _cut(body: bytes, length: str | None) -> bytes:
    """What Content-Length says; a datagram may have trailing bytes, but never too few (section 18.3)."""
    if length is None:
        return body
    if not re.fullmatch(r"[0-9]{1,7}", length) or int(length) > len(body):
        raise SipInvalid("Content-Length is wrong")
    return body[: int(length)]
