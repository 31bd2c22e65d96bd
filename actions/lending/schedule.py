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


def due_dates(disbursed_on: date, term_months: int, repayment_day: int | None = None) -> tuple[date, ...]:
    """Return the due dates: every month from the month after disbursement, on ``repayment_day``.

    ``repayment_day`` is the disbursement's day of the month unless given.
    """
    return tuple(add_months(disbursed_on, month, repayment_day) for month in range(1, term_months + 1))


def instalments(
    principal_fen: int,
    term_months: int,
    annual_rate: Decimal,
    method: RepaymentMethod,
    disbursed_on: date,
    repayment_day: int | None = None,
) -> tuple[Instalment, ...]:
    """Return the schedule of a loan. Every amount is rounded to the fen; the last instalment absorbs the rest.

    Interest of a month is the principal outstanding before it times ``annual_rate`` / 12. Raises
    ScheduleImpossible.
    """
    if principal_fen < term_months or not 1 <= term_months <= MAX_TERM_MONTHS or not 0 <= annual_rate < 1:
        raise ScheduleImpossible("贷款金额、期数或利率不合规则，无法计算还款计划")
    principals = _principals(principal_fen, term_months, annual_rate / MONTHS_PER_YEAR, method)
    rows = []
    outstanding_fen = principal_fen
    for number, due_on in enumerate(due_dates(disbursed_on, term_months, repayment_day), start=1):
        interest_fen = round_fen(outstanding_fen * annual_rate / MONTHS_PER_YEAR)
        rows.append(Instalment(number, due_on, principals[number - 1], interest_fen))
        outstanding_fen -= principals[number - 1]
    return tuple(rows)


def _principals(
    principal_fen: int, term_months: int, monthly_rate: Decimal, method: RepaymentMethod
) -> list[int]:
    """Return the principal part of each instalment; they add up to ``principal_fen`` exactly."""
    if method is RepaymentMethod.INTEREST_FIRST:
        return [0] * (term_months - 1) + [principal_fen]
    if method is RepaymentMethod.EQUAL_PRINCIPAL or monthly_rate == 0:
        part_fen = principal_fen // term_months
        return [part_fen] * (term_months - 1) + [principal_fen - part_fen * (term_months - 1)]
    payment_fen = equal_payment_fen(principal_fen, term_months, monthly_rate)
    parts: list[int] = []
    outstanding_fen = principal_fen
    for _ in range(term_months - 1):
        part_fen = min(payment_fen - round_fen(outstanding_fen * monthly_rate), outstanding_fen)
        parts.append(part_fen)
        outstanding_fen -= part_fen
    return [*parts, outstanding_fen]


def equal_payment_fen(principal_fen: int, term_months: int, monthly_rate: Decimal) -> int:
    """Return the annuity payment ``P * i / (1 - (1 + i) ** -n)`` (等额本息 formula), rounded to the fen."""
    with localcontext() as context:
        context.prec = 50
        growth = (1 + monthly_rate) ** term_months
        return round_fen(principal_fen * monthly_rate * growth / (growth - 1))
