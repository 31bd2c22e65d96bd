"""Product: what one partner institution offers, with the rules that a policy file states about it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from actions.lending.decision_policy import DecisionPolicy, Family
from actions.lending.methods import RepaymentMethod


@dataclass(frozen=True)
class Fee:
    """A cost besides interest, paid once when the money is disbursed or with every instalment."""

    name: str
    """Chinese, e.g. 服务费."""
    rate: Decimal
    """Share of the principal lent; of each instalment's fee, too."""
    with_each_instalment: bool = False


@dataclass(frozen=True)
class EarlyRepaymentRule:
    """What paying back early costs; the fee is the sum of its parts, most of which are usually nothing."""

    allowed: bool
    fee_rate: Decimal
    """Share of the outstanding principal paid back early."""
    free_after_instalments: int
    """Number of paid instalments after which there is no fee."""
    notice_days: int
    """Days in advance that the borrower has to ask."""
    partial_allowed: bool
    partial_min_fen: int
    fee_interest_months: int = 0
    """Months of interest on the principal paid back early."""
    fee_fixed_fen: int = 0
    """Whatever is paid back early."""


@dataclass(frozen=True)
class OverdueRule:
    """What paying late costs."""

    grace_days: int
    """Paid within these days after the due date, no penalty is charged."""
    penalty_rate_per_day: Decimal
    """Share of the overdue principal and interest, a day, counted from the day after the due date."""
    reported_after_days: int
    """Days after which the credit register is told (上征信)."""


@dataclass(frozen=True)
class Product:
    """One version of a product, in force from ``effective_from`` to ``effective_to`` (both included)."""

    code: str
    version: str
    name: str
    institution_code: str
    institution: str
    family: Family
    summary: str
    """One Chinese sentence for ask_product."""
    effective_from: date
    effective_to: date | None
    runs_beside: str | None
    """A challenger: the version (champion) beside which it is in force."""
    share: int
    """Ten-thousandths of the businesses that get the challenger; 0 for a champion."""
    amount_min_fen: int
    amount_max_fen: int
    terms_months: tuple[int, ...]
    annual_rate: Decimal
    """The nominal rate; where it depends on the borrower, the one that most get."""
    annual_rate_min: Decimal
    annual_rate_max: Decimal
    methods: tuple[RepaymentMethod, ...]
    fees: tuple[Fee, ...]
    early_repayment: EarlyRepaymentRule
    overdue: OverdueRule
    documents: tuple[str, ...]
    """Required documents, Chinese."""
    review_working_days: int
    """Working days until a decision, at most."""
    confirm_call: str
    """When the confirmation call comes, Chinese."""
    disbursement_hours: int
    """Hours from signing to the money on the card, usually."""
    decision: DecisionPolicy
    content: Any = field(compare=False, repr=False)
    """This version alone, as its file states it (policy_content.version_content)."""
    digest: str
    """SHA-256 over ``content``."""

    def __hash__(self) -> int:
        """Equal products have equal content; hashing all of it again for every cache look-up is slow."""
        return hash((self.code, self.version, self.digest))

    def in_force(self, on: date) -> bool:
        """Tell whether this version holds on that day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


@dataclass(frozen=True)
class Industry:
    """A line of business as customers name it."""

    code: str
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class House:
    """Facts about the lender itself that are said to customers (data/policies/house.yml)."""

    name: str
    hotline: str
    crisis_line: str
    """Digits of the national psychological helpline."""
    police_line: str
    """Digits that who was cheated out of money calls first."""
    service_hours: str
    autodebit_times: str
    repayment_channels: tuple[str, ...]
    repayment_not_accepted: tuple[str, ...]
    supported_banks: tuple[str, ...]
    credit_report: str
    extension: str
    reborrow: str
    reapply: str
    limit_increase: str
    change_repayment_date: str
    branches: str
    fund_usage_allowed: tuple[str, ...]
    fund_usage_forbidden: tuple[str, ...]
    advance_fee: str
    security: str
    coupon: str
    contract: str
    industries: tuple[Industry, ...]
