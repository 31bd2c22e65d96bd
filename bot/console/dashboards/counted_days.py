"""CountedDays: every day's counts, kept in the database and counted anew only where something changed."""

import logging
import time
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from actions.lending.database import Database
from bot.console.dashboards.day_counts import Counts, counts_of
from bot.console.dashboards.tables import dashboard_days

PATIENCE_S = 15.0
"""A day that goes on is counted again after so long: a million answers take seconds to count."""
BATCH = 20
"""Days counted at once in the background."""

_logger = logging.getLogger(__name__)


class CountedDays:
    """Blocks: called from threads. No lock is held while a day is counted."""

    def __init__(
        self, database: Database, patience_s: float = PATIENCE_S, now_s: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._patience_s = patience_s
        self._now_s = now_s

    def between(self, first: int, last: int) -> dict[int, Counts]:
        """Day -> its counts, for the days from ``first`` to ``last`` on which anybody called."""
        for day in self._stale(first, last):
            self._count(day)
        column = dashboard_days.c
        query = select(column.day, column.counts).where(column.day.between(first, last)).order_by(column.day)
        with self._database.reading() as connection:
            return {row.day: row.counts for row in connection.execute(query)}

    def refresh_quietly(self) -> int:
        """Count some days that wait for it, the newest first; returns how many. For the background: never raises."""
        try:
            days = self._stale(0, 10**6)[-BATCH:]
            for day in reversed(days):
                self._count(day)
            return len(days)
        except SQLAlchemyError as error:
            _logger.warning("dashboards wait: code=database_unavailable %s", type(error).__name__)
            return 0

    def _stale(self, first: int, last: int) -> list[int]:
        column = dashboard_days.c
        before_ms = round((self._now_s() - self._patience_s) * 1000)
        query = (
            select(column.day)
            .where(column.day.between(first, last), column.seen_changes < column.changes)
            .where(column.computed_at_ms <= before_ms)
            .order_by(column.day)
        )
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def _count(self, day: int) -> None:
        this = dashboard_days.c.day == day
        with self._database.reading() as connection:
            # In the same snapshot: what changes from now on makes the day stale again.
            seen = connection.execute(select(dashboard_days.c.changes).where(this)).scalar_one()
            counts = counts_of(connection, day)
        values = {"seen_changes": seen, "computed_at_ms": round(self._now_s() * 1000), "counts": counts}
        with self._database.writing() as connection:
            connection.execute(
                dashboard_days.update().where(this, dashboard_days.c.seen_changes < seen).values(**values)
            )
