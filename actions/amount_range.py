"""Amount range: the least and the most that is lent."""

from actions.customer_task import CustomerTask
from actions.lending.money import written_yuan
from actions.named_product import products_spoken_of, response_about
from actions.services import Services
from actions.turn import Turn, figure


class AmountRange(CustomerTask):
    """最多、最少能借多少。"""

    intent = "ask_amount_range"

    def answer(self, turn: Turn, services: Services) -> None:
        products = products_spoken_of(turn, services)
        least_fen = min(product.amount_min_fen for product in products)
        most_fen = max(product.amount_max_fen for product in products)
        codes = [product.code for product in products]
        turn.say(
            response_about(products, "utter_amount_range", "utter_amount_range_of_product"),
            figures=(
                figure("amount_min", least_fen, "fen", products=codes),
                figure("amount_max", most_fen, "fen", products=codes),
            ),
            product=products[0].name,
            least=written_yuan(least_fen),
            most=written_yuan(most_fen),
        )


def amount_refused(turn: Turn, services: Services) -> bool:
    """Whether nobody lends the wanted amount: the range is said, and another amount is asked for."""
    known = turn.answers
    amount_fen = known.get("amount_fen")
    products = services.policies.products()
    if amount_fen is None or any(p.amount_min_fen <= amount_fen <= p.amount_max_fen for p in products):
        return False
    known.pop("amount_fen")
    turn.remember(answers=known or None)
    turn.say(
        "utter_amount_out_of_range",
        least=written_yuan(min(p.amount_min_fen for p in products)),
        most=written_yuan(max(p.amount_max_fen for p in products)),
    )
    turn.ask("amount", "utter_ask_amount_again")
    return True
