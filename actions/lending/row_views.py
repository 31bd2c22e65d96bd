"""Row views: from table rows to the views that repositories give."""

from collections.abc import Sequence
from typing import Any

from actions.lending.loan_position import LoanPosition
from actions.lending.methods import RepaymentMethod
from actions.lending.privacy import mask_phone
from actions.lending.views import (
    ApplicationEvent,
    ApplicationState,
    ApplicationView,
    AutodebitResult,
    AutodebitView,
    LoanView,
    PaymentView,
    Profile,
)

PAYMENTS_SHOWN = 12
_SALUTATIONS = {"m": "先生", "f": "女士"}
_COMPOUND_SURNAMES = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "夏侯",
    "司徒",
)


def profile_view(row: Any, phone: str) -> Profile:
    """Make the profile of a borrower joined with his business; ``phone`` is in clear."""
    surname = surname_of(row.name)
    return Profile(
        surname=surname,
        salutation=surname + _SALUTATIONS[row.gender],
        is_first_time_borrower=row.is_first_time_borrower,
        masked_phone=mask_phone(phone),
        business_name=row.business_name,
        industry=row.industry,
        region=row.region,
    )


def surname_of(name: str) -> str:
    """Return the surname of a Chinese name, compound ones included."""
    return name[:2] if name.startswith(_COMPOUND_SURNAMES) else name[:1]


def application_view(row: Any, events: Sequence[Any], reasons: Sequence[Any]) -> ApplicationView:
    return ApplicationView(
        reference=row.reference,
        product_code=row.product_code,
        policy_version=row.policy_version,
        product=row.product_name,
        institution=row.institution_name,
        amount_fen=row.amount_fen,
        term_months=row.term_months,
        method=RepaymentMethod(row.method),
        state=ApplicationState(row.state),
        submitted_on=row.submitted_on,
        decided_on=row.decided_on,
        rejection_reasons=tuple(reason.reason for reason in reasons),
        history=tuple(
            ApplicationEvent(ApplicationState(step.state), step.happened_on, step.note) for step in events
        ),
        bank=row.bank,
        card_tail=row.card_tail,
        expected_disbursement_on=row.expected_disbursement_on,
    )


def loan_view(row: Any, where: LoanPosition, payments: Sequence[Any], autodebits: Sequence[Any]) -> LoanView:
    return LoanView(
        reference=row.reference,
        product_code=row.product_code,
        policy_version=row.policy_version,
        product=row.product_name,
        institution=row.institution_name,
        principal_fen=row.principal_fen,
        outstanding_principal_fen=where.outstanding_principal_fen,
        remaining_instalments=len(where.unpaid),
        total_instalments=row.term_months,
        method=RepaymentMethod(row.method),
        annual_rate=row.annual_rate,
        annualised_rate=row.annualised_rate,
        disbursed_on=row.disbursed_on,
        settled_on=row.settled_on,
        bank=row.bank,
        card_tail=row.card_tail,
        state=where.state,
        next_instalment=where.next_instalment,
        overdue=where.overdue,
        last_autodebit=autodebit_view(autodebits[-1]) if autodebits else None,
        payments=tuple(payment_view(payment) for payment in reversed(payments[-PAYMENTS_SHOWN:])),
    )


def autodebit_view(row: Any) -> AutodebitView:
    return AutodebitView(
        AutodebitResult(row.result), row.attempted_on, row.amount_fen, row.reason, row.instalment_number
    )


def payment_view(row: Any) -> PaymentView:
    return PaymentView(
        row.instalment_number,
        row.paid_on,
        row.principal_fen + row.interest_fen + row.penalty_fen,
        row.principal_fen,
        row.interest_fen,
        row.penalty_fen,
        row.channel,
    )
