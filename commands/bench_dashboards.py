"""How long the dashboards take over the conversations of the search bench: counting a year, showing it, one new day."""

import time
from datetime import datetime, timedelta

from actions.lending.clock import CHINA
from actions.lending.database import Database
from bot.console.dashboards.changes import note_changes
from bot.console.dashboards.counted_days import CountedDays
from bot.console.dashboards.dashboards import Dashboards
from bot.console.dashboards.period import Period
from commands.invented_conversations import UNTIL_MS
from commands.percentiles import percentile

ROUNDS = 10
SPANS = (7, 30, 92, 366)
"""Days that somebody looks at."""


def measure_dashboards(database: Database) -> dict[str, float]:
    """Seconds for the first count of a year, milliseconds for whole pages after it."""
    days = CountedDays(database, patience_s=0)
    started = time.perf_counter()
    while days.refresh_quietly():
        pass
    counted_s = time.perf_counter() - started
    dashboards = Dashboards(database, days)
    times_ms = sorted(_page_ms(dashboards, _period(span)) for _ in range(ROUNDS) for span in SPANS)
    fresh_ms = sorted(_after_a_change_ms(database, dashboards) for _ in range(ROUNDS))
    return {
        "dashboard_1m_turns_first_count_s": round(counted_s, 1),
        "dashboard_1m_turns_p50_ms": round(percentile(times_ms, 0.5), 1),
        "dashboard_1m_turns_p95_ms": round(percentile(times_ms, 0.95), 1),
        "dashboard_1m_turns_after_a_change_ms": round(percentile(fresh_ms, 0.5), 1),
    }


def _period(days: int) -> Period:
    until = datetime.fromtimestamp(UNTIL_MS / 1000, CHINA).date()
    return Period(until - timedelta(days=days - 1), until)


def _page_ms(dashboards: Dashboards, period: Period) -> float:
    started = time.perf_counter()
    dashboards.overview(period)
    return (time.perf_counter() - started) * 1000


def _after_a_change_ms(database: Database, dashboards: Dashboards) -> float:
    """A conversation of the day before the last was indexed: its day is counted again."""
    with database.writing() as connection:
        note_changes(connection, [UNTIL_MS - 24 * 3600 * 1000])
    return _page_ms(dashboards, _period(30))
