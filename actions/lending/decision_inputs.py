"""BusinessFacts: everything that a decision may be taken on, typed, with None for what is not known."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

from actions.lending.errors import LendingError
from actions.lending.provinces import PROVINCES

MAX_MONEY_FEN = 10**13
"""100 billion yuan: with it every product of an input and a multiplier fits 64 bits."""
MAX_COUNT = 100_000
TAX_GRADES = ("A", "B", "M", "C", "D")
"""Yearly grades of the tax authority, best first (M: newly registered)."""
CORE_ENTERPRISE_GRADES = ("AAA", "AA", "A", "unrated")
"""How a partner institution rates the buyer whose orders or debts are lent on, best first."""


class InputKind(str, Enum):
    """What values an input has, and so which comparisons a rule may make."""

    COUNT = "count"
    """A whole number: months, years of age, lenders."""
    MONEY = "money"
    """Fen."""
    CHOICE = "choice"
    """One of a closed list of strings."""
    FLAG = "flag"
    """True or false."""


class FactsInvalid(LendingError):
    """A value that no business can have; the message names the input."""

    code = "facts_invalid"


@dataclass(frozen=True)
class BusinessFacts:
    """What is known of a business and its owner; None: not known. No phone and no ID number is among it."""

    business_months: int | None = None
    """Whole months since the business was registered."""
    industry: str | None = None
    """Code of an industry (data/policies/house.yml)."""
    region: str | None = None
    """Official name of the province (actions.lending.provinces)."""
    tax_grade: str | None = None
    """One of TAX_GRADES."""
    tax_paid_12m_fen: int | None = None
    """Value-added and income tax paid in the last twelve months."""
    invoices_12m_fen: int | None = None
    """Sum of the invoices issued in the last twelve months."""
    invoice_months: int | None = None
    """In how many of the last twelve months invoices were issued."""
    turnover_12m_fen: int | None = None
    """Money received in the last twelve months."""
    orders_fen: int | None = None
    """Open orders of a core enterprise."""
    receivables_fen: int | None = None
    """What a core enterprise owes and has confirmed."""
    core_enterprise_grade: str | None = None
    """One of CORE_ENTERPRISE_GRADES."""
    collateral_value_fen: int | None = None
    """Estimated value of the property that may be mortgaged."""
    collateral_debt_fen: int | None = None
    """What is still owed on that property."""
    owner_age: int | None = None
    owner_has_bank_credit: bool | None = None
    """Whether the owner has a record of bank credit of his own."""
    owner_has_overdue_debt: bool | None = None
    """Whether any loan of the owner is overdue now."""
    owner_overdue_count_24m: int | None = None
    """How often the owner paid late in the last 24 months."""
    owner_lenders: int | None = None
    """With how many lenders the owner has open loans."""
    owner_debt_fen: int | None = None
    """All that the owner owes, home loan not counted."""
    is_first_time_borrower: bool | None = None
    """首贷户: the business never had a bank loan."""
    wanted_amount_fen: int | None = None
    wanted_term_months: int | None = None

    def __post_init__(self) -> None:
        for name, kind in INPUT_KINDS.items():
            value = getattr(self, name)
            if value is not None and not _possible(name, kind, value):
                raise FactsInvalid(f"{name} 的值 {value!r} 不可能")

    def known(self) -> dict[str, Any]:
        """Return what is known, by the names of the fields, in their order."""
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) is not None
        }


_COUNT, _MONEY, _CHOICE, _FLAG = InputKind
INPUT_KINDS: Mapping[str, InputKind] = {
    "business_months": _COUNT,
    "industry": _CHOICE,
    "region": _CHOICE,
    "tax_grade": _CHOICE,
    "tax_paid_12m_fen": _MONEY,
    "invoices_12m_fen": _MONEY,
    "invoice_months": _COUNT,
    "turnover_12m_fen": _MONEY,
    "orders_fen": _MONEY,
    "receivables_fen": _MONEY,
    "core_enterprise_grade": _CHOICE,
    "collateral_value_fen": _MONEY,
    "collateral_debt_fen": _MONEY,
    "owner_age": _COUNT,
    "owner_has_bank_credit": _FLAG,
    "owner_has_overdue_debt": _FLAG,
    "owner_overdue_count_24m": _COUNT,
    "owner_lenders": _COUNT,
    "owner_debt_fen": _MONEY,
    "is_first_time_borrower": _FLAG,
    "wanted_amount_fen": _MONEY,
    "wanted_term_months": _COUNT,
}
"""Kind of every field of BusinessFacts."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "region": PROVINCES,
    "tax_grade": TAX_GRADES,
    "core_enterprise_grade": CORE_ENTERPRISE_GRADES,
}
"""Values of the choices that do not depend on the lender; industries are in data/policies/house.yml."""


def _possible(name: str, kind: InputKind, value: object) -> bool:
    if kind is InputKind.FLAG:
        return isinstance(value, bool)
    if kind is InputKind.CHOICE:
        return isinstance(value, str) and (name not in CHOICES or value in CHOICES[name])
    most = MAX_MONEY_FEN if kind is InputKind.MONEY else MAX_COUNT
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
