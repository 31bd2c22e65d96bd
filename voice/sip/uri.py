"""SipUri: the address of somebody or something (RFC 3261 section 19.1, RFC 3966 for tel)."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from voice.sip.errors import SipInvalid
from voice.sip.quoting import Parameters, format_parameters, parameter, parse_parameters

DEFAULT_PORT = 5060

_HOST_PORT = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,255})(?::([0-9]{1,5}))?")
"""Underscores are not in the RFC's grammar but in the names of containers and Windows hosts."""


@dataclass(frozen=True)
class SipUri:
    """``sip:user@host:port;parameters?headers``, or ``tel:number``."""

    scheme: str
    """``sip``, ``sips`` or ``tel``."""
    user: str | None
    """As it is written, escapes and password included."""
    host: str
    """Name or address, an IPv6 address without its brackets; empty for ``tel``."""
    port: int | None = None
    parameters: Parameters = ()
    headers: str = ""
    """What follows ``?``, as it is written."""

    @staticmethod
    def parse(text: str) -> "SipUri":
        """Raises SipInvalid."""
        scheme, colon, rest = text.strip().partition(":")
        scheme = scheme.lower()
        if not colon or scheme not in ("sip", "sips", "tel") or any(c in rest for c in ' <>"\r\n\t'):
            raise SipInvalid("not a SIP or tel address")
        rest, _, headers = rest.partition("?")
        if scheme == "tel":
            number, *parts = rest.split(";")
            if not number:
                raise SipInvalid("a tel address without a number")
            return SipUri("tel", number, "", None, parse_parameters(parts))
        user, at, rest = rest.rpartition("@")
        place, *parts = rest.split(";")
        host, port = parse_host_port(place)
        return SipUri(scheme, user if at else None, host, port, parse_parameters(parts), headers)

    def parameter(self, name: str) -> str | None:
        """See quoting.parameter."""
        return parameter(self.parameters, name)

    @property
    def number(self) -> str:
        """The user part without escapes, password and user parameters: a phone number, if it is one."""
        return unquote(re.split(r"[:;]", self.user or "", maxsplit=1)[0])

    def __str__(self) -> str:
        if self.scheme == "tel":
            return f"tel:{self.user}{format_parameters(self.parameters)}"
        user = "" if self.user is None else f"{self.user}@"
        query = f"?{self.headers}" if self.headers else ""
        place = format_host_port(self.host, self.port)
        return f"{self.scheme}:{user}{place}{format_parameters(self.parameters)}{query}"


def parse_host_port(text: str) -> tuple[str, int | None]:
    """``host``, ``host:port`` or ``[v6]:port``. Raises SipInvalid."""
    found = _HOST_PORT.fullmatch(text.strip())
    if found is None:
        raise SipInvalid("not a host")
    host, port = found[1].strip("[]"), int(found[2]) if found[2] else None
    if port is not None and not 0 < port < 65536:
        raise SipInvalid("no such port")
    return host, port


def format_host_port(host: str, port: int | None) -> str:
    """Brackets around an IPv6 address."""
    name = f"[{host}]" if ":" in host else host
    return name if port is None else f"{name}:{port}"
