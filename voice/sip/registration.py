"""Registration: being an extension of an exchange: REGISTER, kept alive (RFC 3261 section 10)."""

from collections.abc import Callable
from dataclasses import dataclass

from voice.sip.agenda import Appointment
from voice.sip.errors import SipInvalid
from voice.sip.hop import Hop
from voice.sip.leg_host import PRODUCT, LegHost
from voice.sip.message import Request, Response
from voice.sip.name_address import NameAddress

_SHORTEST_S = 30
_AFTER_FAILURE_S = (5, 10, 30, 60, 120)
"""Pauses after the first, second … failure in a row; the last for all further ones."""


@dataclass(frozen=True)
class Account:
    """An extension of an exchange."""

    registrar: str
    """``sip:host[:port]``"""
    address: str
    """``sip:user@host``, the address that is registered."""
    expires_s: int = 300


class Registration:
    """Registers, refreshes before it runs out, tries again after failures, and signs off."""

    def __init__(
        self, host: LegHost, account: Account, hop: Hop, on_change: Callable[[bool, int], None]
    ) -> None:
        """``on_change`` gets whether we are registered, and the status of the answer (0: silence)."""
        self._host = host
        self._account = account
        self._hop = hop
        self._on_change = on_change
        self._call_id = host.token()
        self._tag = host.token()
        self._sequence = 0
        self._expires_s = account.expires_s
        self._failures = 0
        self._next: Appointment | None = None
        self._over = False
        self.registered = False

    def begin(self) -> None:
        """Register now."""
        self._host.ask(lambda: self._build(self._expires_s), self._hop, self._answered, self._silent)

    def sign_off(self) -> None:
        """Take the registration back; the answer is not waited for."""
        self._over = True
        if self._next is not None:
            self._next.cancel()
        if self.registered:
            self.registered = False
            self._host.ask(lambda: self._build(0), self._hop, lambda _: None, lambda: None)

    def _build(self, expires_s: int) -> Request:
        self._sequence += 1
        request = Request("REGISTER", self._account.registrar)
        request.headers.add("Max-Forwards", "70")
        request.headers.add("From", f"<{self._account.address}>;tag={self._tag}")
        request.headers.add("To", f"<{self._account.address}>")
        request.headers.add("Call-ID", self._call_id)
        request.headers.add("CSeq", f"{self._sequence} REGISTER")
        request.headers.add("Contact", f"{self._host.contact(self._hop)};expires={expires_s}")
        request.headers.add("Expires", str(expires_s))
        request.headers.add("User-Agent", PRODUCT)
        return request

    def _answered(self, response: Response) -> None:
        if response.status < 200 or self._over:
            return
        if response.status == 423:
            self._expires_s = max(self._expires_s, _number(response.headers.first("Min-Expires"), 3600))
        if response.status >= 300:
            self._failed(response.status)
            return
        self._failures = 0
        self.registered = True
        granted_s = max(_SHORTEST_S, self._granted(response))
        # Well before the end, so that a lost answer leaves time for another try.
        self._next = self._host.agenda.after(granted_s * 0.8 - 5, self.begin)
        self._on_change(True, response.status)

    def _granted(self, response: Response) -> int:
        """Seconds that the registrar gave our own contact (there may be others of the same account)."""
        try:
            contacts = NameAddress.parse_list(response.headers.all("Contact"))
            ours = NameAddress.parse(self._host.contact(self._hop)).uri
        except SipInvalid:
            contacts, ours = (), None
        for contact in contacts:
            if ours is not None and (contact.uri.host, contact.uri.user) == (ours.host, ours.user):
                return _number(contact.parameter("expires"), self._expires_s)
        return _number(response.headers.first("Expires"), self._expires_s)

    def _silent(self) -> None:
        if not self._over:
            self._failed(0)

    def _failed(self, status: int) -> None:
        self.registered = False
        pause_s = _AFTER_FAILURE_S[min(self._failures, len(_AFTER_FAILURE_S) - 1)]
        self._failures += 1
        self._next = self._host.agenda.after(pause_s, self.begin)
        self._on_change(False, status)


def _number(text: str | None, otherwise: int) -> int:
    return (
        int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 8 else otherwise
    )
