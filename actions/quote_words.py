"""Quote words: how the price of a loan is told, always with the product that it is the price of."""

from typing import Any

from actions.lending.methods import RepaymentMethod
from actions.lending.money import written_percent, written_yuan
from actions.lending.products import Product
from actions.lending.quote import Quote
from actions.turn import Turn, figure

_LEVEL = {
    (False, False): "utter_quote",
    (True, False): "utter_quote_special",
    (False, True): "utter_quote_other_method",
    (True, True): "utter_quote_special_other_method",
}
_UNEVEN = {
    (False, False): "utter_quote_uneven",
    (True, False): "utter_quote_uneven_special",
    (False, True): "utter_quote_uneven_other_method",
    (True, True): "utter_quote_uneven_special_other_method",
}
"""By whether the product lends only to some, and whether nobody has the method that was asked for."""


def say_quote(
    turn: Turn, product: Product, offer: Quote, special: bool = False, other_method: bool = False
) -> None:
    """What is paid, and what it costs; only the clause with total cost and annualised rate cannot be interrupted.

    ``special``: the product lends only to some; ``other_method``: no product is paid back the way that was asked for.
    """
    inputs = _inputs(product, offer)
    level = offer.method is RepaymentMethod.EQUAL_INSTALMENT
    turn.say(
        (_LEVEL if level else _UNEVEN)[special, other_method],
        figures=(figure("instalment_amount", offer.first_instalment_fen, "fen", **inputs),),
        product=product.name,
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
            _rate(offer, inputs),
        ),
        interruptible=False,
        cost=written_yuan(offer.total_cost_fen),
        rate=written_percent(offer.annualised_rate),
    )


def say_daily(turn: Turn, product: Product, offer: Quote) -> None:
    """The interest of one day on the whole amount, with the annualised rate of ``offer``."""
    inputs = _inputs(product, offer)
    turn.say(
        "utter_daily_interest",
        figures=(figure("daily_interest", offer.daily_interest_fen, "fen", **inputs), _rate(offer, inputs)),
        interruptible=False,
        product=product.name,
        amount=written_yuan(offer.amount_fen),
        interest=written_yuan(offer.daily_interest_fen),
        rate=written_percent(offer.annualised_rate),
    )


def _rate(offer: Quote, inputs: dict[str, Any]) -> dict[str, Any]:
    return figure(
        "annualised_rate",
        str(offer.annualised_rate),
        "rate_per_year",
        effective_rate=str(offer.effective_rate),
        **inputs,
    )


def _inputs(product: Product, offer: Quote) -> dict[str, Any]:
    return {
        "product": product.code,
        "policy": product.version,
        "amount_fen": offer.amount_fen,
        "term_months": offer.term_months,
        "method": offer.method.value,
        "annual_rate": str(offer.annual_rate),
        "first_due_on": offer.schedule[0].due_on.isoformat(),
    }
