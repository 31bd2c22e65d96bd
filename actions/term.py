"""Terms: over how many months a loan may be spread."""

from actions.customer_task import CustomerTask
from actions.named_product import products_spoken_of, response_about
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_terms


class Terms(CustomerTask):
    """能分几期，最长多久。"""

    intent = "ask_term"

    def answer(self, turn: Turn, services: Services) -> None:
        amount_fen = turn.value("amount")
        every = products_spoken_of(turn, services)
        lending = [p for p in every if amount_fen and p.amount_min_fen <= int(amount_fen) <= p.amount_max_fen]
        terms = sorted({term for product in lending or every for term in product.terms_months})
        turn.say(
            response_about(every, "utter_terms", "utter_terms_of_product"),
            figures=(
                figure("term_min", terms[0], "instalments"),
                figure("term_max", terms[-1], "instalments"),
            ),
            product=every[0].name,
            terms=written_terms(terms),
        )


def term_refused(turn: Turn, services: Services) -> bool:
    """Whether nobody lends the wanted amount for the wanted term: the terms are said, and another is asked for."""
    known = turn.answers
    amount_fen, term = known.get("amount_fen"), known.get("term_months")
    if term is None:
        return False
    lending = [
        product
        for product in services.policies.products()
        if amount_fen is None or product.amount_min_fen <= amount_fen <= product.amount_max_fen
    ]
    terms = sorted({offered for product in lending for offered in product.terms_months})
    if term in terms:
        return False
    known.pop("term_months")
    turn.remember(answers=known or None)
    turn.say("utter_term_not_offered", terms=written_terms(terms))
    turn.ask("term", quick_replies=tuple(f"{offered}期" for offered in terms[:4]))
    return True
