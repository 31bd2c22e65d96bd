"""StaffAccounts: who may see the staff's pages, with argon2 hashes and a lock after repeated failures."""

import secrets
import time
from collections.abc import Callable
from enum import Enum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select

from actions.lending.database import Database
from bot.transcript_tables import staff_accounts

FIRST_ACCOUNT = "admin"
FAILURES_ALLOWED = 5
LOCK_MS = 15 * 60 * 1000

_hasher = PasswordHasher()
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$QpQQmD2/REEnxRVgDyXcoA$1vHd0zB0A8NEBSLG3EhlChJaSbYcoqtR9Wxh6odoVD0"
"""Checked for unknown names too, so that the time of the answer does not tell who exists."""


class SignIn(Enum):
    """How a try went."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    LOCKED = "locked"


def ensure_staff_account(database: Database) -> str | None:
    """Make the first account when there is none; return its new password, this once. The tables must exist."""
    with database.writing() as connection:
        database.serialise(connection, "first-staff-account")
        if connection.execute(select(func.count()).select_from(staff_accounts)).scalar_one():
            return None
        password = secrets.token_urlsafe(12)
        connection.execute(
            staff_accounts.insert().values(
                name=FIRST_ACCOUNT,
                password_hash=_hasher.hash(password),
                created_at_ms=round(time.time() * 1000),
                failures=0,
            )
        )
    return password


class StaffAccounts:
    """Checks names and passwords."""

    def __init__(self, database: Database, now_s: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now_s = now_s

    def sign_in(self, name: str, password: str) -> SignIn:
        """Check one try; the fifth failure in a row locks the account for 15 minutes, persisted."""
        now_ms = round(self._now_s() * 1000)
        with self._database.reading() as connection:
            account = connection.execute(select(staff_accounts).where(staff_accounts.c.name == name)).first()
        if account is None:
            _matches(_NOBODY, password)
            return SignIn.WRONG
        if account.locked_until_ms is not None and account.locked_until_ms > now_ms:
            return SignIn.LOCKED
        # The hash takes tens of milliseconds on purpose: never within a transaction that others wait for.
        accepted = _matches(account.password_hash, password)
        return self._count(name, accepted, now_ms)

    def _count(self, name: str, accepted: bool, now_ms: int) -> SignIn:
        with self._database.writing() as connection:
            mine = staff_accounts.c.name == name
            account = connection.execute(select(staff_accounts).where(mine).with_for_update()).one()
            if account.locked_until_ms is not None and account.locked_until_ms > now_ms:
                return SignIn.LOCKED
            failures = 0 if accepted else account.failures + 1
            locked = failures >= FAILURES_ALLOWED
            connection.execute(
                staff_accounts.update()
                .where(mine)
                .values(
                    failures=0 if locked else failures, locked_until_ms=now_ms + LOCK_MS if locked else None
                )
            )
        if accepted:
            return SignIn.ACCEPTED
        return SignIn.LOCKED if locked else SignIn.WRONG


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
