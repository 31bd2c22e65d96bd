"""Decision: which products a business may borrow from, up to which limit and at which rate. Pure; never an approval."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum

from actions.lending.decision_cost import REFERENCE_AMOUNT_FEN, REFERENCE_TERM_MONTHS, Cost, loan_cost
from actions.lending.decision_inputs import BusinessFacts
from actions.lending.decision_policy import PPM, OwnReason
from actions.lending.products import Product

ENGINE_VERSION = "1"
"""Raised whenever the same facts and policies would give another result; old records name theirs."""

NO_PROMISE = "这只是按公开条件的初步判断，能不能批、批多少，以机构审核为准"
"""Goes with every decision."""


class Outcome(str, Enum):
    """What the published rules say."""

    ELIGIBLE = "eligible"
    """Nothing that is known speaks against it, and everything that is asked is known."""
    UNDECIDED = "undecided"
    """Nothing speaks against it so far, but ``missing`` has to be known."""
    INELIGIBLE = "ineligible"


@dataclass(frozen=True)
class ProductDecision:
    """What one product version says to the facts."""

    product_code: str
    policy_version: str
    outcome: Outcome
    reasons: tuple[str, ...]
    """Codes: the broken rules in the order of the policy, then OwnReason's; only of an ineligible product."""
    missing: tuple[str, ...]
    """Inputs to ask for, the most telling first; only of an undecided product."""
    unchecked: tuple[str, ...]
    """Inputs that are not known and that the institution checks when it reviews."""
    limit_fen: int | None
    """The most that may be lent, only of an eligible product; the least is the product's minimum."""
    annual_rate_ppm: int | None
    """Nominal rate a year in millionths, only of an eligible product."""
    cost: Cost | None = None
    """What decide() compares the eligible products by."""

    @property
    def annual_rate(self) -> Decimal | None:
        """Nominal rate a year, 0.108 = 10.8 %."""
        return None if self.annual_rate_ppm is None else Decimal(self.annual_rate_ppm) / PPM


@dataclass(frozen=True)
class Decision:
    """All products: the eligible ones cheapest first, then the undecided, then the ineligible."""

    on: date
    products: tuple[ProductDecision, ...]
    engine: str = ENGINE_VERSION
    notice: str = NO_PROMISE

    @property
    def outcome(self) -> Outcome:
        """The best that any product says."""
        return self.products[0].outcome if self.products else Outcome.INELIGIBLE

    def with_outcome(self, outcome: Outcome) -> tuple[ProductDecision, ...]:
        """Return the products that say so, in order."""
        return tuple(product for product in self.products if product.outcome is outcome)


def decide(facts: BusinessFacts, products: Iterable[Product], on: date) -> Decision:
    """Decide on every product version given (see PolicyBook.products_for); ``on`` is noted and changes nothing.

    Eligible products are ordered by the total cost of the same loan: the wanted amount and term where they are
    known, else 100000 yuan over 12 months; then by annualised rate, then by code.
    """
    results = [_with_cost(facts, product, decide_product(facts, product)) for product in products]
    return Decision(on, tuple(sorted(results, key=_rank)))


def decide_product(facts: BusinessFacts, product: Product) -> ProductDecision:
    """Decide on one product version, without comparing costs."""
    policy = product.decision
    broken: list[str] = []
    missing: list[str] = []
    unchecked: list[str] = []
    for rule in policy.rules:
        holds = rule.condition.holds(facts)
        if holds is False:
            broken.append(rule.code)
        elif holds is None:
            (missing if rule.asked else unchecked).append(rule.condition.input)
    for cap in policy.caps:
        (missing if cap.asked else unchecked).extend(cap.unknown(facts))
    bound_fen = limit_bound_fen(facts, product)
    broken += _broken_by_wish(facts, product, bound_fen)
    outcome = Outcome.INELIGIBLE if broken else Outcome.UNDECIDED if missing else Outcome.ELIGIBLE
    return ProductDecision(
        product_code=product.code,
        policy_version=product.version,
        outcome=outcome,
        reasons=tuple(broken),
        missing=_unique(missing) if outcome is Outcome.UNDECIDED else (),
        unchecked=_unique(unchecked),
        limit_fen=bound_fen if outcome is Outcome.ELIGIBLE else None,
        annual_rate_ppm=rate_of(facts, product) if outcome is Outcome.ELIGIBLE else None,
    )


def is_ineligible(facts: BusinessFacts, product: Product) -> bool:
    """Tell whether anything known speaks against a product; as decide_product does, but stopping at the first."""
    if any(rule.condition.holds(facts) is False for rule in product.decision.rules):
        return True
    return bool(_broken_by_wish(facts, product, limit_bound_fen(facts, product)))


def limit_bound_fen(facts: BusinessFacts, product: Product) -> int:
    """Return the least of the product's maximum and the caps that are known, rounded down to the step."""
    bounds = (cap.bound_fen(facts) for cap in product.decision.caps)
    least = min((bound for bound in bounds if bound is not None), default=product.amount_max_fen)
    return min(least, product.amount_max_fen) // product.decision.step_fen * product.decision.step_fen


def rate_of(facts: BusinessFacts, product: Product) -> int:
    """Return the nominal rate in millionths a year: base and known adjustments, kept within the product's bounds."""
    rate_ppm = _ppm(product.annual_rate) + sum(
        one.by_ppm for one in product.decision.adjustments if one.condition.holds(facts)
    )
    return max(_ppm(product.annual_rate_min), min(_ppm(product.annual_rate_max), rate_ppm))


def _broken_by_wish(facts: BusinessFacts, product: Product, bound_fen: int) -> list[str]:
    """What follows from wanted amount and term and from the limit.

    An unknown cap can only lower the bound, so what breaks on the bound is broken in any case.
    """
    wanted_fen, term = facts.wanted_amount_fen, facts.wanted_term_months
    broken = []
    if term is not None and term not in product.terms_months:
        broken.append(OwnReason.TERM_NOT_OFFERED)
    if wanted_fen is not None and wanted_fen < product.amount_min_fen:
        broken.append(OwnReason.AMOUNT_BELOW_MINIMUM)
    if wanted_fen is not None and wanted_fen > product.amount_max_fen:
        broken.append(OwnReason.AMOUNT_ABOVE_MAXIMUM)
    if bound_fen < product.amount_min_fen:
        broken.append(OwnReason.LIMIT_TOO_LOW)
    elif wanted_fen is not None and bound_fen < wanted_fen <= product.amount_max_fen:
        broken.append(OwnReason.AMOUNT_ABOVE_LIMIT)
    return [reason.value for reason in broken]


def _with_cost(facts: BusinessFacts, product: Product, result: ProductDecision) -> ProductDecision:
    if result.annual_rate_ppm is None:
        return result
    amount_fen = REFERENCE_AMOUNT_FEN if facts.wanted_amount_fen is None else facts.wanted_amount_fen
    term = REFERENCE_TERM_MONTHS if facts.wanted_term_months is None else facts.wanted_term_months
    return replace(result, cost=loan_cost(product, result.annual_rate_ppm, amount_fen, term))


def _rank(one: ProductDecision) -> tuple[int, int, Decimal, str]:
    order = {Outcome.ELIGIBLE: 0, Outcome.UNDECIDED: 1, Outcome.INELIGIBLE: 2}[one.outcome]
    if one.cost is not None:
        return order, one.cost.total_fen, one.cost.annualised_rate, one.product_code
    return order, len(one.missing) + len(one.reasons), Decimal(0), one.product_code


def _ppm(rate: Decimal) -> int:
    return int(rate * PPM)


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
