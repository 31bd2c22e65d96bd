"""Overdue: days late and the penalty, day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from actions.lending.money import round_fen
from actions.lending.products import OverdueRule

DAYS_A_YEAR = 365


@dataclass(frozen=True)
class PenaltyDay:
    """The penalty of one day."""

    day: date
    penalty_fen: int
    total_fen: int
    """The penalty of all days up to this one."""


@dataclass(frozen=True)
class LatePayment:
    """What came in for an instalment after its due date."""

    on: date
    amount_fen: int
    """Principal and interest; counts as paid at the end of that day."""
    penalty_fen: int = 0


def days_overdue(due_on: date, on: date) -> int:
    """Return the days since the due date; 0 on the due date itself and before."""
    return max(0, (on - due_on).days)


def annualised_penalty_rate(rate_per_day: Decimal) -> Decimal:
    """Return what the daily penalty comes to in a year; simple, as there is no penalty on penalty."""
    return rate_per_day * DAYS_A_YEAR


def penalty_fen(
    unpaid_fen: int, due_on: date, on: date, rule: OverdueRule, payments: Sequence[LatePayment] = ()
) -> int:
    """Return the penalty that has built up until ``on`` for what is late of one instalment.

    ``unpaid_fen`` is the principal and interest that is unpaid today, after ``payments``; each of those was late
    for its own days. Nothing within the grace period; after it, the penalty counts from the day after the due date. It
    is simple (no penalty on penalty) and rounded once, so that it does not depend on how often it was looked at.
    """
    late = [(unpaid_fen, on), *((one.amount_fen, min(one.on, on)) for one in payments)]
    fen_days = sum(
        amount_fen * days
        for amount_fen, until in late
        if (days := days_overdue(due_on, until)) > rule.grace_days
    )
    return round_fen(fen_days * rule.penalty_rate_per_day)


def penalty_owed_fen(
    unpaid_fen: int, due_on: date, on: date, rule: OverdueRule, payments: Sequence[LatePayment] = ()
) -> int:
    """Return the penalty less what was paid of it until ``on``."""
    paid_fen = sum(one.penalty_fen for one in payments if one.on <= on)
    return max(0, penalty_fen(unpaid_fen, due_on, on, rule, payments) - paid_fen)


def penalty_by_day(
    unpaid_fen: int, due_on: date, on: date, rule: OverdueRule, payments: Sequence[LatePayment] = ()
) -> tuple[PenaltyDay, ...]:
    """Return what each day since the due date added; the first day after the grace period adds all of it."""
    rows = []
    total_before_fen = 0
    for number in range(1, days_overdue(due_on, on) + 1):
        day = due_on + timedelta(days=number)
        total_fen = penalty_fen(unpaid_fen, due_on, day, rule, payments)
        rows.append(PenaltyDay(day, total_fen - total_before_fen, total_fen))
        total_before_fen = total_fen
    return tuple(rows)
