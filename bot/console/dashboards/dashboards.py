"""Dashboards: every chart of a period, from the kept counts and, for first-time borrowers, the lending data."""

from dataclasses import dataclass

from actions.lending.database import Database
from actions.lending.first_time import first_time_months
from bot.console.dashboards.chart import Chart
from bot.console.dashboards.counted_days import CountedDays
from bot.console.dashboards.daily_charts import daily_charts
from bot.console.dashboards.day_counts import TOTAL
from bot.console.dashboards.period import Period
from bot.console.dashboards.tally import Tally
from bot.console.dashboards.whole_charts import whole_charts
from bot.console.inbox_filter import RATED
from bot.console.outcomes import Outcome

KEYS = (
    "volume",
    "outcomes",
    "fallbacks",
    "trend",
    "reasons",
    "intents",
    "latencies",
    "hearing",
    "ratings",
    "first_timers",
    "hours",
)
"""Every chart by its name in addresses."""


@dataclass(frozen=True)
class Headline:
    """One number above the charts."""

    name: str
    value: str
    link: str


@dataclass(frozen=True)
class Overview:
    """One page."""

    headlines: list[Headline]
    charts: list[Chart]


class Dashboards:
    """Blocks: called from worker threads."""

    def __init__(self, database: Database, days: CountedDays) -> None:
        self._database = database
        self.days = days

    def overview(self, period: Period) -> Overview:
        """Everything that the page shows of this period."""
        counted = self.days.between(period.first, period.last)
        with self._database.reading() as connection:
            months = first_time_months(connection)
        # One for all of them: a year's counts are added up once.
        tally = Tally(counted.values(), period.channel)
        charts = daily_charts(period, counted, tally) + whole_charts(period, counted, tally, months)
        return Overview(headlines(period, tally), charts)

    def chart(self, period: Period, key: str) -> Chart | None:
        """One of them; None: there is none of this name."""
        return next((chart for chart in self.overview(period).charts if chart.key == key), None)


def headlines(period: Period, tally: Tally) -> list[Headline]:
    """The numbers that are asked for first."""
    slow = tally.time_ms(TOTAL, 0.95)
    contained, handed = tally.share(Outcome.CONTAINED), tally.share(Outcome.HANDED_OFF)
    return [
        Headline("对话", f"{tally.conversations:,}", period.inbox()),
        Headline("自助解决率", _shown(contained, "%"), period.inbox(outcome=Outcome.CONTAINED.value)),
        Headline("转人工率", _shown(handed, "%"), period.inbox(outcome=Outcome.HANDED_OFF.value)),
        Headline("没听懂", _shown(tally.missed, "%"), period.inbox(intent="nlu_fallback")),
        Headline(
            "答复用时 P95", _shown(None if slow is None else slow / 1000, " 秒"), period.inbox(latency="2")
        ),
        Headline("满意度", _shown(tally.rating, " 分"), period.inbox(rating=RATED)),
    ]


def _shown(value: object, unit: str) -> str:
    return "—" if value is None else f"{value}{unit}"
