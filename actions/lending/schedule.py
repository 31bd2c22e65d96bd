"""Schedule: when which instalment falls due, how much of it is principal and how much interest."""

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from actions.lending.errors import LendingError
from actions.lending.methods import RepaymentMethod
from actions.lending.money import round_fen

MONTHS_PER_YEAR = 12
MAX_TERM_MONTHS = 360
DAYS_PER_MONTH = 30
DAYS_PER_YEAR = 360
"""Chinese banks count interest by the day on a year of 360 days."""
MAX_REPAYMENT_DAY = 31
MAX_FIRST_PERIOD_DAYS = 92


class ScheduleImpossible(LendingError):
    """Amount, term or rate make no loan."""

    code = "schedule_impossible"


@dataclass(frozen=True)
class Instalment:
    """One row of a repayment schedule."""

    number: int
    """Counts from 1."""
    due_on: date
    principal_fen: int
    interest_fen: int

    @property
    def amount_fen(self) -> int:
        """What the borrower pays on ``due_on``."""
        return self.principal_fen + self.interest_fen


def add_months(day: date, months: int, day_of_month: int | None = None) -> date:
    """Move ``day`` by calendar months; a day that the month lacks becomes its last day."""
    index = day.year * MONTHS_PER_YEAR + day.month - 1 + months
    year, month = index // MONTHS_PER_YEAR, index % MONTHS_PER_YEAR + 1
    wanted = day_of_month or day.day
    return date(year, month, min(wanted, calendar.monthrange(year, month)[1]))


def due_dates(
    disbursed_on: date,
    term_months: int,
    repayment_day: int | None = None,
    first_due_on: date | None = None,
) -> tuple[date, ...]:
    """Return the due dates: every month from ``first_due_on`` (the month after disbursement), on ``repayment_day``.

    ``repayment_day`` (1..31) is the day of ``first_due_on`` or of disbursement unless given. Raises ScheduleImpossible.
    """
    if repayment_day is not None and not 1 <= repayment_day <= MAX_REPAYMENT_DAY:
        raise ScheduleImpossible("还款日要在1号到31号之间")
    first = first_due_on or add_months(disbursed_on, 1, repayment_day)
    if not 0 < (first - disbursed_on).days <= MAX_FIRST_PERIOD_DAYS:
        raise ScheduleImpossible("第一个还款日要在放款以后三个月之内")
    day = repayment_day or (first_due_on.day if first_due_on else disbursed_on.day)
    return (first, *(add_months(first, month, day) for month in range(1, term_months)))


def first_period_days(disbursed_on: date, first_due_on: date, repayment_day: int | None = None) -> int:
    """Return the days that the first period costs interest for; a whole month is thirty whatever its days.

    A loan of 31 January with repayment day 31 that falls due on 28 February ran a whole month. Anything else is an
    odd period and counts by its days (actual/360), so that ten days are a third of a month.
    """
    day = repayment_day or max(disbursed_on.day, first_due_on.day)
    if add_months(first_due_on, -1, day) == disbursed_on and add_months(disbursed_on, 1, day) == first_due_on:
        return DAYS_PER_MONTH
    return (first_due_on - disbursed_on).days


def instalments(
    principal_fen: int,
    term_months: int,
    annual_rate: Decimal,
    method: RepaymentMethod,
    disbursed_on: date,
    repayment_day: int | None = None,
    first_due_on: date | None = None,
) -> tuple[Instalment, ...]:
    """Return the schedule of a loan. Every amount is rounded to the fen; the last instalment absorbs the rest.

    Interest of a month is the principal outstanding before it times ``annual_rate`` / 12, however many days the
    month has. In an odd first period it is times ``annual_rate`` x days / 360; principal parts do not depend on it,
    so only the first instalment differs from that of a loan without odd period. Raises ScheduleImpossible.
    """
    if principal_fen < term_months or not 1 <= term_months <= MAX_TERM_MONTHS or not 0 <= annual_rate < 1:
        raise ScheduleImpossible("贷款金额、期数或利率不合规则，无法计算还款计划")
    dates = due_dates(disbursed_on, term_months, repayment_day, first_due_on)
    parts = principal_parts(principal_fen, term_months, annual_rate, method)
    days = first_period_days(disbursed_on, dates[0], repayment_day)
    rows = []
    outstanding_fen = principal_fen
    for number, (due_on, part_fen) in enumerate(zip(dates, parts, strict=True), start=1):
        interest_fen = interest_of_days(outstanding_fen, annual_rate, days)
        rows.append(Instalment(number, due_on, part_fen, interest_fen))
        outstanding_fen -= part_fen
        days = DAYS_PER_MONTH
    return tuple(rows)


def interest_of_days(outstanding_fen: int, annual_rate: Decimal, days: int = DAYS_PER_MONTH) -> int:
    """Return the interest of some days, a month by default, of a year of 360, to the fen.

    Whoever needs interest asks here. The year is divided by last: the product is exact, so that half a fen, which a
    rate or a month with endless decimals misses by a hair, is rounded up everywhere alike.
    """
    return round_fen(outstanding_fen * annual_rate * days / DAYS_PER_YEAR)


def principal_parts(
    principal_fen: int, term_months: int, annual_rate: Decimal, method: RepaymentMethod
) -> list[int]:
    """Return the principal part of each instalment; they add up to ``principal_fen`` exactly."""
    if method is RepaymentMethod.INTEREST_FIRST:
        return [0] * (term_months - 1) + [principal_fen]
    if method is RepaymentMethod.EQUAL_PRINCIPAL or annual_rate == 0:
        part_fen = principal_fen // term_months
        return [part_fen] * (term_months - 1) + [principal_fen - part_fen * (term_months - 1)]
    payment_fen = equal_payment_fen(principal_fen, term_months, annual_rate)
    parts: list[int] = []
    outstanding_fen = principal_fen
    for _ in range(term_months - 1):
        part_fen = min(payment_fen - interest_of_days(outstanding_fen, annual_rate), outstanding_fen)
        parts.append(part_fen)
        outstanding_fen -= part_fen
    return [*parts, outstanding_fen]


def equal_payment_fen(principal_fen: int, term_months: int, annual_rate: Decimal) -> int:
    """Return the annuity payment ``P * i / (1 - (1 + i) ** -n)`` (等额本息 formula, i the month's rate), to the fen."""
    with localcontext() as context:
        context.prec = 50
        monthly_rate = annual_rate / MONTHS_PER_YEAR
        growth = (1 + monthly_rate) ** term_months
        return round_fen(principal_fen * monthly_rate * growth / (growth - 1))
