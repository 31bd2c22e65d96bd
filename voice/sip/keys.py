"""Keys by INFO: the two body types in use, neither of them a standard of the IETF."""

import re

from voice.sip.message import Request

TYPES = ("application/dtmf-relay", "application/dtmf")
_SIGNAL = re.compile(rb"^[ \t]*Signal[ \t]*=[ \t]*([0-9A-D*#]{1,2})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
"""Blanks only: ``\\s`` would run on over empty lines, from every line anew."""
_NUMBERED = {"10": "*", "11": "#"}
KEYS = frozenset("0123456789*#")


def key_of(request: Request) -> str | None:
    """The key of an INFO, or None where it holds none."""
    found = _SIGNAL.search(request.body) if request.content_type == TYPES[0] else None
    text = found[1].decode() if found is not None else request.body.strip()[:3].decode("ascii", "replace")
    key = _NUMBERED.get(text, text)
    return key if key in KEYS else None
