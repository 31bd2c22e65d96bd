"""Early repayment: what closes a loan today, and what it saves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actions.lending.errors import LendingError
from actions.lending.money import round_fen
from actions.lending.overdue import LatePayment, penalty_owed_fen
from actions.lending.products import EarlyRepaymentRule, OverdueRule
from actions.lending.schedule import MONTHS_PER_YEAR, Instalment, interest_of_days


class EarlyRepaymentNotAllowed(LendingError):
    """The product does not take the money back before the end."""

    code = "early_repayment_not_allowed"


class NothingOutstanding(LendingError):
    """The loan is settled."""

    code = "nothing_outstanding"


@dataclass(frozen=True)
class EarlyRepaymentQuote:
    """The sum that closes the loan on ``on``, and its parts."""

    on: date
    principal_fen: int
    """All principal not yet paid, overdue instalments included."""
    interest_fen: int
    """Interest of instalments already due plus the days of the running month."""
    penalty_fen: int
    fee_fen: int
    fee_rate: Decimal
    """The part of the fee that is a share of the principal; 0 once early repayment is free."""
    total_fen: int
    saved_interest_fen: int
    """Interest of the schedule that falls away."""
    notice_days: int
    assumed_paid: int = 0
    """Instalments that fall due before ``on`` and are taken to be paid on their day."""


def early_repayment(
    unpaid: Sequence[Instalment],
    paid_instalments: int,
    last_due_on: date,
    annual_rate: Decimal,
    rule: EarlyRepaymentRule,
    overdue_rule: OverdueRule,
    on: date,
    payments: Mapping[int, Sequence[LatePayment]] | None = None,
    assumed_paid: int = 0,
) -> EarlyRepaymentQuote:
    """Compute what closes a loan on a day.

    ``unpaid`` are the instalments still to be paid (amounts less what was paid of them), ``last_due_on`` is the
    last due date up to ``on`` (or the day of disbursement): from then on interest runs by the day on a year of
    360 days, never more than the month's own interest. The fee is charged on principal that was not yet due.
    ``payments`` came in late for instalments, by number; ``assumed_paid`` instalments were left out of ``unpaid``
    as due before ``on``, and are told on. Raises EarlyRepaymentNotAllowed, NothingOutstanding.
    """
    if not unpaid:
        raise NothingOutstanding("这笔贷款已经结清，不用再还")
    if not rule.allowed:
        raise EarlyRepaymentNotAllowed("这款产品不支持提前还款")
    # An instalment due on the very day is owed whole; it counts as due, though not as late.
    due = [row for row in unpaid if row.due_on <= on]
    ahead = [row for row in unpaid if row.due_on > on]
    principal_ahead_fen = sum(row.principal_fen for row in ahead)
    interest_ahead_fen = sum(row.interest_fen for row in ahead)
    running_fen = running_interest_fen(ahead, principal_ahead_fen, last_due_on, annual_rate, on)
    late = payments or {}
    penalties_fen = sum(
        penalty_owed_fen(row.amount_fen, row.due_on, on, overdue_rule, late.get(row.number, ()))
        for row in due
    )
    fee_fen = early_fee_fen(principal_ahead_fen, paid_instalments, annual_rate, rule)
    principal_fen = principal_ahead_fen + sum(row.principal_fen for row in due)
    interest_fen = running_fen + sum(row.interest_fen for row in due)
    return EarlyRepaymentQuote(
        on=on,
        principal_fen=principal_fen,
        interest_fen=interest_fen,
        penalty_fen=penalties_fen,
        fee_fen=fee_fen,
        fee_rate=Decimal(0) if is_free(paid_instalments, rule) else rule.fee_rate,
        total_fen=principal_fen + interest_fen + penalties_fen + fee_fen,
        saved_interest_fen=interest_ahead_fen - running_fen,
        notice_days=rule.notice_days,
        assumed_paid=assumed_paid,
    )


def is_free(paid_instalments: int, rule: EarlyRepaymentRule) -> bool:
    """Tell whether so many instalments were paid that early repayment costs nothing."""
    return paid_instalments >= rule.free_after_instalments


def early_fee_fen(
    principal_fen: int, paid_instalments: int, annual_rate: Decimal, rule: EarlyRepaymentRule
) -> int:
    """Return the fee on ``principal_fen`` paid before its time: share, months of interest and fixed sum, as stated."""
    if principal_fen == 0 or is_free(paid_instalments, rule):
        return 0
    # Divided last, as interest is (schedule.interest_of_days): exactly half a fen goes up.
    yearly = rule.fee_rate * MONTHS_PER_YEAR + annual_rate * rule.fee_interest_months
    return round_fen(principal_fen * yearly / MONTHS_PER_YEAR) + rule.fee_fixed_fen


def running_interest_fen(
    ahead: Sequence[Instalment], principal_fen: int, last_due_on: date, annual_rate: Decimal, on: date
) -> int:
    """Return the interest by the day since ``last_due_on`` on principal not yet due, at most the period's own."""
    if not ahead:
        return 0
    days = max(0, (on - last_due_on).days)
    return min(interest_of_days(principal_fen, annual_rate, days), ahead[0].interest_fen)
