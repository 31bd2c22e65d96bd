"""Documents: what to have at hand for an application."""

from actions.customer_task import CustomerTask
from actions.named_product import products_spoken_of, response_about
from actions.services import Services
from actions.turn import Turn


class Documents(CustomerTask):
    """要什么资料。"""

    intent = "ask_documents"

    def answer(self, turn: Turn, services: Services) -> None:
        products = products_spoken_of(turn, services)
        common = [
            name for name in products[0].documents if all(name in product.documents for product in products)
        ]
        others = [
            name
            for name in dict.fromkeys(document for product in products for document in product.documents)
            if name not in common
        ]
        turn.say(
            response_about(products, "utter_documents", "utter_documents_of_product"),
            product=products[0].name,
            common="、".join(common),
        )
        if others:
            turn.say("utter_documents_by_product", others="、".join(others[:4]))
