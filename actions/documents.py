"""Documents: what to have at hand for an application."""

from actions.customer_task import CustomerTask
from actions.services import Services
from actions.turn import Turn


class Documents(CustomerTask):
    """要什么资料。"""

    intent = "ask_documents"

    def answer(self, turn: Turn, services: Services) -> None:
        products = services.policies.products()
        common = [
            name for name in products[0].documents if all(name in product.documents for product in products)
        ]
        others = [
            name
            for name in dict.fromkeys(document for product in products for document in product.documents)
            if name not in common
        ]
        turn.say("utter_documents", common="、".join(common))
        if others:
            turn.say("utter_documents_by_product", others="、".join(others[:4]))
