"""DecisionPolicy: the rules, the limit and the rate of one product version, as whole numbers only.

Multipliers are ten-thousandths, rates are millionths (ppm) a year: every result follows from integer addition,
multiplication, floor division and comparison, so that an engine over columns gives the same bits.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from actions.lending.decision_inputs import BusinessFacts

TIMES_ONE = 10_000
"""A multiplier of 1."""
PPM = 1_000_000


class Family(str, Enum):
    """What a product lends on."""

    TAX = "tax"
    INVOICE = "invoice"
    TURNOVER = "turnover"
    SUPPLY_CHAIN = "supply_chain"
    FIRST_TIME = "first_time"
    COLLATERAL = "collateral"


class OwnReason(str, Enum):
    """Reason codes that do not come from a policy's rules; they follow those in this order."""

    TERM_NOT_OFFERED = "term_not_offered"
    AMOUNT_BELOW_MINIMUM = "amount_below_minimum"
    AMOUNT_ABOVE_MAXIMUM = "amount_above_maximum"
    LIMIT_TOO_LOW = "limit_too_low"
    AMOUNT_ABOVE_LIMIT = "amount_above_limit"


SECURED = frozenset({Family.COLLATERAL, Family.SUPPLY_CHAIN})
"""Families for those who have a property to mortgage or a large buyer's order or debt."""


class Comparison(str, Enum):
    """How an input is held against a rule's value."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    IS = "is"


@dataclass(frozen=True)
class Condition:
    """``input comparison value``, e.g. ``business_months at_least 12``."""

    input: str
    """Name of a field of BusinessFacts."""
    comparison: Comparison
    value: int | bool | tuple[str, ...]
    """``at_least``, ``at_most``: count or fen; ``one_of``, ``none_of``: strings; ``is``: a flag."""

    def holds(self, facts: BusinessFacts) -> bool | None:
        """Tell whether the condition is met; None when the input is not known."""
        known: Any = getattr(facts, self.input)
        if known is None:
            return None
        wanted: Any = self.value
        if self.comparison is Comparison.AT_LEAST:
            return bool(known >= wanted)
        if self.comparison is Comparison.AT_MOST:
            return bool(known <= wanted)
        if self.comparison is Comparison.ONE_OF:
            return known in wanted
        if self.comparison is Comparison.NONE_OF:
            return known not in wanted
        return bool(known == wanted)


@dataclass(frozen=True)
class Rule:
    """A condition that has to be met."""

    code: str
    """Stable reason code, unique within the version."""
    condition: Condition
    reason: str
    """Chinese, why not, when it is not met; ``{value}`` stands for the value in words."""
    change: str | None
    """Chinese, what the owner can do about it; None: nothing. ``{value}`` as in ``reason``."""
    asked: bool
    """True: while the input is unknown, the product is undecided and the customer is asked for it. False: an
    unknown input lets the product pass; the institution checks it when it reviews."""


@dataclass(frozen=True)
class Cap:
    """One upper bound of the limit: ``floor(input * times / 10000) - minus``, at least 0; or a fixed sum."""

    input: str | None
    """A money input; None for a fixed sum."""
    times: int
    """Ten-thousandths."""
    minus: str | None
    """A money input that is taken off."""
    fixed_fen: int | None
    change: str | None
    """As Rule.change, about ``input``."""
    asked: bool
    """As Rule.asked: False lets an unknown input bound nothing."""

    def bound_fen(self, facts: BusinessFacts) -> int | None:
        """Return the bound; None when an input is not known."""
        if self.fixed_fen is not None:
            return self.fixed_fen
        assert self.input is not None, "the loader gives every cap an input or a fixed sum"
        base: int | None = getattr(facts, self.input)
        less: int | None = 0 if self.minus is None else getattr(facts, self.minus)
        if base is None or less is None:
            return None
        return max(0, base * self.times // TIMES_ONE - less)

    def unknown(self, facts: BusinessFacts) -> tuple[str, ...]:
        """Return the names of its inputs that are not known."""
        inputs = (name for name in (self.input, self.minus) if name is not None)
        return tuple(name for name in inputs if getattr(facts, name) is None)


@dataclass(frozen=True)
class Adjustment:
    """A surcharge or discount on the base rate where a condition is known to be met."""

    condition: Condition
    by_ppm: int


@dataclass(frozen=True)
class DecisionPolicy:
    """How one product version decides. Base, least and most of limit and rate are the product's own."""

    rules: tuple[Rule, ...]
    """In the order in which reasons are given."""
    caps: tuple[Cap, ...]
    step_fen: int
    """The limit is a multiple of it, rounded down."""
    adjustments: tuple[Adjustment, ...]
