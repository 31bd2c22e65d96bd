"""Annualised rate: the internal rate of return over all costs."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.lending.annualised_rate import RateUndefined, annualised_rate, monthly_irr, present_value
from actions.lending.methods import RepaymentMethod
from actions.lending.schedule import instalments


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
