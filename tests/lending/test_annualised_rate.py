"""Annualised rate: the internal rate of return over all costs."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.lending.annualised_rate import (
    RateUndefined,
    annualised_rate,
    effective_rate,
    monthly_irr,
    present_value,
)
from actions.lending.methods import RepaymentMethod
from actions.lending.schedule import DAYS_PER_MONTH, first_period_days, instalments


@given(
    principal_fen=st.integers(1_000_000, 100_000_000),
    term_months=st.integers(1, 36),
    annual_rate=st.decimals("0.01", "0.24", places=4),
    method=st.sampled_from(RepaymentMethod),
    fee_percent=st.integers(0, 5),
)
@settings(max_examples=40, deadline=None)
def test_at_the_internal_rate_payments_are_worth_what_was_received(
    principal_fen: int, term_months: int, annual_rate: Decimal, method: RepaymentMethod, fee_percent: int
) -> None:
    """Net present value is nothing to a hundredth of a fen, for every kind of loan, with fees and without."""
    rows = instalments(principal_fen, term_months, annual_rate, method, date(2026, 1, 15))
    payments_fen = [row.amount_fen for row in rows]
    received_fen = principal_fen * (100 - fee_percent) // 100
    rate = monthly_irr(received_fen, payments_fen)
    assert abs(present_value(payments_fen, rate) - received_fen) < Decimal("0.01")
    if fee_percent == 0:
        assert abs(rate * 12 - annual_rate) < Decimal("0.0001")


def test_interest_first_at_one_percent_a_month_is_twelve_percent_a_year() -> None:
    """Without fees the annualised rate is the nominal one."""
    assert annualised_rate(1_000_000, [10_000] * 11 + [1_010_000]) == Decimal("0.1200")


def test_a_fee_paid_at_once_raises_the_rate() -> None:
    """9900 yuan received, 10100 paid a month later: 200 / 9900 a month, times twelve."""
    assert annualised_rate(990_000, [1_010_000]) == Decimal("0.2424")


def test_a_monthly_fee_on_the_first_amount_costs_almost_twice_its_name() -> None:
    """12 000 yuan in twelve parts with 0.6 % of 12 000 a month (“7.2 % a year”) is 13.03 % a year.

    Check by hand: at i = 0.010858 the annuity factor (1 - 1.010858 ** -12) / 0.010858 is 11.1940 = 12000 / 1072.
    """
    assert annualised_rate(1_200_000, [107_200] * 12) == Decimal("0.1303")


@pytest.mark.parametrize(
    ("received_fen", "payments_fen"), [(1_000_000, [500_000]), (0, [1]), (-1, [1]), (10, [])]
)
def test_payments_that_do_not_pay_the_loan_back_have_no_rate(
    received_fen: int, payments_fen: list[int]
) -> None:
    """They are refused by name."""
    with pytest.raises(RateUndefined):
        monthly_irr(received_fen, payments_fen)


@given(
    principal_fen=st.integers(1_000_000, 100_000_000),
    term_months=st.integers(1, 36),
    annual_rate=st.decimals("0.01", "0.24", places=4),
    method=st.sampled_from(RepaymentMethod),
    first_due_on=st.dates(date(2026, 1, 18), date(2026, 4, 15)),
)
@settings(max_examples=60, deadline=None)
def test_without_fees_the_rate_is_the_nominal_one_whatever_the_first_period(
    principal_fen: int, term_months: int, annual_rate: Decimal, method: RepaymentMethod, first_due_on: date
) -> None:
    start = date(2026, 1, 15)
    rows = instalments(principal_fen, term_months, annual_rate, method, start, first_due_on=first_due_on)
    first = Decimal(first_period_days(start, first_due_on, first_due_on.day)) / DAYS_PER_MONTH
    payments_fen = [row.amount_fen for row in rows]
    rate = monthly_irr(principal_fen, payments_fen, first)
    assert abs(present_value(payments_fen, rate, first) - principal_fen) < Decimal("0.01")
    # Half a fen of rounding in the only payment of a loan over three days weighs most.
    assert abs(rate * 12 - annual_rate) < Decimal("0.0003")


@given(
    principal_fen=st.integers(1_000_000, 100_000_000),
    term_months=st.integers(1, 36),
    annual_rate=st.decimals("0.01", "0.24", places=4),
    method=st.sampled_from(RepaymentMethod),
    start=st.dates(date(2024, 1, 1), date(2032, 1, 1)),
)
@settings(max_examples=60, deadline=None)
def test_the_rate_on_real_dates_is_close_to_a_year_of_compounded_months(
    principal_fen: int, term_months: int, annual_rate: Decimal, method: RepaymentMethod, start: date
) -> None:
    """Months of 28 to 31 days are a twelfth of a year only on average: most in one month, little in a year."""
    rows = instalments(principal_fen, term_months, annual_rate, method, start)
    real = effective_rate(principal_fen, [(row.due_on, row.amount_fen) for row in rows], start)
    compounded = (1 + annual_rate / 12) ** 12 - 1
    assert abs(real - compounded) <= compounded * (Decimal("0.12") if term_months < 12 else Decimal("0.03"))


def test_a_year_of_interest_in_one_payment_is_its_own_compound_rate() -> None:
    """10 000 yuan, 10 800 a year (365 days) later: 8 %."""
    assert effective_rate(1_000_000, [(date(2027, 1, 15), 1_080_000)], date(2026, 1, 15)) == Decimal("0.0800")


def test_the_rate_on_real_dates_is_that_of_the_example_in_spreadsheet_manuals() -> None:
    """-10 000 on 1 January 2008; 2750, 4250, 3250, 2750 on later days: XIRR is 37.34 %."""
    payments = [
        (date(2008, 3, 1), 275_000),
        (date(2008, 10, 30), 425_000),
        (date(2009, 2, 15), 325_000),
        (date(2009, 4, 1), 275_000),
    ]
    assert effective_rate(1_000_000, payments, date(2008, 1, 1)) == Decimal("0.3734")


def test_payments_that_are_not_in_order_have_no_rate() -> None:
    payments = [(date(2026, 3, 1), 600_000), (date(2026, 2, 1), 600_000)]
    with pytest.raises(RateUndefined):
        effective_rate(1_000_000, payments, date(2026, 1, 1))
    with pytest.raises(RateUndefined):
        effective_rate(1_000_000, [(date(2026, 1, 1), 1_100_000)], date(2026, 1, 1))


def test_a_fee_with_each_instalment_costs_more_than_the_same_money_at_the_end() -> None:
    """12 000 yuan over 12 months, 1000 principal and 60 fee each: i = 0.9080 % a month, twelve times 10.90 %.

    By hand: at i = 0.0090805 the annuity factor is 11.3208 = 12000 / 1060.
    """
    assert annualised_rate(1_200_000, [106_000] * 12) == Decimal("0.1090")
