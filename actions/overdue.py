"""Overdue: what being late costs; with the customer's own sum once he is verified."""

from actions.customer_task import CustomerTask
from actions.own_data import running_loans
from actions.repayment import say_overdue
from actions.services import Services
from actions.turn import Turn, figure


class Overdue(CustomerTask):
    """逾期会怎样，罚息怎么算。"""

    intent = "ask_overdue"

    def answer(self, turn: Turn, services: Services) -> None:
        borrower = services.identity.verified_borrower(turn.sender)
        loans = running_loans(services, borrower) if borrower is not None else []
        if loans:
            product = services.policies.version(loans[0].product_code, loans[0].policy_version)
            rules, response = [product.overdue], "utter_overdue_rule_own"
        else:
            rules, response = (
                [product.overdue for product in services.policies.products()],
                "utter_overdue_rule",
            )
        most = max(rule.penalty_rate_per_day for rule in rules)
        grace_days = min(rule.grace_days for rule in rules)
        reported = min(rule.reported_after_days for rule in rules)
        turn.say(
            response,
            figures=(
                figure("penalty_rate_per_day", str(most), "rate_per_day"),
                figure("grace_days", grace_days, "days"),
                figure("reported_after_days", reported, "days"),
            ),
            interruptible=False,
            rate=f"{(most * 100).normalize():f}%",
            reported=reported,
        )
        if loans and loans[0].overdue:
            say_overdue(turn, loans[0])
