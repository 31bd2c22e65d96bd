"""Referral: asking a peer to connect the caller with a person (REFER, RFC 3515), and how it went (NOTIFY)."""

import re
from collections.abc import Callable

from voice.sip.agenda import Agenda
from voice.sip.message import Request, Response

PATIENCE_S = 60.0
"""A person's phone rings no longer than this before the transfer counts as failed."""

_FRAGMENT = re.compile(rb"SIP/2\.0 ([1-6][0-9]{2})")


class Referral:
    """From the REFER to the last NOTIFY; says once how it ended."""

    def __init__(self, agenda: Agenda, on_end: Callable[[bool, int], None]) -> None:
        """``on_end`` gets whether the caller was taken over, and the status of the new call."""
        self._on_end = on_end
        self._status = 0
        self._accepted = False
        self.over = False
        self._patience = agenda.after(PATIENCE_S, self.silent)

    def answered(self, response: Response) -> None:
        """The answer to REFER itself."""
        if 200 <= response.status < 300:
            self._accepted = True
        elif response.status >= 300:
            self._end(False, response.status)

    def silent(self) -> None:
        """Nobody says anything any more."""
        self._end(False, self._status)

    def notified(self, request: Request) -> None:
        """A NOTIFY with the state of the new call as a message fragment (RFC 3420)."""
        found = _FRAGMENT.match(request.body)
        if found is not None:
            self._accepted = True
            self._status = int(found[1])
        if self._status >= 200:
            self._end(self._status < 300, self._status)
        elif (request.headers.first("Subscription-State") or "").strip().lower().startswith("terminated"):
            # Some exchanges drop the subscription once they took the caller over, without a last word.
            self._end(self._accepted, self._status)

    def peer_hung_up(self) -> None:
        """A blind transfer often ends with the peer's BYE before any NOTIFY: it took the caller over."""
        self._end(self._accepted, self._status)

    def _end(self, accepted: bool, status: int) -> None:
        if not self.over:
            self.over = True
            self._patience.cancel()
            self._on_end(accepted, status)
