"""Overdue: days and penalty."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.lending.overdue import (
    LatePayment,
    annualised_penalty_rate,
    days_overdue,
    penalty_by_day,
    penalty_fen,
    penalty_owed_fen,
)
from actions.lending.products import OverdueRule

DUE = date(2026, 11, 14)
THREE_DAYS_GRACE = OverdueRule(grace_days=3, penalty_rate_per_day=Decimal("0.0005"), reported_after_days=4)
NO_GRACE = OverdueRule(grace_days=0, penalty_rate_per_day=Decimal("0.0005"), reported_after_days=1)


def test_the_daily_penalty_is_told_for_a_year_too() -> None:
    """As a price must be."""
    assert annualised_penalty_rate(Decimal("0.00036")) == Decimal("0.13140")


def test_on_the_due_date_nothing_is_overdue() -> None:
    """A payment on the last day is on time."""
    assert days_overdue(DUE, DUE) == 0
    assert penalty_fen(500_000, DUE, DUE, NO_GRACE) == 0


@pytest.mark.parametrize(("days", "expected_fen"), [(1, 0), (3, 0), (4, 1_000), (9, 2_250), (30, 7_500)])
def test_within_the_grace_period_nothing_is_charged_and_after_it_every_day(
    days: int, expected_fen: int
) -> None:
    """5000 yuan at 0.05 % is 2.50 yuan a day, from the day after the due date."""
    assert penalty_fen(500_000, DUE, DUE + timedelta(days=days), THREE_DAYS_GRACE) == expected_fen


def test_day_by_day_the_table_shows_what_each_day_adds() -> None:
    """The fourth day brings all four at once, the fifth one more."""
    rows = penalty_by_day(500_000, DUE, DUE + timedelta(days=5), THREE_DAYS_GRACE)
    assert [row.penalty_fen for row in rows] == [0, 0, 0, 1_000, 250]
    assert [row.day for row in rows] == [DUE + timedelta(days=n) for n in range(1, 6)]


@given(unpaid_fen=st.integers(1, 50_000_000), days=st.integers(0, 200), grace_days=st.integers(0, 10))
@settings(max_examples=60, deadline=None)
def test_the_days_add_up_to_the_penalty(unpaid_fen: int, days: int, grace_days: int) -> None:
    """Looking every day or once gives the same sum, and no day is negative."""
    rule = OverdueRule(grace_days, Decimal("0.00036"), 4)
    on = DUE + timedelta(days=days)
    rows = penalty_by_day(unpaid_fen, DUE, on, rule)
    assert sum(row.penalty_fen for row in rows) == penalty_fen(unpaid_fen, DUE, on, rule)
    assert all(row.penalty_fen >= 0 for row in rows)


def test_a_payment_in_between_ends_the_penalty_on_what_it_paid() -> None:
    """5000 yuan at 0.05 %: 2.50 a day; 3000 come in on the second day, from the third on it is 1.00 a day."""
    paid = [LatePayment(DUE + timedelta(days=2), 300_000)]
    rows = penalty_by_day(200_000, DUE, DUE + timedelta(days=5), NO_GRACE, paid)
    assert [row.penalty_fen for row in rows] == [250, 250, 100, 100, 100]
    assert rows[-1].total_fen == penalty_fen(200_000, DUE, DUE + timedelta(days=5), NO_GRACE, paid) == 800


def test_what_comes_in_within_the_grace_period_is_never_penalised() -> None:
    """3000 on the third day of grace cost nothing; the other 2000 are four days late on the fourth."""
    paid = [LatePayment(DUE + timedelta(days=3), 300_000)]
    rows = penalty_by_day(200_000, DUE, DUE + timedelta(days=5), THREE_DAYS_GRACE, paid)
    assert [row.penalty_fen for row in rows] == [0, 0, 0, 400, 100]


def test_penalty_that_was_paid_is_not_owed_again() -> None:
    paid = [LatePayment(DUE + timedelta(days=2), 300_000, penalty_fen=500)]
    on = DUE + timedelta(days=4)
    assert penalty_fen(200_000, DUE, on, NO_GRACE, paid) == 500 + 200
    assert penalty_owed_fen(200_000, DUE, on, NO_GRACE, paid) == 200
    assert penalty_owed_fen(200_000, DUE, DUE + timedelta(days=1), NO_GRACE, paid) == 250, "not yet paid then"


@given(
    parts=st.lists(st.tuples(st.integers(1, 40), st.integers(1, 1_000_000)), max_size=5),
    unpaid_fen=st.integers(0, 5_000_000),
    days=st.integers(0, 60),
    grace_days=st.integers(0, 5),
)
@settings(max_examples=80, deadline=None)
def test_paying_sooner_never_costs_more_and_each_day_adds_the_rate_on_what_is_late(
    parts: list[tuple[int, int]], unpaid_fen: int, days: int, grace_days: int
) -> None:
    rule = OverdueRule(grace_days, Decimal("0.0005"), 1)
    payments = [LatePayment(DUE + timedelta(days=day), fen) for day, fen in parts]
    on = DUE + timedelta(days=days)
    whole_fen = unpaid_fen + sum(fen for _, fen in parts)
    charged = penalty_fen(unpaid_fen, DUE, on, rule, payments)
    assert charged <= penalty_fen(whole_fen, DUE, on, rule)
    rows = penalty_by_day(unpaid_fen, DUE, on, rule, payments)
    assert sum(row.penalty_fen for row in rows) == charged
    for number, row in enumerate(rows, start=1):
        late_fen = unpaid_fen + sum(fen for day, fen in parts if day >= number)
        if number > grace_days + 1:
            assert abs(row.penalty_fen - late_fen * rule.penalty_rate_per_day) <= 1
