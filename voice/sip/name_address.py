"""NameAddress: the value of From, To, Contact, Route, P-Asserted-Identity and the like (RFC 3261 section 20.10)."""

from dataclasses import dataclass, replace

from voice.sip.errors import SipInvalid
from voice.sip.quoting import (
    Parameters,
    format_parameters,
    parameter,
    parse_parameters,
    split_outside,
    unquote,
)
from voice.sip.uri import SipUri


@dataclass(frozen=True)
class NameAddress:
    """``"Display name" <uri>;parameters``."""

    uri: SipUri
    name: str = ""
    parameters: Parameters = ()

    @staticmethod
    def parse(text: str) -> "NameAddress":
        """Read one value. Raises SipInvalid."""
        place, *parts = split_outside(text, ";")
        name, angle, rest = place.partition("<") if not place.startswith('"') else _quoted_name(place)
        if not angle:
            # Without brackets everything behind the semicolon belongs to the header, not to the address.
            return NameAddress(SipUri.parse(place), "", parse_parameters(parts))
        uri, closed, behind = rest.partition(">")
        if not closed or behind.strip():
            raise SipInvalid("something stands behind the address")
        return NameAddress(SipUri.parse(uri), unquote(name.strip()), parse_parameters(parts))

    @staticmethod
    def parse_list(values: list[str]) -> "tuple[NameAddress, ...]":
        """Read every value of every field. Raises SipInvalid."""
        return tuple(NameAddress.parse(part) for value in values for part in split_outside(value, ","))

    def parameter(self, name: str) -> str | None:
        """See quoting.parameter."""
        return parameter(self.parameters, name)

    def with_tag(self, tag: str) -> "NameAddress":
        """The same with this tag."""
        others = tuple(item for item in self.parameters if item[0] != "tag")
        return replace(self, parameters=(*others, ("tag", tag)))

    @property
    def tag(self) -> str | None:
        """The dialog's tag of this side."""
        return self.parameter("tag")

    def __str__(self) -> str:
        escaped = self.name.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{escaped}" ' if self.name else ""
        return f"{name}<{self.uri}>{format_parameters(self.parameters)}"


def _quoted_name(place: str) -> tuple[str, str, str]:
    """Cut behind the closing quote: a display name may hold angle brackets."""
    end, escaped = 1, False
    while end < len(place) and (escaped or place[end] != '"'):
        escaped = place[end] == "\\" and not escaped
        end += 1
    name, rest = place[: end + 1], place[end + 1 :].strip()
    if not rest.startswith("<"):
        raise SipInvalid("a quoted name without an address")
    return name, "<", rest[1:]
