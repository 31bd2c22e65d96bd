"""Early repayment: whether, what it costs; with the customer's own sum once he is verified."""

import re

from actions.customer_task import CustomerTask
from actions.early_repayment_price import say_closing, say_early_rule
from actions.lending.early_repayment import EarlyRepaymentNotAllowed
from actions.lending.money import written_yuan
from actions.lending.views import LoanView
from actions.own_data import running_loans
from actions.services import Services
from actions.turn import Turn

_ASKS_PART = re.compile(r"部分|一些|一点|先还|多还")


class EarlyRepayment(CustomerTask):
    """能提前还吗，怎么收费。"""

    intent = "ask_early_repayment"

    def answer(self, turn: Turn, services: Services) -> None:
        borrower = services.identity.verified_borrower(turn.sender)
        loans = running_loans(services, borrower) if borrower is not None else []
        if borrower is None or not loans:
            say_early_rule(turn, services)
            return
        loan = loans[0]
        if _ASKS_PART.search(turn.text) or turn.value("amount"):
            self._say_part(turn, services, loan)
            return
        try:
            closing = services.records.early_repayment(borrower, loan.reference)
        except EarlyRepaymentNotAllowed:
            turn.say("utter_early_repayment_not_allowed")
            return
        say_closing(turn, services, loan, closing)

    def _say_part(self, turn: Turn, services: Services, loan: LoanView) -> None:
        rule = services.policies.version(loan.product_code, loan.policy_version).early_repayment
        if rule.partial_allowed:
            turn.say("utter_early_repayment_part", least=written_yuan(rule.partial_min_fen))
        else:
            turn.say("utter_early_repayment_no_part")
