"""Whole charts: what the period comes to as a whole: reasons, intents, times, certainty, ratings, hours."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from actions.lending.first_time import FirstTimeMonth
from bot.console.dashboards.chart import Chart, Row
from bot.console.dashboards.daily_charts import Days
from bot.console.dashboards.day_counts import STAGES, TOTAL
from bot.console.dashboards.months import month_days, months_of
from bot.console.dashboards.period import Period
from bot.console.dashboards.tally import Tally, percent
from bot.console.intent_names import intent_name
from bot.console.outcomes import Outcome

TOP_INTENTS = 15
MILLION_A_DAY = 1_000_000 // 24
"""Answers an hour that make a million a day, if every hour were like the others."""
PERCENTILES = (0.5, 0.9, 0.95, 0.99)
STAGE_NAMES = dict(zip((*STAGES, TOTAL), ("断句", "识别", "对话", "出声", "合计"), strict=True))
REASON_NAMES = {
    "customer_asked": "客户要求",
    "offer_accepted": "接受转人工的建议",
    "urgent_distress": "情绪紧急",
    "staff_away": "接管后离开",
}
_SLOW = {"endpointing_ms": "1", "recognition_ms": "1", "dialogue_ms": "1", "first_audio_ms": "1", TOTAL: "2"}
"""Which of the inbox's limits in seconds leads to the slow ones."""


def whole_charts(period: Period, days: Days, tally: Tally, months: Iterable[FirstTimeMonth]) -> list[Chart]:
    """One for each question that a day alone does not answer; ``tally`` is of the whole period."""
    return [
        reasons(period, tally),
        intents(period, tally),
        latencies(period, tally),
        hearing(period, tally),
        ratings(period, tally),
        first_timers(period, months),
        hours(period, days),
    ]


def reasons(period: Period, tally: Tally) -> Chart:
    """Why conversations went to a person."""
    link = period.inbox(outcome=Outcome.HANDED_OFF.value)
    rows = [
        Row(REASON_NAMES.get(reason, reason), (count,), link)
        for reason, count in tally.of("reason").most_common()
    ]
    note = "机器人登记的转人工请求，按原因计数。"
    return Chart("reasons", "转人工的原因", note, "ranks", ("原因", "次数"), tuple(rows))


def intents(period: Period, tally: Tally) -> Chart:
    """What customers want."""
    rows = [
        Row(intent_name(intent), (count,), period.inbox(intent=intent))
        for intent, count in tally.of("intent").most_common(TOP_INTENTS)
    ]
    note = f"客户说的每一句为一次，最多的 {TOP_INTENTS} 个。"
    return Chart("intents", "最多的意图", note, "ranks", ("意图", "句数"), tuple(rows))


def latencies(period: Period, tally: Tally) -> Chart:
    """How long customers wait, and where."""
    rows = [
        Row(
            name,
            tuple(tally.time_ms(stage, share) for share in PERCENTILES),
            period.inbox(latency=_SLOW[stage]),
        )
        for stage, name in STAGE_NAMES.items()
    ]
    return Chart(
        "latencies",
        "各段用时的百分位",
        "从客户说完到答复，只算测到的；一秒以内精确到 10 毫秒，十秒以内到 100 毫秒。",
        "bars",
        ("阶段", *(f"P{share * 100:.0f}" for share in PERCENTILES)),
        tuple(rows),
        unit=" 毫秒",
    )


def hearing(period: Period, tally: Tally) -> Chart:
    """How sure the recogniser was."""
    heard = tally.of("hearing")
    rows = [
        Row(
            f"{tenth * 10}–{tenth * 10 + 10}%",
            (heard[str(tenth)],),
            period.inbox(hearing="50" if tenth < 5 else "70" if tenth < 7 else "90")
            if tenth < 9
            else period.inbox(),
        )
        for tenth in range(10)
    ]
    note = "语音识别对每句话有多大把握；打字的不计。"
    return Chart("hearing", "语音识别置信度", note, "bars", ("置信度", "句数"), tuple(rows))


def ratings(period: Period, tally: Tally) -> Chart:
    """How satisfied customers were."""
    given = tally.of("rating")
    rows = [
        Row(f"{score} 分", (given[str(score)],), period.inbox(rating=str(score))) for score in range(5, 0, -1)
    ]
    answered = percent(given.total(), tally.ended)
    note = f"平均 {tally.rating} 分，{answered}% 的对话给了评分。" if given else "还没有客户评分。"
    return Chart("ratings", "客户满意度", note, "bars", ("评分", "对话数"), tuple(rows))


def first_timers(period: Period, months: Iterable[FirstTimeMonth]) -> Chart:
    """The supervision metric, from the lending data: by month, whatever the channel."""
    wanted = months_of(period)
    rows = []
    for month in months:
        if month.month in wanted:
            shares = (month.applications.share, month.disbursements.share)
            values = tuple(
                None if share is None else (share * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
                for share in shares
            )
            since, until = month_days(month.month)
            rows.append(Row(month.month, values, period.inbox(since, until, intent="apply_loan")))
    return Chart(
        "first_timers",
        "首贷户占比",
        "来自借贷数据，按整月统计，与渠道无关；链接到当月问过申请贷款的对话。",
        "bars",
        ("月份", "申请", "放款"),
        tuple(rows),
        unit="%",
    )


def hours(period: Period, days: Days) -> Chart:
    """How far it is to a million answers a day."""
    daily = [Tally([counts], period.channel).of("hour") for counts in days.values()]
    total = period.begun
    rows = []
    for hour in range(24):
        answers = [counted[str(hour)] for counted in daily]
        mean = (Decimal(sum(answers)) / max(1, total)).quantize(Decimal("0.1"), ROUND_HALF_UP)
        rows.append(Row(f"{hour:02d} 时", (mean, max(answers, default=0)), period.inbox()))
    return Chart(
        "hours",
        "每小时答复数",
        f"平均按已到的 {total} 天计；横线为每天一百万次所需的每小时 {MILLION_A_DAY} 次；纵轴为对数。",
        "bars",
        ("钟点", "平均", "最忙的一天"),
        tuple(rows),
        limit=MILLION_A_DAY,
        limit_name="每天一百万次",
        logarithmic=True,
    )
