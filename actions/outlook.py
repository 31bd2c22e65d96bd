"""Outlook: what to ask before a decision can be told, and how it is told; never a promise."""

import re
from collections.abc import Collection
from typing import Any

from actions.business_details import BUSINESS_QUESTIONS
from actions.lending.decision import Decision, Outcome, ProductDecision
from actions.lending.decision_inputs import BusinessFacts
from actions.lending.decision_policy import Family
from actions.lending.decision_records import ToldDecision
from actions.lending.methods import RepaymentMethod
from actions.lending.money import written_percent, written_yuan
from actions.lending.products import Product
from actions.lending.quote import Quote, quote
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_months

QUESTION_OF = {
    "business_months": "business_age",
    "owner_has_overdue_debt": "overdue_debt",
    "is_first_time_borrower": "first_time",
    "industry": "industry",
    "region": "region",
} | {name: question for question, name in BUSINESS_QUESTIONS.items()}
"""Which question fills which input."""
MOST_QUESTIONS = 4
"""After so many only the kind of loan that was spoken of is asked about further."""

_EVERYBODYS = frozenset({Family.FIRST_TIME, Family.TURNOVER})
"""Looked at where no kind of loan was spoken of: they ask for nothing but what every shop owner knows."""
_SPOKEN_OF = {
    Family.COLLATERAL: "(?<!不用)(?<!不要)(?<!没有)(?<!不想)抵押|房产贷|用房子|有套房|房本",
    Family.INVOICE: "发票|开票|票贷",
    Family.TAX: "纳税|税贷|交税|的税|报税",
    Family.SUPPLY_CHAIN: "订单|供应链|供货|应收|货款",
    Family.TURNOVER: "流水",
}
_EXAMPLE_FEN = 10_000_000
_EXAMPLE_TERM = 12
"""What a price is told for where the customer did not say what he wants: 100000 yuan over a year."""


def family_spoken_of(text: str) -> Family | None:
    """Return the kind of loan that the words are about."""
    return next((family for family, words in _SPOKEN_OF.items() if re.search(words, text)), None)


def next_question(
    decision: Decision, products: Collection[Product], family: Family | None, asked: int, unknown: set[str]
) -> str | None:
    """Return what to ask next; None when a decision can be told.

    ``asked``: questions asked so far; ``unknown``: inputs that the customer does not know. First the products of the
    family that was spoken of, or those for everybody; when none of them is left, any other within MOST_QUESTIONS.
    """
    families = {product.code: product.family for product in products}
    wanted = _EVERYBODYS if family is None else frozenset({family})
    in_focus = [one for one in decision.products if families[one.product_code] in wanted]
    open_ones = _askable(in_focus, unknown)
    if any(one.outcome is Outcome.ELIGIBLE for one in in_focus):
        return None
    if not open_ones and decision.outcome is not Outcome.ELIGIBLE and asked < MOST_QUESTIONS:
        open_ones = _askable(decision.products, unknown)
    if not open_ones:
        return None
    nearest = min(open_ones, key=lambda one: len(one.missing))
    return QUESTION_OF[nearest.missing[0]]


def _askable(products: Collection[ProductDecision], unknown: set[str]) -> list[ProductDecision]:
    """Undecided products of which everything missing can be asked and may be known."""
    return [
        one
        for one in products
        if one.outcome is Outcome.UNDECIDED
        and all(name in QUESTION_OF and name not in unknown for name in one.missing)
    ]


def say_eligible(turn: Turn, services: Services, told: ToldDecision, wish: dict[str, Any]) -> None:
    """Say the cheapest product with its limits, then what a loan of it costs; the price is not interruptible."""
    best = told.explained.decision.products[0]
    product = services.policies.version(best.product_code, best.policy_version)
    assert best.limit_fen is not None, "an eligible product has a limit"
    offer = _example(product, best, wish, services)
    inputs = _inputs(told, best)
    at_the_end = offer.method is RepaymentMethod.INTEREST_FIRST
    turn.say(
        "utter_eligible_interest_first" if at_the_end else "utter_eligible",
        figures=(
            _outlook(told, best),
            figure("eligible_limit_min", product.amount_min_fen, "fen", **inputs),
            figure("eligible_limit_max", best.limit_fen, "fen", **inputs),
        ),
        product=product.name,
        low=written_yuan(product.amount_min_fen),
        high=written_yuan(best.limit_fen),
    )
    _say_price(turn, offer, inputs)


def _say_price(turn: Turn, offer: Quote, inputs: dict[str, Any]) -> None:
    loan = inputs | {
        "amount_fen": offer.amount_fen,
        "term_months": offer.term_months,
        "method": offer.method.value,
        "annual_rate": str(offer.annual_rate),
    }
    turn.say(
        "utter_eligible_price",
        figures=(
            figure("annualised_rate", str(offer.annualised_rate), "rate_per_year", **loan),
            figure("total_cost", offer.total_cost_fen, "fen", **loan),
        ),
        interruptible=False,
        amount=written_yuan(offer.amount_fen),
        term=offer.term_months,
        rate=written_percent(offer.annualised_rate),
        cost=written_yuan(offer.total_cost_fen),
    )


def _example(product: Product, best: ProductDecision, wish: dict[str, Any], services: Services) -> Quote:
    """Quote the wanted loan, as far as it is said, at the rate that was decided."""
    assert best.limit_fen is not None, "an eligible product has a limit"
    amount_fen = wish.get("amount_fen") or max(product.amount_min_fen, min(best.limit_fen, _EXAMPLE_FEN))
    term = wish.get("term_months") or min(
        product.terms_months, key=lambda offered: (abs(offered - _EXAMPLE_TERM), offered)
    )
    return quote(product, amount_fen, term, annual_rate=best.annual_rate, on=services.clock.today())


def say_ineligible(turn: Turn, services: Services, told: ToldDecision, facts: BusinessFacts) -> None:
    """Say the first reason, and what would change the answer; without a change only that it is a first look.

    Without a licence nothing runs that waiting would fill: that one is needed is said in place of the months.
    """
    explained = told.explained
    change = explained.change
    nearest = next(
        one
        for one in explained.decision.with_outcome(Outcome.INELIGIBLE)
        if change is None or one.product_code == change.product_code
    )
    reason = explained.reasons[nearest.product_code][0]
    turn.say("utter_not_eligible", figures=(_outlook(told, nearest),), reason=reason.rstrip("。"))
    if change is None:
        turn.say("utter_eligibility_notice", interruptible=False)
        return
    months = next((step.value for step in change.steps if step.input == "business_months"), None)
    if facts.business_months == 0 and months is not None:
        turn.say("utter_eligibility_no_licence", interruptible=False, age=written_months(int(months)))
        return
    words = "，再".join(explained.change_words)
    turn.say("utter_eligibility_change", interruptible=False, change=words)


def say_open(turn: Turn, services: Services, told: ToldDecision) -> None:
    """Nothing speaks against it, but the customer does not know what decides."""
    turn.say("utter_eligibility_open", figures=(_outlook(told, told.explained.decision.products[0]),))
    turn.say("utter_eligibility_notice", interruptible=False)


def _outlook(told: ToldDecision, one: ProductDecision) -> dict[str, Any]:
    return figure(
        "eligibility_outlook",
        told.explained.decision.outcome.value,
        "state",
        **_inputs(told, one),
        eligible_products=len(told.explained.decision.with_outcome(Outcome.ELIGIBLE)),
        reasons=list(one.reasons),
    )


def _inputs(told: ToldDecision, one: ProductDecision) -> dict[str, Any]:
    return {"decision": told.reference, "product": one.product_code, "policy": one.policy_version}
