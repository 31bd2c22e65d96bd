"""Terms: over how many months a loan may be spread."""

from actions.customer_task import CustomerTask
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_terms


class Terms(CustomerTask):
    """能分几期，最长多久。"""

    intent = "ask_term"

    def answer(self, turn: Turn, services: Services) -> None:
        amount_fen = turn.value("amount")
        every = services.policies.products()
        lending = [p for p in every if amount_fen and p.amount_min_fen <= int(amount_fen) <= p.amount_max_fen]
        terms = sorted({term for product in lending or every for term in product.terms_months})
        turn.say(
            "utter_terms",
            figures=(
                figure("term_min", terms[0], "instalments"),
                figure("term_max", terms[-1], "instalments"),
            ),
            terms=written_terms(terms),
        )
