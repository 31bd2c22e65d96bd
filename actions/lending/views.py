"""Views: what repositories tell about a verified borrower. Frozen; money in fen, rates Decimal, no ids in clear."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from actions.lending.methods import RepaymentMethod


class ApplicationState(str, Enum):
    """Where an application stands."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    DISBURSED = "disbursed"

    @property
    def label(self) -> str:
        """The state in Chinese, as said to the customer."""
        return _APPLICATION_LABELS[self]


_APPLICATION_LABELS = {
    ApplicationState.SUBMITTED: "已提交",
    ApplicationState.IN_REVIEW: "审核中",
    ApplicationState.APPROVED: "已通过，等待放款",
    ApplicationState.REJECTED: "没有通过",
    ApplicationState.CANCELLED: "已取消",
    ApplicationState.DISBURSED: "已放款",
}


class LoanState(str, Enum):
    """Derived from the instalments and today's date; never stored."""

    CURRENT = "current"
    OVERDUE = "overdue"
    SETTLED = "settled"


class AutodebitResult(str, Enum):
    """What the bank answered to a debit."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    PENDING = "pending"


@dataclass(frozen=True)
class Profile:
    """How to address the borrower, and the little that is said about him."""

    surname: str
    salutation: str
    """E.g. 张先生, 李女士."""
    is_first_time_borrower: bool
    """首贷户: never had a loan from a bank before."""
    masked_phone: str
    """E.g. 138****0001."""
    business_name: str
    industry: str
    """Code of the industry, see PolicyBook.house."""
    region: str
    """Province, e.g. 四川省."""


@dataclass(frozen=True)
class ApplicationEvent:
    """One step in an application's history."""

    state: ApplicationState
    on: date
    note: str
    """Plain Chinese, may be empty."""


@dataclass(frozen=True)
class ApplicationView:
    """One application. ``reference`` may be said to the customer and kept as a figure's input."""

    reference: str
    product_code: str
    policy_version: str
    product: str
    institution: str
    amount_fen: int
    term_months: int
    method: RepaymentMethod
    state: ApplicationState
    submitted_on: date
    decided_on: date | None
    """Day of approval or rejection."""
    rejection_reasons: tuple[str, ...]
    """Plain Chinese sentences without a final full stop."""
    history: tuple[ApplicationEvent, ...]
    """Oldest first."""
    bank: str
    card_tail: str
    """Last four digits of the card the money goes to."""
    expected_disbursement_on: date | None
    """Only of an approved application."""


@dataclass(frozen=True)
class InstalmentView:
    """One instalment of a loan; amounts are what is still to be paid of it."""

    number: int
    date: date
    amount_fen: int
    principal_fen: int
    interest_fen: int


@dataclass(frozen=True)
class OverdueView:
    """What has fallen due and was not paid."""

    days: int
    """Days since the oldest unpaid due date."""
    since: date
    """The oldest unpaid due date."""
    instalments: int
    amount_fen: int
    """All overdue instalments plus ``penalty_fen``: what to pay today to be current again."""
    principal_fen: int
    interest_fen: int
    penalty_fen: int
    penalty_rate_per_day: Decimal


@dataclass(frozen=True)
class AutodebitView:
    """The latest attempt to debit the card."""

    result: AutodebitResult
    on: date
    amount_fen: int
    reason: str
    """Why it failed, plain Chinese; empty otherwise."""
    instalment_number: int


@dataclass(frozen=True)
class PaymentView:
    """Money received for an instalment."""

    instalment_number: int
    on: date
    amount_fen: int
    principal_fen: int
    interest_fen: int
    penalty_fen: int
    channel: str
    """``autodebit`` or ``manual``."""


@dataclass(frozen=True)
class LoanView:
    """One loan as it stands today."""

    reference: str
    product_code: str
    policy_version: str
    product: str
    institution: str
    principal_fen: int
    outstanding_principal_fen: int
    remaining_instalments: int
    """Instalments not fully paid, overdue ones included."""
    total_instalments: int
    method: RepaymentMethod
    annual_rate: Decimal
    """Nominal rate of interest a year."""
    annualised_rate: Decimal
    """Interest and fees as IRR a year (monthly IRR x 12)."""
    disbursed_on: date
    settled_on: date | None
    bank: str
    card_tail: str
    state: LoanState
    next_instalment: InstalmentView | None
    """The first unpaid instalment due today or later; None when settled or only overdue ones are left."""
    overdue: OverdueView | None
    last_autodebit: AutodebitView | None
    payments: tuple[PaymentView, ...]
    """Newest first, at most twelve."""


@dataclass(frozen=True)
class CreditLimitView:
    """The borrower's revolving limit."""

    product_code: str
    product: str
    institution: str
    total_fen: int
    available_fen: int
    valid_until: date
    frozen_reason: str
    """Why nothing can be drawn at present, plain Chinese; empty when usable."""


@dataclass(frozen=True)
class IdentityState:
    """What the conversation knows about its caller. The claimed values in clear are for the read-back only."""

    verified: bool
    locked_until: datetime | None
    attempts_left: int
    has_line_phone: bool
    claimed_phone: str | None
    claimed_last4: str | None
    new_phone: str | None = None
    """The number by which a verified borrower wants to be known from now on; proves nothing."""
    other_phone: str | None = None
    """The number that may have been said in the place of the claimed one; like it for the read-back only."""
    other_last4: str | None = None
    """The same of the end of the ID card."""
    digits_heard: dict[int, int] = field(default_factory=dict)
    """Of a number that is being dictated in pieces: its full length -> how many digits there are already."""


class VerificationOutcome(str, Enum):
    """Answer to one confirmed try."""

    VERIFIED = "verified"
    WRONG = "wrong"
    LOCKED = "locked"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True)
class Verification:
    """Outcome of IdentityService.verify."""

    outcome: VerificationOutcome
    attempts_left: int
    locked_until: datetime | None
