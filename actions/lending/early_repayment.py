"""Early repayment: what closes a loan today, and what it saves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actions.lending.errors import LendingError
from actions.lending.money import round_fen
from actions.lending.overdue import penalty_fen
from actions.lending.products import DAYS_PER_YEAR, EarlyRepaymentRule, OverdueRule
from actions.lending.schedule import Instalment


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
    total_fen: int
    saved_interest_fen: int
    """Interest of the schedule that falls away."""
    notice_days: int


def early_repayment(
    unpaid: Sequence[Instalment],
    paid_instalments: int,
    last_due_on: date,
    annual_rate: Decimal,
    rule: EarlyRepaymentRule,
    overdue_rule: OverdueRule,
    on: date,
) -> EarlyRepaymentQuote:
    """Compute what closes a loan on a day.

    ``unpaid`` are the instalments still to be paid (amounts less what was paid of them), ``last_due_on`` is the
    last due date up to ``on`` (or the day of disbursement): from then on interest runs by the day on a year of
    360 days, never more than the month's own interest. The fee is charged on principal that was not yet due.
    Raises EarlyRepaymentNotAllowed, NothingOutstanding.
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
    running_fen = _running_interest(ahead, principal_ahead_fen, last_due_on, annual_rate, on)
    fee_rate = Decimal(0) if paid_instalments >= rule.free_after_instalments else rule.fee_rate
    fee_fen = round_fen(principal_ahead_fen * fee_rate)
    penalties_fen = sum(penalty_fen(row.amount_fen, row.due_on, on, overdue_rule) for row in due)
    principal_fen = principal_ahead_fen + sum(row.principal_fen for row in due)
    interest_fen = running_fen + sum(row.interest_fen for row in due)
    return EarlyRepaymentQuote(
        on=on,
        principal_fen=principal_fen,
        interest_fen=interest_fen,
        penalty_fen=penalties_fen,
        fee_fen=fee_fen,
        fee_rate=fee_rate,
        total_fen=principal_fen + interest_fen + penalties_fen + fee_fen,
        saved_interest_fen=interest_ahead_fen - running_fen,
        notice_days=rule.notice_days,
    )


def _running_interest(
    ahead: Sequence[Instalment], principal_fen: int, last_due_on: date, annual_rate: Decimal, on: date
) -> int:
    if not ahead:
        return 0
    days = max(0, (on - last_due_on).days)
    return min(round_fen(principal_fen * annual_rate * days / DAYS_PER_YEAR), ahead[0].interest_fen)
