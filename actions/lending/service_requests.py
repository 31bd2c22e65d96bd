"""Service requests: what customers ask staff to do, as staff and the dialogue see it."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from actions.lending.errors import LendingError

DISTRESS = "urgent_distress"
"""The topic of a handoff of somebody who spoke of ending his life: before everything else."""


class RequestKind(str, Enum):
    """What staff is asked for."""

    LEAD = "lead"
    HANDOFF = "handoff"
    CHANGE = "change"
    COMPLAINT = "complaint"
    CALLBACK = "callback"


class RequestState(str, Enum):
    """Whether somebody looks after it."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


class ChangeKind(str, Enum):
    """Changes of a verified borrower's own data that staff carries out."""

    PHONE = "change_phone"
    BANK_CARD = "change_bank_card"
    REPAYMENT_DATE = "change_repayment_date"
    CANCEL_APPLICATION = "cancel_application"
    CLOSE_ACCOUNT = "close_account"
    SETTLEMENT_CERTIFICATE = "settlement_certificate"
    TERM = "change_term"
    DECREASE_LIMIT = "decrease_limit"
    REOPEN_ACCOUNT = "reopen_account"


class RequestUnknown(LendingError):
    """There is no request with that reference."""

    code = "request_unknown"


class ReferencesExhausted(LendingError):
    """No free reference number was found."""

    code = "references_exhausted"


@dataclass(frozen=True)
class Lead:
    """Somebody wants to borrow; everything may be unknown."""

    product_code: str | None = None
    amount_fen: int | None = None
    term_months: int | None = None
    industry: str | None = None
    region: str | None = None
    business_months: int | None = None
    note: str = ""
    is_first_time_borrower: bool | None = None


@dataclass(frozen=True)
class ServiceRequest:
    """One request as staff sees it; phone and other long digits are masked."""

    reference: str
    kind: RequestKind
    topic: str
    """The reason of a handoff, the ChangeKind of a change, the matter of a callback."""
    conversation_id: str
    from_verified_borrower: bool
    masked_phone: str
    """Empty when no number is known; staff gets the whole one with ``contact_phone``."""
    masked_new_phone: str
    """Of a change of the number: the wished one, masked; the whole one comes with ``new_phone``. Else empty."""
    lead: Lead | None
    summary: str
    state: RequestState
    created_at: datetime
    taken_at: datetime | None
    closed_at: datetime | None
    staff: str | None
    wished: str = ""
    """When the customer wants to be called back, in words; empty: as soon as can be."""
    wished_at: datetime | None = None
    """The beginning of that time, where it is known."""
