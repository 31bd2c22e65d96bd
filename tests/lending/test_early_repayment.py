"""Early repayment: what closes a loan today."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.lending.annualised_rate import monthly_irr
from actions.lending.early_repayment import (
    EarlyRepaymentNotAllowed,
    EarlyRepaymentQuote,
    NothingOutstanding,
    early_fee_fen,
    early_repayment,
)
from actions.lending.methods import RepaymentMethod
from actions.lending.products import EarlyRepaymentRule, OverdueRule
from actions.lending.schedule import Instalment, instalments

DISBURSED = date(2026, 1, 15)
RATE = Decimal("0.12")
RULE = EarlyRepaymentRule(
    allowed=True,
    fee_rate=Decimal("0.01"),
    free_after_instalments=2,
    notice_days=1,
    partial_allowed=True,
    partial_min_fen=500_000,
)
OVERDUE = OverdueRule(grace_days=0, penalty_rate_per_day=Decimal("0.0005"), reported_after_days=1)
SCHEDULE = instalments(1_000_000, 3, RATE, RepaymentMethod.INTEREST_FIRST, DISBURSED)


def closing(
    paid: int, on: date, rule: EarlyRepaymentRule = RULE, rows: tuple[Instalment, ...] = SCHEDULE
) -> EarlyRepaymentQuote:
    """Close the loan after ``paid`` instalments on a day."""
    last_due = max([DISBURSED, *(row.due_on for row in rows if row.due_on <= on)])
    return early_repayment(rows[paid:], paid, last_due, RATE, rule, OVERDUE, on)


def test_ten_days_after_disbursement_the_days_interest_and_the_fee_are_due() -> None:
    """10 000 yuan x 12 % x 10 / 360 = 33.33 yuan; the fee is 1 % = 100 yuan; 266.67 yuan of interest is saved."""
    quote = closing(paid=0, on=date(2026, 1, 25))
    assert (quote.principal_fen, quote.interest_fen, quote.fee_fen) == (1_000_000, 3_333, 10_000)
    assert quote.total_fen == 1_013_333
    assert quote.saved_interest_fen == 26_667


def test_half_a_fen_of_a_fee_of_months_of_interest_goes_up() -> None:
    """60 fen x 10 % / 12 is exactly half a fen; a twelfth of 10 % in decimals is a hair less."""
    rule = replace(RULE, fee_rate=Decimal(0), fee_interest_months=1)
    assert early_fee_fen(60, 0, Decimal("0.10"), rule) == 1


def test_after_enough_paid_instalments_there_is_no_fee() -> None:
    """Two are paid, the rule asks for two."""
    quote = closing(paid=2, on=date(2026, 3, 20))
    assert (quote.fee_fen, quote.fee_rate) == (0, Decimal(0))


def test_the_day_before_the_due_date_the_month_costs_its_own_interest() -> None:
    """30 days on a year of 360 are a twelfth: 100 yuan."""
    assert closing(paid=0, on=date(2026, 2, 14)).interest_fen == 10_000


def test_on_the_due_date_the_instalment_of_the_day_is_owed_whole_and_without_penalty() -> None:
    """100 yuan of interest, nothing yet of the next month; the fee is on what was not due: all principal."""
    quote = closing(paid=0, on=date(2026, 2, 15))
    assert (quote.interest_fen, quote.penalty_fen, quote.fee_fen) == (10_000, 0, 10_000)
    assert quote.saved_interest_fen == 20_000


def test_an_overdue_loan_is_closed_with_its_late_instalments_and_penalty() -> None:
    """Five days late with 100 yuan of interest: penalty 0.25 yuan; no fee on what was due anyway."""
    quote = closing(paid=0, on=date(2026, 2, 20))
    assert quote.penalty_fen == 25
    assert quote.interest_fen == 10_000 + 1_667
    assert quote.total_fen == 1_000_000 + 11_667 + 25 + 10_000


def test_after_the_last_due_date_only_what_is_late_is_left() -> None:
    """No running interest, no fee, nothing saved."""
    quote = closing(paid=2, on=date(2026, 4, 25))
    assert (quote.interest_fen, quote.fee_fen, quote.saved_interest_fen) == (10_000, 0, 0)


def test_a_product_may_refuse_early_repayment() -> None:
    """The refusal is named."""
    with pytest.raises(EarlyRepaymentNotAllowed):
        closing(paid=0, on=date(2026, 1, 25), rule=replace(RULE, allowed=False))


def test_a_settled_loan_has_nothing_to_close() -> None:
    """The refusal is named."""
    with pytest.raises(NothingOutstanding):
        closing(paid=3, on=date(2026, 5, 1))


@pytest.mark.parametrize(
    ("rule", "fee_fen"),
    [
        (replace(RULE, fee_rate=Decimal(0), fee_interest_months=2), 20_000),
        (replace(RULE, fee_rate=Decimal(0), fee_fixed_fen=20_000), 20_000),
        (replace(RULE, fee_interest_months=1, fee_fixed_fen=5_000), 25_000),
        (replace(RULE, free_after_instalments=0, fee_fixed_fen=5_000), 0),
    ],
)
def test_a_fee_is_a_share_months_of_interest_a_fixed_sum_or_all_of_them(
    rule: EarlyRepaymentRule, fee_fen: int
) -> None:
    """On 10 000 yuan at 1 % a month: two months are 200 yuan; 1 % and one month and 50 yuan are 250."""
    assert closing(paid=0, on=date(2026, 1, 25), rule=rule).fee_fen == fee_fen


def test_after_the_last_due_date_not_even_a_fixed_fee_is_charged() -> None:
    rule = replace(RULE, fee_fixed_fen=5_000, free_after_instalments=9)
    assert closing(paid=2, on=date(2026, 4, 25), rule=rule).fee_fen == 0


@given(
    principal_fen=st.integers(1_000_000, 50_000_000),
    term_months=st.integers(2, 24),
    method=st.sampled_from(RepaymentMethod),
    paid=st.integers(0, 23),
)
@settings(max_examples=60, deadline=None)
def test_paid_so_far_and_closing_on_a_due_date_are_the_loan_at_its_rate(
    principal_fen: int, term_months: int, method: RepaymentMethod, paid: int
) -> None:
    """Without a fee, what was paid and what closes the loan have the nominal rate of return: nothing is paid twice."""
    rows = instalments(principal_fen, term_months, RATE, method, DISBURSED)
    paid = min(paid, term_months - 1)
    free = replace(RULE, free_after_instalments=0)
    quote = closing(paid, rows[paid].due_on, rule=free, rows=rows)
    payments = [row.amount_fen for row in rows[:paid]] + [quote.total_fen]
    assert abs(monthly_irr(principal_fen, payments) * 12 - RATE) < Decimal("0.0001")
    assert sum(row.principal_fen for row in rows[:paid]) + quote.principal_fen == principal_fen


@given(
    principal_fen=st.integers(1_000_000, 50_000_000),
    term_months=st.integers(2, 24),
    method=st.sampled_from(RepaymentMethod),
    paid=st.integers(0, 23),
    day=st.integers(0, 27),
)
@settings(max_examples=60, deadline=None)
def test_closing_never_costs_more_interest_than_going_on(
    principal_fen: int, term_months: int, method: RepaymentMethod, paid: int, day: int
) -> None:
    """All principal is paid exactly once, and interest paid plus saved is the interest that was scheduled."""
    rows = instalments(principal_fen, term_months, RATE, method, DISBURSED)
    paid = min(paid, term_months - 1)
    month_start = DISBURSED if paid == 0 else rows[paid - 1].due_on
    quote = closing(paid, date.fromordinal(month_start.toordinal() + day), rows=rows)
    assert quote.principal_fen == sum(row.principal_fen for row in rows[paid:])
    assert quote.saved_interest_fen >= 0
    assert quote.interest_fen + quote.saved_interest_fen == sum(row.interest_fen for row in rows[paid:])
    assert quote.total_fen == quote.principal_fen + quote.interest_fen + quote.fee_fen + quote.penalty_fen
