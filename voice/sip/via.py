"""Via: one hop of a message's way; the answers go back along them (RFC 3261 section 20.42, RFC 3581)."""

import re
from dataclasses import dataclass, replace

from voice.sip.errors import SipInvalid
from voice.sip.quoting import Parameters, format_parameters, parameter, parse_parameters, split_outside
from voice.sip.uri import DEFAULT_PORT, format_host_port, parse_host_port

_SENT = re.compile(r"SIP\s*/\s*2\.0\s*/\s*([A-Za-z]{2,12})\s+(\S.*)", re.IGNORECASE | re.DOTALL)

COOKIE = "z9hG4bK"
"""Begins every branch that is unique for its transaction (RFC 3261 section 8.1.1.7)."""


@dataclass(frozen=True)
class Via:
    """Who sent the message, by which transport."""

    transport: str
    """``UDP`` or ``TCP``."""
    host: str
    port: int | None
    parameters: Parameters = ()

    @staticmethod
    def parse(text: str) -> "Via":
        """Read the first value of a field. Raises SipInvalid."""
        place, *parts = split_outside(split_outside(text, ",")[0], ";")
        found = _SENT.fullmatch(place)
        if found is None:
            raise SipInvalid("not a Via")
        host, port = parse_host_port(_joined(found[2]))
        return Via(found[1].upper(), host, port, parse_parameters(parts))

    @property
    def branch(self) -> str:
        """The transaction's id; empty where the sender gave none (RFC 2543)."""
        return parameter(self.parameters, "branch") or ""

    @property
    def sent_by(self) -> str:
        """Host and port of the sender as it names itself."""
        return format_host_port(self.host.lower(), self.port or DEFAULT_PORT)

    @property
    def wants_source_port(self) -> bool:
        """Answers go to the port that the request came from (RFC 3581 ``rport``)."""
        return parameter(self.parameters, "rport") is not None

    def seen_from(self, host: str, port: int) -> "Via":
        """The same with where the request really came from."""
        kept = tuple(item for item in self.parameters if item[0] not in ("received", "rport"))
        rport = (("rport", str(port)),) if self.wants_source_port else ()
        received = (("received", host),) if rport or host != self.host else ()
        return replace(self, parameters=(*kept, *rport, *received))

    def __str__(self) -> str:
        place = format_host_port(self.host, self.port)
        return f"SIP/2.0/{self.transport} {place}{format_parameters(self.parameters)}"


def _joined(place: str) -> str:
    """Host and port; older senders put blanks around the colon."""
    if "[" in place:
        return place
    host, colon, port = place.partition(":")
    return f"{host.strip()}{colon}{port.strip()}"
