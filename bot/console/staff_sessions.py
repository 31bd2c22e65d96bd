"""StaffSessions: signed-in staff, kept on the server; the browser holds a random token only."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import or_, select

from actions.lending.database import Database
from bot.transcript_tables import staff_sessions

IDLE_MS = 60 * 60 * 1000
LONGEST_MS = 12 * 60 * 60 * 1000


@dataclass(frozen=True)
class StaffSession:
    """One signed-in browser."""

    account: str
    csrf_token: str


class StaffSessions:
    """Begins, finds and ends sign-ins."""

    def __init__(self, database: Database, now_s: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now_s = now_s

    def begin(self, account: str) -> str:
        """Sign in; return the token for the cookie. Sessions that ran out are cleared away."""
        token, now_ms = secrets.token_urlsafe(32), self._now_ms()
        with self._database.writing() as connection:
            old = or_(
                staff_sessions.c.seen_at_ms < now_ms - IDLE_MS,
                staff_sessions.c.created_at_ms < now_ms - LONGEST_MS,
            )
            connection.execute(staff_sessions.delete().where(old))
            connection.execute(
                staff_sessions.insert().values(
                    token_hash=_hash(token),
                    account=account,
                    csrf_token=secrets.token_urlsafe(32),
                    created_at_ms=now_ms,
                    seen_at_ms=now_ms,
                )
            )
        return token

    def find(self, token: str | None) -> StaffSession | None:
        """The sign-in of this token, unless it ran out: an hour unused or half a day old."""
        if not token:
            return None
        now_ms = self._now_ms()
        mine = staff_sessions.c.token_hash == _hash(token)
        with self._database.reading() as connection:
            row = connection.execute(select(staff_sessions).where(mine)).first()
        if row is None or row.seen_at_ms < now_ms - IDLE_MS or row.created_at_ms < now_ms - LONGEST_MS:
            return None
        if row.seen_at_ms < now_ms - 60_000:
            with self._database.writing() as connection:
                connection.execute(staff_sessions.update().where(mine).values(seen_at_ms=now_ms))
        return StaffSession(row.account, row.csrf_token)

    def end(self, token: str) -> None:
        """Sign out."""
        with self._database.writing() as connection:
            connection.execute(staff_sessions.delete().where(staff_sessions.c.token_hash == _hash(token)))

    def _now_ms(self) -> int:
        return round(self._now_s() * 1000)


class FormTokens:
    """Ties a form to the browser that loaded it, before anybody is signed in (double-submit cookie with HMAC)."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def new_cookie(self) -> str:
        """A random value for the cookie."""
        return secrets.token_urlsafe(32)

    def form_value(self, cookie: str) -> str:
        """What the form must send along with this cookie."""
        return hmac.new(self._secret, cookie.encode(), hashlib.sha256).hexdigest()

    def match(self, cookie: str | None, form_value: str) -> bool:
        """Whether both belong together."""
        return bool(cookie) and hmac.compare_digest(self.form_value(cookie or ""), form_value)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
