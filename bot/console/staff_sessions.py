"""StaffSessions: signed-in staff, kept on the server; the browser holds a random token only."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.engine import Row

from actions.lending.database import Database
from bot.console.permissions import Permission, Role, permissions_of, read_roles
from bot.console.tables import staff_accounts, staff_sessions

IDLE_MS = 60 * 60 * 1000
LONGEST_MS = 12 * 60 * 60 * 1000
CODE_MS = 5 * 60 * 1000
"""How long a right password waits for its one-time code."""

_BROWSER_CHARACTERS = 120


@dataclass(frozen=True)
class StaffSession:
    """One signed-in browser, and what its owner may do at this moment."""

    account: str
    csrf_token: str
    id: str
    """The token's hash: names the session, opens nothing."""
    roles: tuple[Role, ...] = ()
    must_change: bool = False

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the roles may do, all together."""
        return permissions_of(self.roles)

    def may(self, permission: Permission | str) -> bool:
        """Whether this is allowed; for templates also by the permission's word."""
        return Permission(permission) in self.permissions


class StaffSessions:
    """Begins, finds and ends sign-ins."""

    def __init__(self, database: Database, now_s: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now_s = now_s

    def begin(self, account: str, address: str = "", browser: str = "", needs_code: bool = False) -> str:
        """Sign in; return the token for the cookie, always a new one. Sessions that ran out are cleared away."""
        token, now_ms = secrets.token_urlsafe(32), self._now_ms()
        with self._database.writing() as connection:
            old = or_(
                staff_sessions.c.seen_at_ms < now_ms - IDLE_MS,
                staff_sessions.c.created_at_ms < now_ms - LONGEST_MS,
                staff_sessions.c.needs_code & (staff_sessions.c.created_at_ms < now_ms - CODE_MS),
            )
            connection.execute(staff_sessions.delete().where(old))
            connection.execute(
                staff_sessions.insert().values(
                    token_hash=_hash(token),
                    account=account,
                    csrf_token=secrets.token_urlsafe(32),
                    created_at_ms=now_ms,
                    seen_at_ms=now_ms,
                    needs_code=needs_code,
                    address=address,
                    browser=browser[:_BROWSER_CHARACTERS],
                )
            )
        return token

    def find(self, token: str | None, in_use: bool = True) -> StaffSession | None:
        """The sign-in of this token, unless it ran out (an hour unused, half a day old) or its account is disabled.

        ``in_use`` False: a page asks by itself, which keeps nobody signed in.
        """
        row, now_ms = self._row(token), self._now_ms()
        if row is None or row.needs_code or row.seen_at_ms < now_ms - IDLE_MS:
            return None
        if row.created_at_ms < now_ms - LONGEST_MS:
            return None
        if in_use and row.seen_at_ms < now_ms - 60_000:
            mine = staff_sessions.c.token_hash == row.token_hash
            with self._database.writing() as connection:
                connection.execute(staff_sessions.update().where(mine).values(seen_at_ms=now_ms))
        return StaffSession(
            row.account, row.csrf_token, row.token_hash, read_roles(row.roles), bool(row.must_change)
        )

    def waiting_for_code(self, token: str | None) -> str | None:
        """The account whose right password this browser gave and whose code is still to come, for five minutes."""
        row = self._row(token)
        if row is None or not row.needs_code or row.created_at_ms < self._now_ms() - CODE_MS:
            return None
        return str(row.account)

    def of_account(self, account: str) -> list[Row]:
        """Its browsers, the latest first."""
        mine = (staff_sessions.c.account == account) & staff_sessions.c.needs_code.is_(False)
        query = select(staff_sessions).where(mine).order_by(staff_sessions.c.seen_at_ms.desc())
        with self._database.reading() as connection:
            return list(connection.execute(query).all())

    def end(self, token: str) -> None:
        """Sign out."""
        with self._database.writing() as connection:
            connection.execute(staff_sessions.delete().where(staff_sessions.c.token_hash == _hash(token)))

    def end_one(self, account: str, session_id: str) -> None:
        """Sign one browser of this account out; another account's stays."""
        theirs = (staff_sessions.c.account == account) & (staff_sessions.c.token_hash == session_id)
        with self._database.writing() as connection:
            connection.execute(staff_sessions.delete().where(theirs))

    def end_all(self, account: str) -> None:
        """Sign the account out everywhere."""
        with self._database.writing() as connection:
            connection.execute(staff_sessions.delete().where(staff_sessions.c.account == account))

    def _row(self, token: str | None) -> Row | None:
        if not token:
            return None
        query = (
            select(staff_sessions, staff_accounts.c.roles, staff_accounts.c.must_change)
            .join(staff_accounts, staff_accounts.c.name == staff_sessions.c.account)
            .where(staff_sessions.c.token_hash == _hash(token), staff_accounts.c.disabled.is_(False))
        )
        with self._database.reading() as connection:
            return connection.execute(query).first()

    def _now_ms(self) -> int:
        return round(self._now_s() * 1000)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
