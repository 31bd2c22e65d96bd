"""Interest: what a loan would cost, with its annualised rate."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from actions.amount_range import amount_refused
from actions.correction import Corrected, acknowledge
from actions.details import details_of
from actions.form import Form, first_missing, note_details
from actions.lending.methods import RepaymentMethod
from actions.lending.money import written_percent, written_yuan
from actions.lending.products import Product
from actions.lending.quote import quote
from actions.method_words import method_spoken_of
from actions.named_product import named_product, products_spoken_of, response_about
from actions.offers import Reach, known_of_asker, offers
from actions.own_interest import asks_of_own_loan, say_own_interest
from actions.questions import IDENTITY
from actions.quote_question import quote_asked
from actions.quote_words import say_daily, say_quote
from actions.services import Services
from actions.term import term_refused
from actions.turn import Turn, figure
from actions.written import written_terms

_PRODUCT = "product"
"""Beside the details: the code of the product that was asked about."""
_METHOD = "method"
"""Beside the details: the way of paying back that was asked about, a RepaymentMethod's value."""
_BY_THE_DAY = re.compile(
    "(?:一天|每天|按天|天天)(?:的|要|是|得|收|算|大概|付)*(?:利息|多少|几)|日息|利息(?:是|要|按|怎么|多少|大概|的)*(?:一天|每天|按天)"
)
_ELLIPSIS = 5
"""Characters of a question that says nothing but 利息."""


class Interest(Form):
    """利率多少，借一万一个月多少利息。"""

    intent = "ask_interest"
    details = ("amount", "term")

    def answer(self, turn: Turn, services: Services) -> None:
        if asks_of_own_loan(turn, services):
            say_own_interest(turn, services)
            return
        # 那利息呢 in the middle of an application, or behind a quote, is about the same amount and term.
        goes_on = turn.question is not None or len(turn.bare_text) <= _ELLIPSIS
        method = method_spoken_of(turn.text)
        goes_on = (
            goes_on or bool(details_of(turn, services.policies)) or quote_asked(turn) or method is not None
        )
        before = {
            name: value
            for name, value in turn.answers.items()
            if name in {"amount_fen", "term_months", _METHOD, _PRODUCT}
        }
        before = (before if goes_on else {}) | known_of_asker(turn)
        turn.remember(answers=before or None)
        known = note_details(turn, services)
        if method is not None:
            known = known | {_METHOD: method.value}
            turn.remember(answers=known)
        if "amount_fen" not in known:
            self._say_range(turn, services)
        if turn.question in IDENTITY and first_missing(("amount", "term"), known):
            return
        waiting = turn.task if turn.question in IDENTITY else None
        turn.remember(task=self.intent)
        self.proceed(turn, services)
        if waiting is not None and turn.question in IDENTITY:
            turn.remember(task=waiting, answers=None)

    def proceed(self, turn: Turn, services: Services, change: Corrected | None = None) -> None:
        if (named := named_product(turn, services)) is not None:
            turn.remember(answers=turn.answers | {_PRODUCT: named.code})
        if amount_refused(turn, services):
            return
        known = turn.answers
        if _BY_THE_DAY.search(turn.text) and "amount_fen" in known and turn.value("term") is None:
            self._say_daily(turn, services, known)
            return
        missing = first_missing(("amount", "term"), known)
        if missing is not None and turn.utterances and turn.memory.get("waiting"):
            # The range is told, and there are other questions to answer before the sum is asked for.
            turn.settle()
            return
        if missing is not None:
            acknowledge(turn, services, change)
            turn.ask(
                missing,
                None if turn.utterances else "utter_ask_amount_to_quote" if missing == "amount" else None,
            )
            return
        if term_refused(turn, services):
            return
        self._say_price(turn, services, known)
        if turn.question not in IDENTITY:
            self._settle(turn, known)

    def _say_price(self, turn: Turn, services: Services, known: dict[str, Any]) -> None:
        """The price of the product that was asked about, or else of the nearest and cheapest."""
        amount_fen, term = known["amount_fen"], known["term_months"]
        method = RepaymentMethod(known[_METHOD]) if _METHOD in known else None
        every = offers(turn, services, amount_fen, term)
        if _PRODUCT in known:
            every = [one for one in every if one.product.code == known[_PRODUCT]]
            if not every:
                _say_beyond(turn, services.policies.product(known[_PRODUCT]))
                return
        codes = {one.product.code for one in every}
        payable = [
            one for one in offers(turn, services, amount_fen, term, method) if one.product.code in codes
        ]
        best = (payable or every)[0]
        if best.reach is Reach.REFUSED:
            turn.say("utter_no_offer")
        else:
            say_quote(turn, best.product, best.quote, best.reach is Reach.SPECIAL, not payable)

    def _settle(self, turn: Turn, known: dict[str, Any]) -> None:
        """Amount, term and what is known of the asker stay: 那六期呢 and 那我申请吧 follow."""
        turn.remember(question=None, misses=0, context={"intent": self.intent, "answers": known})

    def _say_daily(self, turn: Turn, services: Services, known: dict[str, Any]) -> None:
        """The interest of a day on the whole amount: a rate, for which no term need be known."""
        best = offers(turn, services, known["amount_fen"], None)[0]
        if best.reach is Reach.REFUSED:
            turn.say("utter_no_offer")
        else:
            say_daily(turn, best.product, best.quote)
        if turn.question not in IDENTITY:
            self._settle(turn, known)

    def _say_range(self, turn: Turn, services: Services) -> None:
        products = products_spoken_of(turn, services)
        low, high = rate_range(products)
        turn.say(
            response_about(products, "utter_rate_range", "utter_rate_range_of_product"),
            figures=rate_range_figures(low, high, products),
            interruptible=False,
            product=products[0].name,
            low=written_percent(low),
            high=written_percent(high),
        )
        if not turn.memory.get("waiting"):
            turn.say("utter_rate_depends")


def _say_beyond(turn: Turn, product: Product) -> None:
    """What the product lends that was asked about, where the wish is outside of it."""
    turn.say(
        "utter_quote_beyond_product",
        product=product.name,
        least=written_yuan(product.amount_min_fen),
        most=written_yuan(product.amount_max_fen),
        terms=written_terms(product.terms_months),
    )


def rate_range_figures(
    low: Decimal, high: Decimal, products: tuple[Product, ...]
) -> tuple[dict[str, Any], ...]:
    """Both ends as disclosed figures, with the versions of the products that they span."""
    versions = [f"{product.code} {product.version}" for product in products]
    return (
        figure("annualised_rate_min", str(low), "rate_per_year", products=versions),
        figure("annualised_rate_max", str(high), "rate_per_year", products=versions),
    )


@lru_cache(maxsize=32)
def rate_range(products: tuple[Product, ...]) -> tuple[Decimal, Decimal]:
    """Lowest and highest annualised rate over these products and all their terms, fees included."""
    rates = [
        quote(product, product.amount_max_fen, term, annual_rate=rate).annualised_rate
        for product in products
        for term in (min(product.terms_months), max(product.terms_months))
        for rate in (product.annual_rate_min, product.annual_rate_max)
    ]
    return min(rates), max(rates)
