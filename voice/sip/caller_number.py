"""CallerNumber: the phone number that the network vouches for, and the one that diverted the call."""

import re
from dataclasses import dataclass

from voice.line.phone_number import national
from voice.sip.errors import SipInvalid
from voice.sip.message import Request
from voice.sip.name_address import NameAddress

_PHONE = re.compile(r"\+?[0-9]{3,20}")


@dataclass(frozen=True)
class CallerNumber:
    """Who calls, as far as the network says so."""

    number: str | None
    """National form, for example 13800000001; None where nobody vouches for one."""
    diverted_by: str | None
    """The number that forwarded the call to us (Diversion, RFC 5806), never the caller's own."""


def caller_number(request: Request, trusts_from: bool) -> CallerNumber:
    """Read P-Asserted-Identity (RFC 3325), with ``trusts_from`` also From.

    The request must come from a listed peer: for anybody else these headers are hearsay. An exchange that asserts
    the number which diverted the call, not the one that placed it, vouches for nobody: whoever calls a borrower's
    forwarded phone would otherwise be taken for the borrower.
    """
    asserted = [_phone(address) for address in _addresses(request, "P-Asserted-Identity")]
    number = next((phone for phone in asserted if phone), None)
    if number is None and trusts_from and not _wants_privacy(request):
        number = next((phone for address in _addresses(request, "From") if (phone := _phone(address))), None)
    diversions = [_phone(address) for address in _addresses(request, "Diversion")]
    diverted_by = next((phone for phone in diversions if phone), None)
    return CallerNumber(None if number in diversions else number, diverted_by)


def _phone(address: NameAddress) -> str | None:
    number = national(address.uri.number)
    return number if _PHONE.fullmatch(number) else None


def _addresses(request: Request, name: str) -> tuple[NameAddress, ...]:
    try:
        return NameAddress.parse_list(request.headers.all(name))
    except SipInvalid:
        return ()


def _wants_privacy(request: Request) -> bool:
    return "id" in request.headers.words("Privacy") or request.sender.uri.host == "anonymous.invalid"
