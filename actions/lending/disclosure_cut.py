"""DisclosureCut: takes the oldest rows off the disclosure log once nobody must keep them, and leaves it provable."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection

from actions.lending.database import Database
from actions.lending.disclosure_chain import CUT_MARK, CUT_SEAL_MARK, Head
from actions.lending.disclosure_log import read_chain
from actions.lending.keys import DataKeys
from actions.lending.models import disclosure_log, marks

AT_ONCE = 10_000
"""Rows removed in one transaction."""


@dataclass(frozen=True)
class DisclosureCut:
    """The last removed row's number and hash stand in the marks, sealed: what remains is proven from there on.

    Triggers refuse the removal of any row beyond that mark, and whoever moves the mark without the key is found by
    ``make verify-log``.
    """

    database: Database
    keys: DataKeys

    def cut(self, before: datetime) -> int:
        """Remove what was said before a moment, the log's last row excepted; returns how many rows that were."""
        with self.database.writing(durable=True) as connection:
            self.database.serialise(connection, disclosure_log.name)
            head = _last_before(connection, before)
            if head is None:
                return 0
            seal = read_chain(connection, self.keys).cut_seal(head)
            _put_mark(connection, CUT_MARK, f"{head.sequence}:{head.hash}")
            _put_mark(connection, CUT_SEAL_MARK, seal)
            gone = connection.execute(
                delete(disclosure_log).where(disclosure_log.c.sequence <= head.sequence)
            )
            return int(gone.rowcount)


def _last_before(connection: Connection, before: datetime) -> Head | None:
    """The last row of the beginning that was said before this moment; a later row with an earlier time stays."""
    columns = disclosure_log.c
    first, last = connection.execute(select(func.min(columns.sequence), func.max(columns.sequence))).one()
    if first is None:
        return None
    kept = connection.execute(select(func.min(columns.sequence)).where(columns.said_at >= before)).scalar()
    sequence = min(last - 1 if kept is None else min(kept, last) - 1, first + AT_ONCE - 1)
    row = connection.execute(select(columns.own_hash).where(columns.sequence == sequence)).first()
    return Head(sequence, row.own_hash) if row is not None else None


def _put_mark(connection: Connection, name: str, value: str) -> None:
    changed = connection.execute(update(marks).where(marks.c.name == name).values(value=value))
    if not changed.rowcount:
        connection.execute(insert(marks).values(name=name, value=value))
