"""Part repayment: some principal goes back early, the rest in smaller instalments on the same days."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from actions.lending.early_repayment import EarlyRepaymentNotAllowed, NothingOutstanding
from actions.lending.errors import LendingError
from actions.lending.methods import RepaymentMethod
from actions.lending.part_repayment import (
    InstalmentsDueFirst,
    PartRepaymentQuote,
    PartTooLarge,
    PartTooSmall,
    part_repayment,
)
from actions.lending.products import EarlyRepaymentRule
from actions.lending.schedule import Instalment, instalments

DISBURSED = date(2026, 1, 15)
RATE = Decimal("0.12")
RULE = EarlyRepaymentRule(
    allowed=True,
    fee_rate=Decimal("0.01"),
    free_after_instalments=6,
    notice_days=3,
    partial_allowed=True,
    partial_min_fen=100_000,
)
LOAN = instalments(1_000_000, 4, RATE, RepaymentMethod.EQUAL_PRINCIPAL, DISBURSED)


def part(
    part_fen: int,
    on: date,
    rows: tuple[Instalment, ...] = LOAN,
    paid: int = 0,
    rule: EarlyRepaymentRule = RULE,
    method: RepaymentMethod = RepaymentMethod.EQUAL_PRINCIPAL,
) -> PartRepaymentQuote:
    """Pay a part back on a day after ``paid`` instalments."""
    last_due = rows[paid - 1].due_on if paid else DISBURSED
    return part_repayment(part_fen, rows[paid:], paid, last_due, RATE, method, rule, on)


def test_a_part_is_paid_with_its_days_of_interest_and_its_fee() -> None:
    """4000 of 10 000 yuan after ten days: 4000 x 12 % x 10 / 360 = 13.33 yuan, fee 1 % = 40 yuan.

    6000 are left: 1500 a month with 60, 45, 30, 15 of interest instead of 100, 75, 50, 25: saved 100 - 13.33.
    """
    quote = part(400_000, date(2026, 1, 25))
    assert (quote.interest_fen, quote.fee_fen, quote.total_fen) == (1_333, 4_000, 405_333)
    assert [(row.principal_fen, row.interest_fen) for row in quote.schedule] == [
        (150_000, 6_000),
        (150_000, 4_500),
        (150_000, 3_000),
        (150_000, 1_500),
    ]
    assert quote.saved_interest_fen == 10_000 - 1_333
    assert quote.principal_left_fen == 600_000


@pytest.mark.parametrize(
    ("part_fen", "on", "rule", "paid", "error"),
    [
        (99_999, date(2026, 1, 25), RULE, 0, PartTooSmall),
        (1_000_000, date(2026, 1, 25), RULE, 0, PartTooLarge),
        (400_000, date(2026, 1, 25), replace(RULE, partial_allowed=False), 0, EarlyRepaymentNotAllowed),
        (400_000, date(2026, 1, 25), replace(RULE, allowed=False), 0, EarlyRepaymentNotAllowed),
        (400_000, date(2026, 2, 15), RULE, 0, InstalmentsDueFirst),
        (400_000, date(2026, 2, 20), RULE, 0, InstalmentsDueFirst),
        (400_000, date(2026, 5, 20), RULE, 4, NothingOutstanding),
    ],
)
def test_what_cannot_be_paid_early_is_refused_by_name(
    part_fen: int, on: date, rule: EarlyRepaymentRule, paid: int, error: type[LendingError]
) -> None:
    with pytest.raises(error):
        part(part_fen, on, rule=rule, paid=paid)


@given(
    principal_fen=st.integers(1_000_000, 50_000_000),
    term_months=st.integers(2, 24),
    method=st.sampled_from(RepaymentMethod),
    paid=st.integers(0, 22),
    days=st.integers(0, 27),
    share=st.integers(1, 99),
)
@settings(max_examples=80, deadline=None)
def test_nothing_is_paid_twice_and_nothing_is_lost(
    principal_fen: int, term_months: int, method: RepaymentMethod, paid: int, days: int, share: int
) -> None:
    """All principal once; interest paid and saved is what was scheduled; no instalment grows but by a fen."""
    rows = instalments(principal_fen, term_months, RATE, method, DISBURSED)
    paid = min(paid, term_months - 1)
    on = (rows[paid - 1].due_on if paid else DISBURSED) + timedelta(days=days)
    outstanding_fen = sum(row.principal_fen for row in rows[paid:])
    part_fen = outstanding_fen * share // 100
    assume(part_fen >= RULE.partial_min_fen and outstanding_fen - part_fen > term_months)
    quote = part(part_fen, on, rows, paid, method=method)
    assert quote.principal_fen + sum(row.principal_fen for row in quote.schedule) == outstanding_fen
    scheduled_fen = sum(row.interest_fen for row in rows[paid:])
    new_fen = sum(row.interest_fen for row in quote.schedule)
    assert quote.interest_fen + new_fen + quote.saved_interest_fen == scheduled_fen
    assert quote.saved_interest_fen >= -term_months, "rounding alone"
    assert [row.due_on for row in quote.schedule] == [row.due_on for row in rows[paid:]]
    for new, old in zip(quote.schedule[:-1], rows[paid:-1], strict=True):
        assert new.amount_fen <= old.amount_fen + 1


@given(share=st.integers(10, 90), method=st.sampled_from(RepaymentMethod))
@settings(max_examples=30, deadline=None)
def test_paid_back_on_the_day_of_disbursement_the_rest_is_a_loan_of_that_size(
    share: int, method: RepaymentMethod
) -> None:
    rows = instalments(10_000_000, 12, RATE, method, DISBURSED)
    quote = part(100_000 * share, DISBURSED, rows, method=method)
    fresh = instalments(quote.principal_left_fen, 12, RATE, method, DISBURSED)
    assert quote.interest_fen == 0
    assert quote.schedule == fresh
