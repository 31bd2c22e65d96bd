"""Part repayment: what it costs to pay some principal back early, and what is left to pay then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actions.lending.early_repayment import (
    EarlyRepaymentNotAllowed,
    NothingOutstanding,
    early_fee_fen,
    running_interest_fen,
)
from actions.lending.errors import LendingError
from actions.lending.methods import RepaymentMethod
from actions.lending.money import round_fen, written_yuan
from actions.lending.products import EarlyRepaymentRule
from actions.lending.schedule import Instalment, interest_of_days, principal_parts


class PartTooSmall(LendingError):
    """Less than the product takes back at once."""

    code = "part_too_small"


class PartTooLarge(LendingError):
    """As much as is outstanding, or more: that closes the loan."""

    code = "part_too_large"


class InstalmentsDueFirst(LendingError):
    """Instalments are due or late; they are paid before anything is paid early."""

    code = "instalments_due_first"


@dataclass(frozen=True)
class PartRepaymentQuote:
    """What is paid on ``on``, and the instalments that follow."""

    on: date
    principal_fen: int
    """The part that is paid back."""
    interest_fen: int
    """Interest by the day on the part since the last due date, paid with it."""
    fee_fen: int
    total_fen: int
    saved_interest_fen: int
    principal_left_fen: int
    schedule: tuple[Instalment, ...]
    """The instalments to come: as many as before on the same days, each smaller."""
    notice_days: int
    assumed_paid: int = 0
    """Instalments that fall due before ``on`` and are taken to be paid on their day."""


def part_repayment(
    part_fen: int,
    unpaid: Sequence[Instalment],
    paid_instalments: int,
    last_due_on: date,
    annual_rate: Decimal,
    method: RepaymentMethod,
    rule: EarlyRepaymentRule,
    on: date,
    assumed_paid: int = 0,
) -> PartRepaymentQuote:
    """Compute the repayment of ``part_fen`` of the principal on a day.

    The term stays and the instalments become smaller: what is left is spread over the same due dates by the loan's
    own ``method``. Arguments are those of early_repayment. Raises EarlyRepaymentNotAllowed, NothingOutstanding,
    InstalmentsDueFirst, PartTooSmall, PartTooLarge.
    """
    _check(part_fen, unpaid, rule, on)
    principal_fen = sum(row.principal_fen for row in unpaid)
    left_fen = principal_fen - part_fen
    days_fen = running_interest_fen(unpaid, principal_fen, last_due_on, annual_rate, on)
    interest_fen = round_fen(Decimal(days_fen) * part_fen / principal_fen)
    fee_fen = early_fee_fen(part_fen, paid_instalments, annual_rate, rule)
    schedule = _rest(unpaid, principal_fen, left_fen, annual_rate, method)
    saved_fen = sum(row.interest_fen for row in unpaid) - sum(row.interest_fen for row in schedule)
    return PartRepaymentQuote(
        on=on,
        principal_fen=part_fen,
        interest_fen=interest_fen,
        fee_fen=fee_fen,
        total_fen=part_fen + interest_fen + fee_fen,
        saved_interest_fen=saved_fen - interest_fen,
        principal_left_fen=left_fen,
        schedule=schedule,
        notice_days=rule.notice_days,
        assumed_paid=assumed_paid,
    )


def _check(part_fen: int, unpaid: Sequence[Instalment], rule: EarlyRepaymentRule, on: date) -> None:
    if not unpaid:
        raise NothingOutstanding("这笔贷款已经结清，不用再还")
    if not (rule.allowed and rule.partial_allowed):
        raise EarlyRepaymentNotAllowed("这款产品不能只还一部分")
    if any(row.due_on <= on for row in unpaid):
        raise InstalmentsDueFirst("有到期没还的分期，要先还上")
    if part_fen < max(rule.partial_min_fen, 1):
        raise PartTooSmall(f"提前还一部分，最少还{written_yuan(rule.partial_min_fen)}")
    if part_fen >= sum(row.principal_fen for row in unpaid):
        raise PartTooLarge("提前还的金额够全部结清")


def _rest(
    unpaid: Sequence[Instalment],
    principal_fen: int,
    left_fen: int,
    annual_rate: Decimal,
    method: RepaymentMethod,
) -> tuple[Instalment, ...]:
    rows = []
    outstanding_fen = left_fen
    parts = principal_parts(left_fen, len(unpaid), annual_rate, method)
    for before, part_fen in zip(unpaid, parts, strict=True):
        if before is unpaid[0]:
            # The running period may be an odd one, so its interest shrinks with the principal.
            interest_fen = round_fen(Decimal(before.interest_fen) * left_fen / principal_fen)
        else:
            interest_fen = interest_of_days(outstanding_fen, annual_rate)
        rows.append(Instalment(before.number, before.due_on, part_fen, interest_fen))
        outstanding_fen -= part_fen
    return tuple(rows)
