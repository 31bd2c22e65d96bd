"""Schedules: tables computed by hand, and what holds for every loan."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from actions.lending.methods import RepaymentMethod
from actions.lending.schedule import (
    ScheduleImpossible,
    add_months,
    due_dates,
    first_period_days,
    instalments,
    interest_of_days,
)

TEN_THOUSAND_YUAN = 1_000_000
ONE_PERCENT_A_MONTH = Decimal("0.12")
START = date(2026, 1, 15)

loans = {
    "principal_fen": st.integers(100_000, 100_000_000),
    "term_months": st.integers(1, 60),
    "annual_rate": st.decimals("0", "0.36", places=4),
    "method": st.sampled_from(RepaymentMethod),
}


def table(method: RepaymentMethod) -> list[tuple[int, int]]:
    """Principal and interest of 10 000 yuan over three months at one percent a month."""
    rows = instalments(TEN_THOUSAND_YUAN, 3, ONE_PERCENT_A_MONTH, method, START)
    return [(row.principal_fen, row.interest_fen) for row in rows]


def test_equal_instalments_match_the_table_computed_by_hand() -> None:
    """Payment 1000000 x 0.01 x 1.030301 / 0.030301 = 340022.11; the last instalment is one fen more."""
    assert table(RepaymentMethod.EQUAL_INSTALMENT) == [(330_022, 10_000), (333_322, 6_700), (336_656, 3_367)]


def test_equal_principal_matches_the_table_computed_by_hand() -> None:
    """A third each, the odd fen in the last; interest on 10000, 6666.67 and 3333.34 yuan."""
    assert table(RepaymentMethod.EQUAL_PRINCIPAL) == [(333_333, 10_000), (333_333, 6_667), (333_334, 3_333)]


def test_interest_first_pays_all_principal_at_the_end() -> None:
    """100 yuan of interest each month, then the 10 000."""
    assert table(RepaymentMethod.INTEREST_FIRST) == [(0, 10_000), (0, 10_000), (1_000_000, 10_000)]


@given(**loans)
@settings(max_examples=60, deadline=None)
def test_principal_parts_add_up_to_the_loan(
    principal_fen: int, term_months: int, annual_rate: Decimal, method: RepaymentMethod
) -> None:
    """To the fen, and no part is negative."""
    rows = instalments(principal_fen, term_months, annual_rate, method, START)
    assert sum(row.principal_fen for row in rows) == principal_fen
    assert all(row.principal_fen >= 0 and row.interest_fen >= 0 for row in rows)
    assert [row.number for row in rows] == list(range(1, term_months + 1))


@example(
    1_292_636, 55, Decimal("0.0160"), RepaymentMethod.EQUAL_INSTALMENT
)  # half a fen of interest in a month
@given(**(loans | {"method": st.just(RepaymentMethod.EQUAL_INSTALMENT)}))
@settings(max_examples=60, deadline=None)
def test_equal_instalments_differ_only_in_the_last(
    principal_fen: int, term_months: int, annual_rate: Decimal, method: RepaymentMethod
) -> None:
    """The last one absorbs the rounding: at most one fen a month, grown by interest."""
    amounts = [row.amount_fen for row in instalments(principal_fen, term_months, annual_rate, method, START)]
    assert len(set(amounts[:-1])) <= 1
    if annual_rate > 0:
        assert abs(amounts[-1] - amounts[0]) <= 3 * term_months
    else:
        assert 0 <= amounts[-1] - amounts[0] < term_months


@given(day=st.dates(date(2024, 1, 1), date(2032, 1, 1)), term_months=st.integers(1, 36))
@settings(max_examples=60, deadline=None)
def test_due_dates_are_a_month_apart_on_the_repayment_day(day: date, term_months: int) -> None:
    """In a month that lacks the day it is the last day, and the next month has the day again."""
    dates = due_dates(day, term_months)
    assert len(dates) == term_months
    for number, due_on in enumerate(dates, start=1):
        assert (due_on.year * 12 + due_on.month) - (day.year * 12 + day.month) == number
        assert due_on.day == day.day or (due_on.day < day.day and add_months(due_on, 0, 31) == due_on)


def test_a_loan_of_31_january_falls_due_at_the_end_of_february_and_on_31_march() -> None:
    """28 February does not become the repayment day for good."""
    assert due_dates(date(2026, 1, 31), 3) == (date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30))


@pytest.mark.parametrize(
    ("principal_fen", "term_months", "annual_rate"),
    [(0, 12, "0.1"), (-5, 1, "0.1"), (100_000, 0, "0.1"), (100_000, 361, "0.1"), (100_000, 12, "1.2")],
)
def test_an_impossible_loan_has_no_schedule(principal_fen: int, term_months: int, annual_rate: str) -> None:
    """It is refused by name instead of giving odd figures."""
    with pytest.raises(ScheduleImpossible):
        instalments(principal_fen, term_months, Decimal(annual_rate), RepaymentMethod.EQUAL_INSTALMENT, START)


@pytest.mark.parametrize(
    ("disbursed_on", "first_due_on", "repayment_day", "days"),
    [
        (date(2026, 1, 15), date(2026, 2, 15), None, 30),
        (date(2026, 1, 31), date(2026, 2, 28), None, 30),
        (date(2028, 1, 31), date(2028, 2, 29), 31, 30),
        (date(2026, 2, 28), date(2026, 3, 31), 31, 30),
        (date(2028, 2, 28), date(2028, 3, 31), 31, 32),
        (date(2026, 1, 15), date(2026, 1, 25), 25, 10),
        (date(2026, 1, 15), date(2026, 3, 1), 1, 45),
    ],
)
def test_a_first_period_is_a_month_or_counts_by_its_days(
    disbursed_on: date, first_due_on: date, repayment_day: int | None, days: int
) -> None:
    """28 February is the 31st of its month in 2026; in 2028 that is 29 February, so 32 days are 32 days."""
    assert first_period_days(disbursed_on, first_due_on, repayment_day) == days


@given(
    outstanding_fen=st.integers(0, 100_000_000),
    basis_points=st.integers(0, 3600),
    days=st.integers(0, 92),
)
def test_interest_is_rounded_half_up_as_whole_numbers_are(
    outstanding_fen: int, basis_points: int, days: int
) -> None:
    """Half a fen goes up, computed here without any decimals: 360 days of ten thousand basis points."""
    whole, rest = divmod(outstanding_fen * basis_points * days, 3_600_000)
    interest_fen = interest_of_days(outstanding_fen, Decimal(basis_points) / 10_000, days)
    assert interest_fen == whole + (rest * 2 >= 3_600_000)


def test_half_a_fen_of_an_odd_first_period_goes_up() -> None:
    """1 275 yuan x 12 % x 31 / 360 is 1 317.5 fen; with 31 / 30 of a month in decimals it was a hair less."""
    assert interest_of_days(127_500, Decimal("0.12"), 31) == 1_318


def test_ten_days_before_the_first_due_date_cost_a_third_of_a_month() -> None:
    """10 000 yuan x 12 % x 10 / 360 = 33.33 yuan; principal parts and later interest are those of a regular loan."""
    stub = instalments(
        TEN_THOUSAND_YUAN,
        3,
        ONE_PERCENT_A_MONTH,
        RepaymentMethod.EQUAL_INSTALMENT,
        START,
        first_due_on=date(2026, 1, 25),
    )
    assert [row.due_on for row in stub] == [date(2026, 1, 25), date(2026, 2, 25), date(2026, 3, 25)]
    assert [(row.principal_fen, row.interest_fen) for row in stub] == [
        (330_022, 3_333),
        (333_322, 6_700),
        (336_656, 3_367),
    ]


@given(**loans, start=st.dates(date(2024, 1, 1), date(2032, 1, 1)), repayment_day=st.integers(1, 31))
@settings(max_examples=80, deadline=None)
def test_any_repayment_day_makes_a_loan_that_is_paid_back_and_never_overpaid(
    principal_fen: int,
    term_months: int,
    annual_rate: Decimal,
    method: RepaymentMethod,
    start: date,
    repayment_day: int,
) -> None:
    rows = instalments(principal_fen, term_months, annual_rate, method, start, repayment_day)
    left_fen = principal_fen
    for before, row in zip((None, *rows), rows, strict=False):
        assert before is None or 28 <= (row.due_on - before.due_on).days <= 31
        assert row.due_on.day == repayment_day or row.due_on == add_months(row.due_on, 0, 31)
        left_fen -= row.principal_fen
        assert left_fen >= 0
    assert left_fen == 0


@pytest.mark.parametrize(
    ("repayment_day", "first_due_on"),
    [(0, None), (32, None), (None, START), (None, date(2026, 1, 1)), (None, date(2026, 5, 1))],
)
def test_an_impossible_due_date_is_refused(repayment_day: int | None, first_due_on: date | None) -> None:
    """No such day, not after the money came, or more than three months later."""
    with pytest.raises(ScheduleImpossible):
        due_dates(START, 3, repayment_day, first_due_on)
