"""Loan position: where a loan stands on a day, derived from its instalments and what came in late for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from actions.lending.overdue import LatePayment, days_overdue, penalty_owed_fen
from actions.lending.products import OverdueRule
from actions.lending.schedule import Instalment
from actions.lending.views import InstalmentView, LoanState, OverdueView


@dataclass(frozen=True)
class PaidInstalment:
    """A row of the schedule with what was paid of it."""

    number: int
    due_on: date
    principal_fen: int
    interest_fen: int
    paid_principal_fen: int
    paid_interest_fen: int

    def unpaid(self) -> Instalment:
        """What is still to be paid of it."""
        return Instalment(
            self.number,
            self.due_on,
            self.principal_fen - self.paid_principal_fen,
            self.interest_fen - self.paid_interest_fen,
        )


def as_if_paid_when_due(
    rows: Sequence[PaidInstalment], today: date, on: date
) -> tuple[tuple[PaidInstalment, ...], int]:
    """The schedule as it will stand on ``on`` when what falls due from ``today`` until then is paid on its day.

    Returns the rows and how many were taken for paid. A loan that is late today is left as it is: nothing says that
    its next instalments will come in. What is due on the very day is part of the sum that is paid then.
    """
    open_rows = [row for row in rows if row.unpaid().amount_fen > 0]
    if any(row.due_on < today for row in open_rows):
        return tuple(rows), 0
    coming = {row.number for row in open_rows if today <= row.due_on < on}
    paid = tuple(
        replace(row, paid_principal_fen=row.principal_fen, paid_interest_fen=row.interest_fen)
        if row.number in coming
        else row
        for row in rows
    )
    return paid, len(coming)


@dataclass(frozen=True)
class LoanPosition:
    """What instalments and payments say about a loan on ``on``."""

    on: date
    state: LoanState
    unpaid: tuple[Instalment, ...]
    paid_instalments: int
    outstanding_principal_fen: int
    next_instalment: InstalmentView | None
    overdue: OverdueView | None


LatePayments = Mapping[int, Sequence[LatePayment]]
"""By number of the instalment."""


def position(
    rows: Sequence[PaidInstalment], rule: OverdueRule, on: date, payments: LatePayments | None = None
) -> LoanPosition:
    """Derive the state of a loan; an instalment is late from the day after its due date."""
    unpaid = tuple(left for left in (row.unpaid() for row in rows) if left.amount_fen > 0)
    late = [row for row in unpaid if row.due_on < on]
    ahead = [row for row in unpaid if row.due_on >= on]
    state = LoanState.OVERDUE if late else LoanState.CURRENT if unpaid else LoanState.SETTLED
    return LoanPosition(
        on=on,
        state=state,
        unpaid=unpaid,
        paid_instalments=len(rows) - len(unpaid),
        outstanding_principal_fen=sum(row.principal_fen for row in unpaid),
        next_instalment=instalment_view(ahead[0]) if ahead else None,
        overdue=_overdue(late, rule, on, payments or {}) if late else None,
    )


def instalment_view(row: Instalment) -> InstalmentView:
    """Tell an instalment as customers hear it."""
    return InstalmentView(row.number, row.due_on, row.amount_fen, row.principal_fen, row.interest_fen)


def _overdue(late: Sequence[Instalment], rule: OverdueRule, on: date, payments: LatePayments) -> OverdueView:
    principal_fen = sum(row.principal_fen for row in late)
    interest_fen = sum(row.interest_fen for row in late)
    penalties_fen = sum(
        penalty_owed_fen(row.amount_fen, row.due_on, on, rule, payments.get(row.number, ())) for row in late
    )
    return OverdueView(
        days=days_overdue(late[0].due_on, on),
        since=late[0].due_on,
        instalments=len(late),
        amount_fen=principal_fen + interest_fen + penalties_fen,
        principal_fen=principal_fen,
        interest_fen=interest_fen,
        penalty_fen=penalties_fen,
        penalty_rate_per_day=rule.penalty_rate_per_day,
    )
