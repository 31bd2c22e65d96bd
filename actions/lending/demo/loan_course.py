"""Loan course: from a plan to the rows of a loan: schedule, payments, debits."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from actions.lending.demo.plans import DEBIT_FAILURES, ApplicationPlan, LoanPlan
from actions.lending.early_repayment import EarlyRepaymentQuote, early_repayment
from actions.lending.loan_position import PaidInstalment
from actions.lending.overdue import penalty_fen
from actions.lending.products import Product
from actions.lending.quote import quote
from actions.lending.schedule import Instalment, add_months, instalments

LATE_DAYS = 5
LATE_CHANCE = 0.05
RETRY_DAYS = 3
LAST_PAID_BEFORE_SETTLING_DAYS = 10


@dataclass(frozen=True)
class Debit:
    """A try to debit the card."""

    number: int
    on: date
    amount_fen: int
    result: str
    reason: str = ""


@dataclass(frozen=True)
class Receipt:
    """Money that came in."""

    number: int
    on: date
    principal_fen: int
    interest_fen: int
    penalty_fen: int
    channel: str


@dataclass(frozen=True)
class LoanCourse:
    """Everything that the tables hold about one loan."""

    disbursed_on: date
    repayment_day: int
    annual_rate: str
    annualised_rate: str
    settled_on: date | None
    rows: tuple[PaidInstalment, ...]
    receipts: tuple[Receipt, ...]
    debits: tuple[Debit, ...]


def disbursement(plan: LoanPlan, term_months: int, today: date) -> tuple[date, int]:
    """Return the day of disbursement and the repayment day that put the loan where the plan says, today."""
    if plan.settled_days_ago is not None:
        settled_on = today - timedelta(days=plan.settled_days_ago)
        early = plan.paid_instalments < term_months
        last_paid = settled_on - timedelta(days=LAST_PAID_BEFORE_SETTLING_DAYS) if early else settled_on
        return add_months(last_paid, -plan.paid_instalments), last_paid.day
    days = plan.next_due_in_days if plan.overdue_days is None else -plan.overdue_days
    next_due = today + timedelta(days=days or 0)
    return add_months(next_due, -(plan.paid_instalments + 1)), next_due.day


def loan_course(application: ApplicationPlan, product: Product, today: date, seed: str) -> LoanCourse:
    """Play the loan from its disbursement to today."""
    plan = application.loan
    assert plan is not None, "only a disbursed application has a loan"
    disbursed_on, repayment_day = disbursement(plan, application.term_months, today)
    rates = {"min": product.annual_rate_min, "max": product.annual_rate_max}
    annual_rate = rates.get(application.rate_choice, product.annual_rate)
    offer = quote(product, application.amount_fen, application.term_months, application.method, annual_rate)
    schedule = instalments(
        application.amount_fen,
        application.term_months,
        annual_rate,
        application.method,
        disbursed_on,
        repayment_day,
    )
    receipts, debits = _paid(schedule[: plan.paid_instalments], product, today, random.Random(seed))
    rest = schedule[plan.paid_instalments :]
    rows = [_full(row) for row in schedule[: plan.paid_instalments]]
    settled_on = None
    if plan.settled_days_ago is None:
        rows += [_open(row) for row in rest]
        debits += _due_debits(rest, plan, today)
        if plan.partly_paid:
            rows, receipts = _pay_interest(rows, receipts, plan)
    elif rest:
        settled_on = today - timedelta(days=plan.settled_days_ago)
        last_due_on = schedule[plan.paid_instalments - 1].due_on
        closing = early_repayment(
            rest,
            plan.paid_instalments,
            last_due_on,
            annual_rate,
            product.early_repayment,
            product.overdue,
            settled_on,
        )
        rows += _closed(rest, closing)
        receipts.append(
            Receipt(rest[0].number, settled_on, closing.principal_fen, closing.interest_fen, 0, "manual")
        )
    else:
        settled_on = max(receipt.on for receipt in receipts)
    return LoanCourse(
        disbursed_on=disbursed_on,
        repayment_day=repayment_day,
        annual_rate=str(annual_rate),
        annualised_rate=str(offer.annualised_rate),
        settled_on=settled_on,
        rows=tuple(rows),
        receipts=tuple(receipts),
        debits=tuple(debits),
    )


def _paid(
    rows: tuple[Instalment, ...], product: Product, today: date, chance: random.Random
) -> tuple[list[Receipt], list[Debit]]:
    """Pay instalments by debit on their day; now and then a debit fails and the customer pays later."""
    receipts, debits = [], []
    for row in rows:
        paid_on = row.due_on + timedelta(days=LATE_DAYS)
        if chance.random() < LATE_CHANCE and paid_on <= today and row is not rows[-1]:
            penalty = penalty_fen(row.amount_fen, row.due_on, paid_on, product.overdue)
            debits.append(Debit(row.number, row.due_on, row.amount_fen, "failed", DEBIT_FAILURES[0]))
            receipts.append(
                Receipt(row.number, paid_on, row.principal_fen, row.interest_fen, penalty, "manual")
            )
        else:
            debits.append(Debit(row.number, row.due_on, row.amount_fen, "succeeded"))
            receipts.append(
                Receipt(row.number, row.due_on, row.principal_fen, row.interest_fen, 0, "autodebit")
            )
    return receipts, debits


def _due_debits(rows: tuple[Instalment, ...], plan: LoanPlan, today: date) -> list[Debit]:
    """The failed debits of late instalments, each tried again, and the pending one of an instalment due today."""
    debits = []
    for row in rows:
        if row.due_on == today:
            debits.append(Debit(row.number, today, row.amount_fen, "pending"))
        for on in (row.due_on, row.due_on + timedelta(days=RETRY_DAYS)):
            if row.due_on < today and on <= today:
                debits.append(Debit(row.number, on, row.amount_fen, "failed", plan.debit_failure))
    return debits


def _pay_interest(
    rows: list[PaidInstalment], receipts: list[Receipt], plan: LoanPlan
) -> tuple[list[PaidInstalment], list[Receipt]]:
    """Let the interest of the oldest late instalment have come in on its day."""
    oldest = rows[plan.paid_instalments]
    part = Receipt(oldest.number, oldest.due_on, 0, oldest.interest_fen, 0, "manual")
    rows[plan.paid_instalments] = replace(oldest, paid_interest_fen=oldest.interest_fen)
    return rows, [*receipts, part]


def _closed(rest: tuple[Instalment, ...], closing: EarlyRepaymentQuote) -> list[PaidInstalment]:
    """What was not charged is no longer owed: the first open row keeps the days' interest, the others none."""
    return [_full(replace(row, interest_fen=closing.interest_fen if row is rest[0] else 0)) for row in rest]


def _full(row: Instalment) -> PaidInstalment:
    return PaidInstalment(
        row.number, row.due_on, row.principal_fen, row.interest_fen, row.principal_fen, row.interest_fen
    )


def _open(row: Instalment) -> PaidInstalment:
    return PaidInstalment(row.number, row.due_on, row.principal_fen, row.interest_fen, 0, 0)
