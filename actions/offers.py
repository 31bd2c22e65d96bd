"""Offers: which product a price is told of, by what is known of who asks; never one that he is known not to get."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum
from typing import Any

from actions.eligibility import FACTS, applicant_key_of, facts_of
from actions.lending.decision import Outcome, ProductDecision, decide
from actions.lending.decision_policy import SECURED, Comparison
from actions.lending.methods import RepaymentMethod
from actions.lending.products import Product
from actions.lending.quote import AmountOutOfRange, MethodNotOffered, Quote, TermNotOffered, quote
from actions.services import Services
from actions.turn import Turn

_EVERYBODYS = frozenset({"business_months", "owner_has_overdue_debt"})
"""Inputs of the usual conditions of every loan; a price may be told before they are known."""


class Reach(IntEnum):
    """How near a product is to who asks; the nearest ones are compared by price."""

    OPEN = 0
    """Nothing but the usual conditions is unknown."""
    SPECIAL = 1
    """It lends only to some (by tax, invoices, orders, region, a first loan) and nobody knows yet whether to him."""
    REFUSED = 2
    """Something that was said speaks against it."""


@dataclass(frozen=True)
class Offer:
    """A product with the price of the wanted loan."""

    product: Product
    quote: Quote
    reach: Reach


def known_of_asker(turn: Turn) -> dict[str, Any]:
    """What this conversation gave about who asks, in the running task and in the answer before; no wish."""
    said = turn.context.get("answers", {}) | turn.answers
    return {name: value for name, value in said.items() if name in FACTS}


def offers(
    turn: Turn,
    services: Services,
    amount_fen: int,
    term_months: int | None,
    method: RepaymentMethod | None = None,
) -> list[Offer]:
    """The products that lend this amount for this term, nearest and then cheapest first.

    Without a term each is quoted over the one that is nearest to a year. ``method``: only those paid back that way.
    """
    known = {name: value for name, value in turn.answers.items() if name in FACTS}
    facts = replace(facts_of(turn, services, known), wanted_amount_fen=amount_fen)
    today = services.clock.today()
    products = {
        one.code: one for one in services.policies.products_for(applicant_key_of(turn, services), today)
    }
    found = []
    for decided in decide(facts, products.values(), today).products:
        product = products[decided.product_code]
        term = term_months or min(product.terms_months, key=lambda offered: (abs(offered - 12), offered))
        try:
            price = quote(product, amount_fen, term, method, annual_rate=decided.annual_rate)
        except (AmountOutOfRange, TermNotOffered, MethodNotOffered):
            continue
        found.append(Offer(product, price, _reach(product, decided)))
    return sorted(found, key=_rank)


def _rank(one: Offer) -> tuple[Reach, bool, Decimal, str]:
    """A price that needs a house to mortgage or a large buyer counts only where no other lends it."""
    return one.reach, one.product.family in SECURED, one.quote.annualised_rate, one.product.code


def _reach(product: Product, decided: ProductDecision) -> Reach:
    if decided.outcome is Outcome.INELIGIBLE:
        return Reach.REFUSED
    usual = _EVERYBODYS | {
        rule.condition.input
        for rule in product.decision.rules
        if rule.condition.comparison is Comparison.NONE_OF
    }
    return Reach.OPEN if usual.issuperset(decided.missing) else Reach.SPECIAL
