"""SessionTimer: ends a call whose other side has vanished, and keeps one alive that has not (RFC 4028)."""

import re
from collections.abc import Callable

from voice.sip.agenda import Agenda, Appointment
from voice.sip.message import Request, Response

MIN_S = 90
"""The shortest session interval there may be (section 5)."""

LONGEST_S = 7200
_EXPIRES = re.compile(r"\s*([0-9]{1,9})\s*((?:;[^;]*)*)")


def interval_of(message: Request | Response) -> tuple[int, str | None] | None:
    """Seconds and refresher of Session-Expires, or None."""
    found = _EXPIRES.fullmatch(message.headers.first("Session-Expires") or "")
    if found is None:
        return None
    refresher = re.search(r";\s*refresher\s*=\s*(uac|uas)", found[2].lower())
    return min(int(found[1]), LONGEST_S), refresher[1] if refresher else None


class SessionTimer:
    """Counts from the last refresh of either side."""

    def __init__(
        self, agenda: Agenda, on_refresh_due: Callable[[], None], on_expired: Callable[[], None]
    ) -> None:
        self._agenda = agenda
        self._on_refresh_due = on_refresh_due
        self._on_expired = on_expired
        self._appointment: Appointment | None = None
        self.interval_s: int | None = None
        self._we_refresh = False

    def asked_by(self, request: Request) -> dict[str, str]:
        """Take what a peer's INVITE or UPDATE asks for; returns the header fields of the 200."""
        asked = interval_of(request)
        if asked is None:
            self.stop()
            return {}
        seconds, refresher = asked
        self.interval_s = max(seconds, MIN_S)
        knows_timer = "timer" in request.headers.words("Supported")
        # A peer that cannot refresh has had the timer asked for by a proxy on the way: then it is ours to do.
        refresher = (refresher or "uac") if knows_timer else "uas"
        self._we_refresh = refresher == "uas"
        self._begin()
        needed = {"Require": "timer"} if knows_timer else {}
        return {"Session_Expires": f"{self.interval_s};refresher={refresher}"} | needed

    def granted_by(self, response: Response) -> None:
        """Take what the answer to our own INVITE or UPDATE says."""
        granted = interval_of(response)
        if granted is None:
            if self._we_refresh and self.interval_s is not None:
                self._begin()
            return
        seconds, refresher = granted
        self.interval_s = max(seconds, MIN_S)
        self._we_refresh = refresher != "uas"
        self._begin()

    def stop(self) -> None:
        """The call is over, or has no timer any more."""
        self.interval_s = None
        if self._appointment is not None:
            self._appointment.cancel()

    def _begin(self) -> None:
        assert self.interval_s is not None
        if self._appointment is not None:
            self._appointment.cancel()
        if self._we_refresh:
            self._appointment = self._agenda.after(self.interval_s / 2, self._on_refresh_due)
        else:
            # Section 10: the side that does not refresh hangs up a little before the end.
            patience_s = self.interval_s - min(32, self.interval_s / 3)
            self._appointment = self._agenda.after(patience_s, self._on_expired)
