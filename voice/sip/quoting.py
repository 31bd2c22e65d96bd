"""Quoting: cutting header values at separators that stand outside of quotes and angle brackets."""

from voice.sip.errors import SipInvalid


def split_outside(value: str, separator: str) -> list[str]:
    """Cut at ``separator`` outside of ``"..."`` and ``<...>``; linear in the length. Raises SipInvalid."""
    parts, start, quoted, angled, escaped = [], 0, False, False, False
    for position, character in enumerate(value):
        if escaped:
            escaped = False
        elif quoted:
            escaped = character == "\\"
            quoted = character != '"'
        elif character == '"':
            quoted = True
        elif character == "<":
            angled = True
        elif character == ">":
            angled = False
        elif character == separator and not angled:
            parts.append(value[start:position].strip())
            start = position + 1
    if quoted or angled:
        raise SipInvalid("a quote or an angle bracket is not closed")
    return [*parts, value[start:].strip()]


def unquote(value: str) -> str:
    """The text of a quoted string (RFC 3261 section 25.1); anything else as it is."""
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return value
    text, escaped = [], False
    for character in value[1:-1]:
        if not escaped and character == "\\":
            escaped = True
        else:
            text.append(character)
            escaped = False
    return "".join(text)


Parameters = tuple[tuple[str, str | None], ...]
"""``;name=value`` and ``;name``, names in lower case, in order."""


def parse_parameters(parts: list[str]) -> Parameters:
    """Read what stood between semicolons. Raises SipInvalid."""
    parameters: list[tuple[str, str | None]] = []
    for part in parts:
        name, equals, value = part.partition("=")
        if not name.strip():
            raise SipInvalid("a parameter has no name")
        parameters.append((name.strip().lower(), value.strip() if equals else None))
    return tuple(parameters)


def format_parameters(parameters: Parameters) -> str:
    """Write them as they were read."""
    return "".join(f";{name}" if value is None else f";{name}={value}" for name, value in parameters)


def parameter(parameters: Parameters, name: str) -> str | None:
    """The value of the first parameter of that name; "" when it has none; None when it is not there."""
    return next((value or "" for known, value in parameters if known == name), None)
