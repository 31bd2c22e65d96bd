"""Interest: what a loan would cost, with its annualised rate."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from actions.correction import Corrected, acknowledge
from actions.details import details_of
from actions.form import Form, first_missing, note_details
from actions.lending.decision_policy import SECURED
from actions.lending.money import written_percent, written_yuan
from actions.lending.products import Product
from actions.lending.quote import AmountOutOfRange, Quote, TermNotOffered, quote
from actions.own_interest import asks_of_own_loan, say_own_interest
from actions.questions import IDENTITY
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_terms

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
        goes_on = goes_on or bool(details_of(turn, services.policies))
        before = {
            name: value for name, value in turn.answers.items() if name in {"amount_fen", "term_months"}
        }
        turn.remember(answers=before if goes_on and before else None)
        known = note_details(turn, services)
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
        known = turn.answers
        missing = first_missing(("amount", "term"), known)
        if missing is not None:
            if missing == "term" and self._amount_refused(turn, services, known["amount_fen"]):
                return
            acknowledge(turn, services, change)
            turn.ask(
                missing,
                None if turn.utterances else "utter_ask_amount_to_quote" if missing == "amount" else None,
            )
            return
        if self._amount_refused(turn, services, known["amount_fen"]):
            return
        offers = quotes(services, known["amount_fen"], known["term_months"])
        if not offers:
            terms = sorted({term for p in _lending(services, known["amount_fen"]) for term in p.terms_months})
            known.pop("term_months")
            turn.remember(answers=known)
            turn.say("utter_term_not_offered", terms=written_terms(terms))
            turn.ask("term", quick_replies=tuple(f"{term}期" for term in terms[:4]))
            return
        open_identity = turn.question in IDENTITY
        say_quote(turn, *min(offers, key=lambda offer: offer[1].annualised_rate))
        if not open_identity:
            # Amount and term stay: 那六期呢 and 那我申请吧 follow.
            turn.remember(question=None, misses=0, context={"intent": self.intent, "answers": known})

    def _amount_refused(self, turn: Turn, services: Services, amount_fen: int) -> bool:
        if _lending(services, amount_fen):
            return False
        products = services.policies.products()
        known = turn.answers
        known.pop("amount_fen", None)
        turn.remember(answers=known or None)
        turn.say(
            "utter_amount_out_of_range",
            least=written_yuan(min(p.amount_min_fen for p in products)),
            most=written_yuan(max(p.amount_max_fen for p in products)),
        )
        turn.ask("amount", "utter_ask_amount_again")
        return True

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


def quotes(services: Services, amount_fen: int, term_months: int) -> list[tuple[Product, Quote]]:
    """The products that lend this amount for this term, each with its quote.

    A price that needs a house to mortgage or a large buyer is no example for everybody: such products count only
    where no other lends it.
    """
    offers = []
    for product in services.policies.products():
        try:
            offers.append((product, quote(product, amount_fen, term_months)))
        except (AmountOutOfRange, TermNotOffered):
            continue
    return [offer for offer in offers if offer[0].family not in SECURED] or offers


def say_quote(turn: Turn, product: Product, offer: Quote) -> None:
    """What is paid, and what it costs; only the clause with total cost and annualised rate cannot be interrupted."""
    inputs = {
        "product": product.code,
        "policy": product.version,
        "amount_fen": offer.amount_fen,
        "term_months": offer.term_months,
        "method": offer.method.value,
        "annual_rate": str(offer.annual_rate),
        "first_due_on": offer.schedule[0].due_on.isoformat(),
    }
    level = offer.first_instalment_fen >= offer.last_instalment_fen - 100
    turn.say(
        "utter_quote" if level else "utter_quote_interest_first",
        figures=(figure("instalment_amount", offer.first_instalment_fen, "fen", **inputs),),
        amount=written_yuan(offer.amount_fen),
        term=offer.term_months,
        method=offer.method.in_words,
        instalment=written_yuan(offer.first_instalment_fen),
        last=written_yuan(offer.last_instalment_fen),
    )
    turn.say(
        "utter_quote_cost_fees" if offer.total_fees_fen else "utter_quote_cost",
        figures=(
            figure("total_interest", offer.total_interest_fen, "fen", **inputs),
            figure("total_fees", offer.total_fees_fen, "fen", **inputs),
            figure("total_cost", offer.total_cost_fen, "fen", **inputs),
            figure(
                "annualised_rate",
                str(offer.annualised_rate),
                "rate_per_year",
                effective_rate=str(offer.effective_rate),
                **inputs,
            ),
        ),
        interruptible=False,
        cost=written_yuan(offer.total_cost_fen),
        rate=written_percent(offer.annualised_rate),
    )


def _lending(services: Services, amount_fen: int) -> list[Product]:
    return [p for p in services.policies.products() if p.amount_min_fen <= amount_fen <= p.amount_max_fen]


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
