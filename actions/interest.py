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
from actions.lending.money import written_percent
from actions.lending.products import Product
from actions.lending.quote import quote
from actions.offers import Reach, known_of_asker, method_spoken_of, offers
from actions.own_interest import asks_of_own_loan, say_own_interest
from actions.questions import IDENTITY
from actions.quote_question import quote_asked
from actions.quote_words import say_daily, say_quote
from actions.services import Services
from actions.term import term_refused
from actions.turn import Turn, figure

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
        goes_on = goes_on or bool(details_of(turn, services.policies)) or quote_asked(turn)
        before = {
            name: value
            for name, value in turn.answers.items()
            if name in {"amount_fen", "term_months", _METHOD}
        }
        before = (before if goes_on else {}) | known_of_asker(turn)
        turn.remember(answers=before or None)
        known = note_details(turn, services)
        if (method := method_spoken_of(turn.text)) is not None:
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
        if amount_refused(turn, services):
            return
        known = turn.answers
        if _BY_THE_DAY.search(turn.text) and "amount_fen" in known and turn.value("term") is None:
            self._say_daily(turn, services, known)
            return
        missing = first_missing(("amount", "term"), known)
        if missing is not None:
            acknowledge(turn, services, change)
            turn.ask(
                missing,
                None if turn.utterances else "utter_ask_amount_to_quote" if missing == "amount" else None,
            )
            return
        if term_refused(turn, services):
            return
        method = RepaymentMethod(known[_METHOD]) if _METHOD in known else None
        found = offers(turn, services, known["amount_fen"], known["term_months"], method)
        other_method = not found
        found = found or offers(turn, services, known["amount_fen"], known["term_months"])
        open_identity = turn.question in IDENTITY
        best = found[0]
        if best.reach is Reach.REFUSED:
            turn.say("utter_no_offer")
        else:
            say_quote(turn, best.product, best.quote, best.reach is Reach.SPECIAL, other_method)
        if not open_identity:
            self._settle(turn, known)

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
        low, high = rate_range(services)
        turn.say(
            "utter_rate_range",
            figures=rate_range_figures(low, high, services.policies.products()),
            interruptible=False,
            low=written_percent(low),
            high=written_percent(high),
        )
        turn.say("utter_rate_depends")


def rate_range(services: Services) -> tuple[Decimal, Decimal]:
    """Lowest and highest annualised rate over all products and terms, fees included."""
    return _rate_range(services.policies.products())


def rate_range_figures(
    low: Decimal, high: Decimal, products: tuple[Product, ...]
) -> tuple[dict[str, Any], ...]:
    """Both ends as disclosed figures, with the versions of the products that they span."""
    versions = [f"{product.code} {product.version}" for product in products]
    return (
        figure("annualised_rate_min", str(low), "rate_per_year", products=versions),
        figure("annualised_rate_max", str(high), "rate_per_year", products=versions),
    )


@lru_cache(maxsize=4)
def _rate_range(products: tuple[Product, ...]) -> tuple[Decimal, Decimal]:
    rates = [
        quote(product, product.amount_max_fen, term, annual_rate=rate).annualised_rate
        for product in products
        for term in (min(product.terms_months), max(product.terms_months))
        for rate in (product.annual_rate_min, product.annual_rate_max)
    ]
    return min(rates), max(rates)
