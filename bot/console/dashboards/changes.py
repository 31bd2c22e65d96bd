"""Changes: which days must be counted again, noted in the transaction that changes what they are counted from."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy.engine import Connection

from bot.console.dashboards.tables import dashboard_days

DAY_MS = 24 * 3600 * 1000
SHANGHAI_MS = 8 * 3600 * 1000
"""Shanghai is UTC+8 the whole year round."""


def day_of(at_ms: int) -> int:
    """Days from 1970-01-01 to this moment's day, both in Shanghai."""
    return (at_ms + SHANGHAI_MS) // DAY_MS


def start_of(day: int) -> int:
    """Midnight in Shanghai before this day, in ms since the epoch."""
    return day * DAY_MS - SHANGHAI_MS


def note_changes(connection: Connection, started_at_ms: Iterable[int]) -> None:
    """The conversations that began at these moments are not as they were counted. One caller at a time."""
    for day, times in Counter(day_of(at_ms) for at_ms in started_at_ms).items():
        this = dashboard_days.c.day == day
        more = dashboard_days.update().where(this).values(changes=dashboard_days.c.changes + times)
        if not connection.execute(more).rowcount:
            fresh = {"day": day, "changes": times, "seen_changes": 0, "computed_at_ms": 0, "counts": {}}
            connection.execute(dashboard_days.insert().values(**fresh))
