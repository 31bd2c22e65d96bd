"""Tries: wrong proofs of identity, counted against the number claimed and the line that called; their locks."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Connection

from actions.lending.models import identity_locks, identity_tries

MAX_WRONG_TRIES = 3
LOCK_DURATION = timedelta(minutes=15)
TRY_MEMORY = timedelta(hours=24)
"""Wrong tries older than this no longer count; a right one forgets those on its number at once."""


def attempts_left(connection: Connection, number: str, line: str, now: datetime) -> int:
    """How often number and line may still be tried: the tries on either count."""

    def tries(column: Any, value: str) -> int:
        counted = select(func.count()).where(column == value, identity_tries.c.tried_at > now - TRY_MEMORY)
        return int(connection.execute(counted).scalar_one())

    used = max(tries(identity_tries.c.number_hash, number), tries(identity_tries.c.line_hash, line))
    return max(0, MAX_WRONG_TRIES - used)


def locked_until(connection: Connection, number: str, line: str, now: datetime) -> datetime | None:
    """When number and line are both free again; None: they are."""
    latest = select(func.max(identity_locks.c.locked_until)).where(
        identity_locks.c.subject_hash.in_([number, line]), identity_locks.c.locked_until > now
    )
    until: datetime | None = connection.execute(latest).scalar_one()
    return until


def count_wrong(connection: Connection, number: str, line: str, now: datetime) -> None:
    """One more wrong try."""
    connection.execute(insert(identity_tries).values(number_hash=number, line_hash=line, tried_at=now))


def lock(connection: Connection, number: str, line: str, now: datetime) -> datetime:
    """Lock number and line, and begin to count anew; until when."""
    until = now + LOCK_DURATION
    for subject in {number, line}:
        connection.execute(delete(identity_locks).where(identity_locks.c.subject_hash == subject))
        connection.execute(insert(identity_locks).values(subject_hash=subject, locked_until=until))
    tries = (identity_tries.c.number_hash == number) | (identity_tries.c.line_hash == line)
    connection.execute(delete(identity_tries).where(tries))
    return until


def forgive(connection: Connection, number: str) -> None:
    """Forget the tries on a number that was proved.

    Not those on the line: else a caller could clear it by verifying his own number in between.
    """
    connection.execute(delete(identity_tries).where(identity_tries.c.number_hash == number))


def forget_old(connection: Connection, now: datetime) -> None:
    """Forget tries and locks that no longer count."""
    connection.execute(delete(identity_tries).where(identity_tries.c.tried_at <= now - TRY_MEMORY))
    connection.execute(delete(identity_locks).where(identity_locks.c.locked_until <= now))
