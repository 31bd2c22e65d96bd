"""SignInAddresses: failed sign-ins of one network address, stored, so that a restart forgives nothing."""

import time
from collections.abc import Callable
from ipaddress import IPv4Address, ip_address, ip_network

from sqlalchemy import select

from actions.lending.database import Database
from bot.console.tables import sign_in_addresses

FAILURES_ALLOWED = 30
"""More than of one account: an office shares an address."""

SUBSCRIBER_BITS = 64

WINDOW_MS = 15 * 60 * 1000
"""Failures count together when they come within this time; a lock lasts as long."""


class SignInAddresses:
    """Counts failures and says who has to wait. An empty address (a command, a test) is never counted."""

    def __init__(self, database: Database, now_s: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now_s = now_s

    def locked(self, address: str) -> bool:
        """Whether nobody may try from there now."""
        address = counted_as(address)
        if not address:
            return False
        until = select(sign_in_addresses.c.locked_until_ms).where(sign_in_addresses.c.address == address)
        with self._database.reading() as connection:
            locked_until_ms = connection.execute(until).scalar()
        return locked_until_ms is not None and locked_until_ms > self._now_ms()

    def count_failure(self, address: str) -> None:
        """One more; rows of others that no longer count are cleared away."""
        address = counted_as(address)
        if not address:
            return
        now_ms, table = self._now_ms(), sign_in_addresses
        with self._database.writing() as connection:
            self._database.serialise(connection, f"sign-in:{address}")
            connection.execute(
                table.delete().where(
                    (table.c.first_at_ms < now_ms - WINDOW_MS)
                    & (table.c.locked_until_ms.is_(None) | (table.c.locked_until_ms < now_ms))
                )
            )
            mine = table.c.address == address
            row = connection.execute(select(table).where(mine)).first()
            if row is None:
                values = {"address": address, "failures": 1, "first_at_ms": now_ms}
                connection.execute(table.insert().values(**values))
            elif row.failures + 1 >= FAILURES_ALLOWED:
                locked = {"failures": 0, "first_at_ms": now_ms, "locked_until_ms": now_ms + WINDOW_MS}
                connection.execute(table.update().where(mine).values(**locked))
            else:
                connection.execute(table.update().where(mine).values(failures=row.failures + 1))

    def _now_ms(self) -> int:
        return round(self._now_s() * 1000)


def counted_as(address: str) -> str:
    """What failures of an address count for: of IPv6 its /64, the least that a subscriber has (RFC 6177)."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ip_network((int(known), SUBSCRIBER_BITS), strict=False))
