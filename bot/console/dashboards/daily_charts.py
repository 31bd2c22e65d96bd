"""Daily charts: how many conversations, how they ended, what was not understood, how satisfied customers were."""

from collections.abc import Callable

from bot.console.dashboards.chart import Chart, Row, Value
from bot.console.dashboards.day_counts import NOT_UNDERSTOOD, Counts
from bot.console.dashboards.period import Period
from bot.console.dashboards.tally import ENDED, Tally
from bot.console.inbox_filter import CHANNELS
from bot.console.intent_names import intent_name
from bot.console.labels import word
from bot.console.outcomes import OUTCOME_NAMES

TREND_INTENTS = 6
"""Lines that can still be told apart."""

Days = dict[int, Counts]
"""Day (``changes.day_of``) -> its counts."""


def daily_charts(period: Period, days: Days, tally: Tally) -> list[Chart]:
    """One row a day each; ``tally`` is of the whole period."""
    charts = [volume(period, days), outcomes(period, days), fallbacks(period, days)]
    return [*charts, trend(period, days, tally)]


def volume(period: Period, days: Days) -> Chart:
    """Conversations by channel."""
    channels = (period.channel,) if period.channel else CHANNELS
    rows = _rows(
        period, days, lambda tally, counts: tuple(Tally([counts], one).conversations for one in channels)
    )
    return Chart(
        "volume",
        "对话量",
        "按对话开始的那天计数，含进行中的对话。",
        "stacked",
        ("日期", *(word(channel) for channel in channels)),
        rows,
    )


def outcomes(period: Period, days: Days) -> Chart:
    """How the conversations that are over ended."""
    return Chart(
        "outcomes",
        "自助解决、转人工、中途离开",
        "占当天已结束对话的百分比，进行中的不计。",
        "lines",
        ("日期", *(OUTCOME_NAMES[outcome] for outcome in ENDED)),
        _rows(period, days, lambda tally, _: tuple(tally.share(outcome) for outcome in ENDED)),
        unit="%",
    )


def fallbacks(period: Period, days: Days) -> Chart:
    """What was not understood."""
    return Chart(
        "fallbacks",
        "没听懂的比例",
        "客户说的每一句为一次，意图落到“没听懂”的占多少。",
        "lines",
        ("日期", "没听懂"),
        _rows(period, days, lambda tally, _: (tally.missed,), intent=NOT_UNDERSTOOD),
        unit="%",
    )


def trend(period: Period, days: Days, tally: Tally) -> Chart:
    """The most frequent intents, day by day."""
    frequent = [intent for intent, _ in tally.of("intent").most_common(TREND_INTENTS)]
    return Chart(
        "trend",
        "主要意图的走势",
        f"这段时间里最多的 {TREND_INTENTS} 个意图，每天各有多少句。",
        "lines",
        ("日期", *(intent_name(intent) for intent in frequent)),
        _rows(period, days, lambda tally, _: tuple(tally.of("intent")[intent] for intent in frequent)),
    )


def _rows(
    period: Period, days: Days, values: Callable[[Tally, Counts], tuple[Value, ...]], **facets: str
) -> tuple[Row, ...]:
    rows = []
    for number, day in enumerate(period.days(), start=period.first):
        counts = days.get(number, {})
        tally = Tally([counts], period.channel)
        rows.append(Row(day.isoformat(), values(tally, counts), period.inbox(day, **facets)))
    return tuple(rows)
