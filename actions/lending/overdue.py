"""Overdue: days late and the penalty, day by day."""

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


def days_overdue(due_on: date, on: date) -> int:
    """Return the days since the due date; 0 on the due date itself and before."""
    return max(0, (on - due_on).days)


def annualised_penalty_rate(rate_per_day: Decimal) -> Decimal:
    """Return what the daily penalty comes to in a year; simple, as there is no penalty on penalty."""
    return rate_per_day * DAYS_A_YEAR


def penalty_fen(unpaid_fen: int, due_on: date, on: date, rule: OverdueRule) -> int:
    """Return the penalty that has built up until ``on`` for an unpaid principal and interest.

    Nothing within the grace period; after it, the penalty counts from the day after the due date. It is simple
    (no penalty on penalty) and rounded once, so that it does not depend on how often it was looked at.
    """
    days = days_overdue(due_on, on)
    if days <= rule.grace_days:
        return 0
    return round_fen(unpaid_fen * rule.penalty_rate_per_day * days)


def penalty_by_day(unpaid_fen: int, due_on: date, on: date, rule: OverdueRule) -> tuple[PenaltyDay, ...]:
    """Return what each day since the due date added; the first day after the grace period adds all of it."""
    rows = []
    total_before_fen = 0
    for number in range(1, days_overdue(due_on, on) + 1):
        day = due_on + timedelta(days=number)
        total_fen = penalty_fen(unpaid_fen, due_on, day, rule)
        rows.append(PenaltyDay(day, total_fen - total_before_fen, total_fen))
        total_before_fen = total_fen
    return tuple(rows)
