"""LendingRepository: the only way to a borrower's data; every method demands a VerifiedBorrower."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from actions.lending import early_repayment as early
from actions.lending import models
from actions.lending.clock import SYSTEM_CLOCK, Clock
from actions.lending.database import Database
from actions.lending.decision_inputs import BusinessFacts
from actions.lending.errors import LendingError
from actions.lending.keys import DataKeys, Place
from actions.lending.loan_position import (
    LatePayments,
    LoanPosition,
    PaidInstalment,
    as_if_paid_when_due,
    instalment_view,
    position,
)
from actions.lending.methods import RepaymentMethod
from actions.lending.overdue import LatePayment
from actions.lending.part_repayment import PartRepaymentQuote, part_repayment
from actions.lending.policy import PolicyBook
from actions.lending.products import Product
from actions.lending.provinces import province_named
from actions.lending.row_views import application_view, loan_view, profile_view
from actions.lending.verified_borrower import VerifiedBorrower, admitted_borrower_id
from actions.lending.views import (
    ApplicationView,
    CreditLimitView,
    InstalmentView,
    LoanState,
    LoanView,
    OverdueView,
    Profile,
)


class LoanUnknown(LendingError):
    """The borrower has no loan with that reference."""

    code = "loan_unknown"


class LendingRepository:
    """Reads what belongs to one verified borrower, as it stands today."""

    def __init__(
        self, database: Database, keys: DataKeys, policies: PolicyBook, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        """Share one among threads; it holds no state of its own."""
        self._database = database
        self._keys = keys
        self._policies = policies
        self._clock = clock

    def profile(self, borrower: VerifiedBorrower) -> Profile:
        """Return how to address the borrower. Raises VerificationForged, VerificationEnded (as every method)."""
        with self._admitted(borrower) as (connection, borrower_id):
            row = connection.execute(
                select(
                    models.borrowers,
                    models.businesses.c.name.label("business_name"),
                    models.businesses.c.industry,
                    models.businesses.c.region,
                )
                .join(models.businesses, models.businesses.c.borrower_id == models.borrowers.c.id)
                .where(models.borrowers.c.id == borrower_id)
                .order_by(models.businesses.c.id)
            ).first()
        phone = self._keys.unseal(row.phone_sealed, Place("borrowers", "phone_sealed", str(borrower_id)))
        return profile_view(row, phone)

    def applications(self, borrower: VerifiedBorrower) -> tuple[ApplicationView, ...]:
        """Return the borrower's applications, latest first."""
        table = models.applications
        with self._admitted(borrower) as (connection, borrower_id):
            rows = connection.execute(
                _with_product(table)
                .where(table.c.borrower_id == borrower_id)
                .order_by(table.c.submitted_on.desc(), table.c.id.desc())
            ).all()
            ids = [row.id for row in rows]
            events = _grouped(connection, models.application_events, "application_id", ids)
            reasons = _grouped(connection, models.rejection_reasons, "application_id", ids)
        return tuple(application_view(row, events[row.id], reasons[row.id]) for row in rows)

    def loans(self, borrower: VerifiedBorrower) -> tuple[LoanView, ...]:
        """Return the borrower's loans: overdue ones first, then current, then settled, newest first in each."""
        table = models.loans
        with self._admitted(borrower) as (connection, borrower_id):
            rows = connection.execute(
                _with_product(table)
                .where(table.c.borrower_id == borrower_id)
                .order_by(table.c.disbursed_on.desc(), table.c.id.desc())
            ).all()
            ids = [row.id for row in rows]
            instalments = _grouped(connection, models.instalments, "loan_id", ids)
            payments = _grouped(connection, models.payments, "loan_id", ids)
            autodebits = _grouped(connection, models.autodebits, "loan_id", ids)
        views = [
            loan_view(
                row,
                self._position(row, instalments[row.id], payments[row.id]),
                payments[row.id],
                autodebits[row.id],
            )
            for row in rows
        ]
        order = {LoanState.OVERDUE: 0, LoanState.CURRENT: 1, LoanState.SETTLED: 2}
        return tuple(sorted(views, key=lambda view: order[view.state]))

    def credit_limit(self, borrower: VerifiedBorrower) -> CreditLimitView | None:
        """Return the borrower's limit, or None when none was granted."""
        table = models.credit_limits
        with self._admitted(borrower) as (connection, borrower_id):
            row = connection.execute(
                _with_product(table).where(table.c.borrower_id == borrower_id).order_by(table.c.id.desc())
            ).first()
        if row is None:
            return None
        return CreditLimitView(
            row.product_code,
            row.product_name,
            row.institution_name,
            row.total_fen,
            row.available_fen,
            row.valid_until,
            row.frozen_reason,
        )

    def instalments(self, borrower: VerifiedBorrower, loan_reference: str) -> tuple[InstalmentView, ...]:
        """Return the instalments that are not fully paid, the next first. Raises LoanUnknown."""
        with self._admitted(borrower) as (connection, borrower_id):
            where = self._loan(connection, borrower_id, loan_reference, self._clock.today()).position
        return tuple(instalment_view(left) for left in where.unpaid)

    def overdue_on(self, borrower: VerifiedBorrower, loan_reference: str, on: date) -> OverdueView | None:
        """Return what will be late of a loan on a day if nothing is paid until then; of one that is not late today,
        nothing: it is taken to be paid when due. Raises LoanUnknown."""
        with self._admitted(borrower) as (connection, borrower_id):
            return self._loan(connection, borrower_id, loan_reference, on).position.overdue

    def early_repayment(
        self, borrower: VerifiedBorrower, loan_reference: str, on: date | None = None
    ) -> early.EarlyRepaymentQuote:
        """Return what closes the loan on a day: the first that the product's notice leaves, unless given.

        Raises LoanUnknown and early_repayment's errors.
        """
        with self._admitted(borrower) as (connection, borrower_id):
            loan = self._loan(connection, borrower_id, loan_reference, on)
        return early.early_repayment(
            unpaid=loan.position.unpaid,
            paid_instalments=loan.position.paid_instalments,
            last_due_on=loan.last_due_on,
            annual_rate=loan.row.annual_rate,
            rule=loan.product.early_repayment,
            overdue_rule=loan.product.overdue,
            on=loan.position.on,
            payments=loan.late_payments,
            assumed_paid=loan.assumed_paid,
        )

    def part_repayment(
        self, borrower: VerifiedBorrower, loan_reference: str, part_fen: int, on: date | None = None
    ) -> PartRepaymentQuote:
        """Return what paying some principal back costs on a day: the first that the notice leaves, unless given.

        Raises LoanUnknown and part_repayment's errors.
        """
        with self._admitted(borrower) as (connection, borrower_id):
            loan = self._loan(connection, borrower_id, loan_reference, on)
        return part_repayment(
            part_fen=part_fen,
            unpaid=loan.position.unpaid,
            paid_instalments=loan.position.paid_instalments,
            last_due_on=loan.last_due_on,
            annual_rate=loan.row.annual_rate,
            method=RepaymentMethod(loan.row.method),
            rule=loan.product.early_repayment,
            on=loan.position.on,
            assumed_paid=loan.assumed_paid,
        )

    def business_facts(self, borrower: VerifiedBorrower) -> BusinessFacts:
        """Return what the database knows for a decision; amount and term are for the caller to say."""
        overdue = any(loan.state is LoanState.OVERDUE for loan in self.loans(borrower))
        with self._admitted(borrower) as (connection, borrower_id):
            row = connection.execute(
                select(models.businesses, models.borrowers.c.is_first_time_borrower)
                .join(models.borrowers, models.businesses.c.borrower_id == models.borrowers.c.id)
                .where(models.borrowers.c.id == borrower_id)
                .order_by(models.businesses.c.id)
            ).first()
        today = self._clock.today()
        months = (today.year - row.founded_on.year) * 12 + today.month - row.founded_on.month
        return BusinessFacts(
            business_months=months - (today.day < row.founded_on.day),
            industry=row.industry,
            region=province_named(row.region),
            owner_has_overdue_debt=overdue,
            is_first_time_borrower=row.is_first_time_borrower,
        )

    @contextmanager
    def _admitted(self, borrower: VerifiedBorrower) -> Iterator[tuple[Connection, int]]:
        """Open a connection for the verified borrower's own rows, in the transaction that checked the proof."""
        with self._database.reading() as connection:
            yield connection, admitted_borrower_id(connection, borrower, self._clock.now())

    def _loan(self, connection: Connection, borrower_id: int, reference: str, on: date | None) -> "_Loan":
        """Read one loan of the borrower as it stands on a day, or after its notice. Raises LoanUnknown."""
        table = models.loans
        row = connection.execute(
            _with_product(table).where(table.c.borrower_id == borrower_id, table.c.reference == reference)
        ).first()
        if row is None:
            raise LoanUnknown("名下没有这笔贷款")
        product = self._product(row)
        day = on or self._clock.today() + timedelta(days=product.early_repayment.notice_days)
        rows = _grouped(connection, models.instalments, "loan_id", [row.id])[row.id]
        payments = _grouped(connection, models.payments, "loan_id", [row.id])[row.id]
        late = _late_payments(rows, payments)
        expected, assumed = as_if_paid_when_due(_paid(rows), self._clock.today(), day)
        return _Loan(
            row=row,
            product=product,
            position=position(expected, product.overdue, day, late),
            assumed_paid=assumed,
            last_due_on=max([row.disbursed_on, *(r.due_on for r in rows if r.due_on <= day)]),
            late_payments=late,
        )

    def _product(self, row: Any) -> Product:
        return self._policies.version(row.product_code, row.policy_version)

    def _position(
        self, row: Any, rows: Sequence[Any], payments: Sequence[Any], on: date | None = None
    ) -> LoanPosition:
        late = _late_payments(rows, payments)
        return position(_paid(rows), self._product(row).overdue, on or self._clock.today(), late)


@dataclass(frozen=True)
class _Loan:
    """A loan's row with what follows from its instalments and payments on a day."""

    row: Any
    product: Product
    position: LoanPosition
    assumed_paid: int
    """Instalments that fall due before that day and are taken to be paid on theirs."""
    last_due_on: date
    """The last due date up to that day, or the day of disbursement."""
    late_payments: LatePayments


def _paid(rows: Sequence[Any]) -> list[PaidInstalment]:
    return [
        PaidInstalment(
            r.number, r.due_on, r.principal_fen, r.interest_fen, r.paid_principal_fen, r.paid_interest_fen
        )
        for r in rows
    ]


def _late_payments(rows: Sequence[Any], payments: Sequence[Any]) -> LatePayments:
    """What came in after the due date, by number of the instalment."""
    due = {row.number: row.due_on for row in rows}
    late: defaultdict[int, list[LatePayment]] = defaultdict(list)
    for one in payments:
        if one.paid_on > due[one.instalment_number]:
            amount_fen = one.principal_fen + one.interest_fen
            late[one.instalment_number].append(LatePayment(one.paid_on, amount_fen, one.penalty_fen))
    return late


def _with_product(table: Any) -> Any:
    """Select a table's rows with the names of product and institution."""
    return (
        select(
            table,
            models.products.c.code.label("product_code"),
            models.products.c.name.label("product_name"),
            models.institutions.c.name.label("institution_name"),
        )
        .join(models.products, table.c.product_id == models.products.c.id)
        .join(models.institutions, models.products.c.institution_id == models.institutions.c.id)
    )


def _grouped(connection: Connection, table: Any, key: str, ids: Sequence[int]) -> defaultdict[int, list[Any]]:
    """Read the rows that belong to several parents in one query, oldest first."""
    groups: defaultdict[int, list[Any]] = defaultdict(list)
    if ids:
        for row in connection.execute(select(table).where(table.c[key].in_(ids)).order_by(table.c.id)):
            groups[getattr(row, key)].append(row)
    return groups
