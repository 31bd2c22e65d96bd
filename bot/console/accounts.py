"""StaffAccounts: who may sign in, with argon2 hashes and locks after repeated failures, by account and by address."""

import time
from collections.abc import Callable
from enum import Enum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from actions.lending.database import Database
from bot.console.passwords import NOBODY, matches, password_hash, random_password
from bot.console.permissions import Role
from bot.console.sign_in_addresses import SignInAddresses
from bot.console.tables import staff_accounts

FIRST_ACCOUNT = "admin"
FAILURES_ALLOWED = 5
LOCK_MS = 15 * 60 * 1000


class SignIn(Enum):
    """How a try went."""

    ACCEPTED = "accepted"
    NEEDS_CODE = "needs_code"
    """The password is right; the one-time code is still to come."""
    WRONG = "wrong"
    LOCKED = "locked"
    """This account, after five failures in a row."""
    ADDRESS_LOCKED = "address_locked"
    """Everybody at this network address, after many failures on whatever accounts."""


def new_account(name: str, password: str, roles: str, now_ms: int, must_change: bool) -> dict[str, Any]:
    """The columns of an account that nobody has used yet; without a password nobody can sign in to it."""
    return {
        "name": name,
        "password_hash": password_hash(password) if password else "",
        "created_at_ms": now_ms,
        "failures": 0,
        "roles": roles,
        "disabled": False,
        "must_change": must_change,
    }


def ensure_staff_account(database: Database) -> str | None:
    """Make the first administrator when there is no account; return its new password, this once.

    The tables must exist.
    """
    with database.writing() as connection:
        database.serialise(connection, "first-staff-account")
        if connection.execute(select(func.count()).select_from(staff_accounts)).scalar_one():
            return None
        password, now_ms = random_password(), round(time.time() * 1000)
        values = new_account(FIRST_ACCOUNT, password, Role.ADMIN.value, now_ms, must_change=False)
        connection.execute(staff_accounts.insert().values(**values))
    return password


class StaffAccounts:
    """Checks names and passwords, and counts what failed."""

    def __init__(self, database: Database, now_s: Callable[[], float] = time.time) -> None:
        self._database = database
        self._addresses = SignInAddresses(database, now_s)
        self._now_s = now_s

    def sign_in(self, name: str, password: str, address: str = "") -> SignIn:
        """Check one try; the fifth failure in a row locks the account for 15 minutes, persisted."""
        now_ms = self._now_ms()
        if self._addresses.locked(address):
            return SignIn.ADDRESS_LOCKED
        with self._database.reading() as connection:
            account = connection.execute(select(staff_accounts).where(staff_accounts.c.name == name)).first()
        if account is None or account.disabled:
            matches(NOBODY, password)
            self._addresses.count_failure(address)
            return SignIn.WRONG
        if account.locked_until_ms is not None and account.locked_until_ms > now_ms:
            # As long, and counted, as for a name that nobody has: a lock tells no stranger that there is an account.
            matches(NOBODY, password)
            self._addresses.count_failure(address)
            return SignIn.LOCKED
        # The hash takes tens of milliseconds on purpose: never within a transaction that others wait for.
        accepted = matches(account.password_hash, password)
        needs_code = account.totp_sealed is not None
        # With a code to come the failures stay counted: a known password must not wash away wrong codes.
        result = self._count(name, accepted, forget=accepted and not needs_code)
        if result is not SignIn.ACCEPTED:
            self._addresses.count_failure(address)
            return result
        return SignIn.NEEDS_CODE if needs_code else SignIn.ACCEPTED

    def code_checked(self, name: str, accepted: bool, address: str = "") -> SignIn:
        """Count a one-time code like a password: a guesser of codes locks the account as well."""
        result = self._count(name, accepted, forget=accepted)
        if result is not SignIn.ACCEPTED:
            self._addresses.count_failure(address)
        return result

    def knows_password(self, name: str, password: str) -> bool:
        """Whether somebody who is signed in can say his password again; counted like a sign-in."""
        return self.sign_in(name, password) in (SignIn.ACCEPTED, SignIn.NEEDS_CODE)

    def exists(self, name: str) -> bool:
        """Whether there is such an account."""
        with self._database.reading() as connection:
            return _row(connection, name) is not None

    def _count(self, name: str, accepted: bool, forget: bool) -> SignIn:
        now_ms = self._now_ms()
        with self._database.writing() as connection:
            mine = staff_accounts.c.name == name
            account = connection.execute(select(staff_accounts).where(mine).with_for_update()).one()
            if account.locked_until_ms is not None and account.locked_until_ms > now_ms:
                return SignIn.LOCKED
            failures = account.failures if accepted else account.failures + 1
            locked = failures >= FAILURES_ALLOWED
            values = {
                "failures": 0 if locked or forget else failures,
                "locked_until_ms": now_ms + LOCK_MS if locked else None,
            }
            connection.execute(staff_accounts.update().where(mine).values(**values))
        if accepted:
            return SignIn.ACCEPTED
        return SignIn.LOCKED if locked else SignIn.WRONG

    def _now_ms(self) -> int:
        return round(self._now_s() * 1000)


def _row(connection: Connection, name: str) -> Any:
    return connection.execute(select(staff_accounts.c.name).where(staff_accounts.c.name == name)).first()
