"""Rows: the demo data as table rows, for one day and one key."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from actions.lending.claims import id_last4_hash, phone_hash
from actions.lending.demo.loan_course import LoanCourse, disbursement, loan_course
from actions.lending.demo.people import SEED, Person
from actions.lending.demo.plans import ApplicationPlan, PersonPlan
from actions.lending.keys import DataKeys, Place
from actions.lending.policy import PolicyBook
from actions.lending.products import Product
from actions.lending.schedule import add_months
from actions.lending.views import ApplicationState

FIRST_APPLICATION_REFERENCE = 500_000
FIRST_LOAN_REFERENCE = 800_000
_DAYS_FROM_APPLICATION_TO_MONEY = 3
_LIMIT_STEP_FEN = 100_000
_FROZEN = "有逾期还没还清，额度暂停使用"


class DemoRows:
    """Collects rows by table name. Row ids count from 1 in every table."""

    def __init__(
        self, policies: PolicyBook, keys: DataKeys, today: date, product_ids: Mapping[str, int]
    ) -> None:
        """Rows are relative to ``today``; personal data is sealed with ``keys``; products are in the catalogue."""
        self.tables: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self._policies = policies
        self._keys = keys
        self._today = today
        self._product_ids = product_ids

    def add_person(self, plan: PersonPlan) -> None:
        """Add a borrower with business, applications, loans and limit."""
        borrower_id = self._add_borrower(plan.person)
        business_id = self._add(
            "businesses",
            borrower_id=borrower_id,
            name=plan.person.business,
            industry=plan.person.industry,
            region=plan.person.region,
            city=plan.person.city,
            founded_on=add_months(self._today, -plan.person.business_age_months),
        )
        for application in plan.applications:
            self._add_application(plan, application, borrower_id, business_id)

    def _add_borrower(self, person: Person) -> int:
        keys, number = self._keys, str(person.number)
        return self._add(
            "borrowers",
            name=person.name,
            gender=person.gender,
            phone_sealed=keys.seal(person.phone, Place("borrowers", "phone_sealed", number)),
            phone_hash=phone_hash(keys, person.phone),
            id_card_sealed=keys.seal(person.id_card, Place("borrowers", "id_card_sealed", number)),
            id_card_hash=keys.lookup_hash("id_card", person.id_card),
            id_last4_hash=id_last4_hash(keys, person.phone, person.id_card[-4:]),
            is_first_time_borrower=person.is_first_time_borrower,
            is_demo=True,
        )

    def _add_application(
        self, who: PersonPlan, plan: ApplicationPlan, borrower_id: int, business_id: int
    ) -> None:
        submitted_on = self._submitted_on(plan)
        product = self._policies.product(plan.product_code, submitted_on)
        shared = {
            "borrower_id": borrower_id,
            "product_id": self._product_ids[product.code],
            "policy_version": product.version,
            "term_months": plan.term_months,
            "method": plan.method.value,
            "bank": who.bank,
            "card_tail": who.card_tail,
            # Nobody has a second loan here, so the disbursement finds what the application found.
            "is_first_time_borrower": who.person.is_first_time_borrower,
        }
        history = self._history(plan, submitted_on)
        decided = {ApplicationState.APPROVED, ApplicationState.REJECTED}
        approved = plan.state is ApplicationState.APPROVED
        application_id = self._add(
            "applications",
            reference=str(FIRST_APPLICATION_REFERENCE + len(self.tables["applications"]) + 1),
            business_id=business_id,
            amount_fen=plan.amount_fen,
            state=plan.state.value,
            submitted_on=submitted_on,
            decided_on=next((on for state, on, _ in history if state in decided), None),
            expected_disbursement_on=self._today + timedelta(days=1) if approved else None,
            **shared,
        )
        self._add_history(application_id, history, plan)
        course = None
        if plan.loan is not None:
            seed = f"{SEED}:course:{who.person.number}"
            course = loan_course(plan, product, self._today, seed)
            self._add_loan(course, application_id, plan.amount_fen, shared)
        if who.has_limit and plan is who.applications[-1]:
            self._add_limit(plan, product, course, borrower_id)

    def _add_history(
        self,
        application_id: int,
        history: Sequence[tuple[ApplicationState, date, str]],
        plan: ApplicationPlan,
    ) -> None:
        for state, on, note in history:
            self._add(
                "application_events",
                application_id=application_id,
                state=state.value,
                happened_on=on,
                note=note,
            )
        for position, (code, reason) in enumerate(plan.rejections, start=1):
            self._add(
                "rejection_reasons",
                application_id=application_id,
                position=position,
                code=code,
                reason=reason,
            )

    def _submitted_on(self, plan: ApplicationPlan) -> date:
        if plan.loan is None:
            return self._today - timedelta(days=plan.submitted_days_ago)
        disbursed_on, _ = disbursement(plan.loan, plan.term_months, self._today)
        return disbursed_on - timedelta(days=_DAYS_FROM_APPLICATION_TO_MONEY)

    def _history(self, plan: ApplicationPlan, submitted_on: date) -> list[tuple[ApplicationState, date, str]]:
        def after(days: int) -> date:
            return min(submitted_on + timedelta(days=days), self._today)

        steps = [(ApplicationState.SUBMITTED, submitted_on, "资料已经提交")]
        if plan.state is ApplicationState.SUBMITTED:
            return steps
        if plan.state is ApplicationState.CANCELLED:
            return [*steps, (ApplicationState.CANCELLED, after(2), plan.cancellation)]
        steps.append((ApplicationState.IN_REVIEW, after(1), "审核人员正在看资料"))
        if plan.state is ApplicationState.REJECTED:
            return [*steps, (ApplicationState.REJECTED, after(2), "审核没有通过")]
        if plan.state is not ApplicationState.IN_REVIEW:
            steps.append((ApplicationState.APPROVED, after(2), "审核通过"))
        if plan.state is ApplicationState.DISBURSED:
            steps.append(
                (ApplicationState.DISBURSED, after(_DAYS_FROM_APPLICATION_TO_MONEY), "钱已经打到银行卡")
            )
        return steps

    def _add_loan(
        self, course: LoanCourse, application_id: int, principal_fen: int, shared: dict[str, Any]
    ) -> None:
        loan_id = self._add(
            "loans",
            reference=str(FIRST_LOAN_REFERENCE + len(self.tables["loans"]) + 1),
            application_id=application_id,
            principal_fen=principal_fen,
            annual_rate=Decimal(course.annual_rate),
            annualised_rate=Decimal(course.annualised_rate),
            disbursed_on=course.disbursed_on,
            repayment_day=course.repayment_day,
            settled_on=course.settled_on,
            **shared,
        )
        for row in course.rows:
            self._add("instalments", loan_id=loan_id, **vars(row))
        for receipt in course.receipts:
            self._add(
                "payments",
                loan_id=loan_id,
                instalment_number=receipt.number,
                paid_on=receipt.on,
                principal_fen=receipt.principal_fen,
                interest_fen=receipt.interest_fen,
                penalty_fen=receipt.penalty_fen,
                channel=receipt.channel,
            )
        for debit in course.debits:
            self._add(
                "autodebits",
                loan_id=loan_id,
                instalment_number=debit.number,
                attempted_on=debit.on,
                amount_fen=debit.amount_fen,
                result=debit.result,
                reason=debit.reason,
            )

    def _add_limit(
        self, plan: ApplicationPlan, product: Product, course: LoanCourse | None, borrower_id: int
    ) -> None:
        total_fen = min(plan.amount_fen * 5 // 3 // _LIMIT_STEP_FEN * _LIMIT_STEP_FEN, product.amount_max_fen)
        rows = course.rows if course else ()
        outstanding_fen = sum(row.principal_fen - row.paid_principal_fen for row in rows)
        used_fen = outstanding_fen if course else plan.amount_fen
        frozen = plan.loan is not None and plan.loan.overdue_days is not None
        self._add(
            "credit_limits",
            borrower_id=borrower_id,
            product_id=self._product_ids[product.code],
            total_fen=total_fen,
            available_fen=0 if frozen else max(0, total_fen - used_fen),
            valid_until=add_months(self._today, 12),
            frozen_reason=_FROZEN if frozen else "",
        )

    def _add(self, table: str, **row: Any) -> int:
        row_id = len(self.tables[table]) + 1
        self.tables[table].append({"id": row_id, **row})
        return row_id
