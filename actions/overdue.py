"""Overdue: what being late costs; with the customer's own sum once he is verified."""

from decimal import Decimal

from actions.customer_task import CustomerTask
from actions.lending.money import written_percent
from actions.lending.overdue import annualised_penalty_rate
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
        if not loans:
            rules = [product.overdue for product in services.policies.products()]
            dearest = max(rule.penalty_rate_per_day for rule in rules)
            soonest = min(rule.reported_after_days for rule in rules)
            _say_penalty(turn, "utter_overdue_rule", dearest, soonest)
            return
        rule = services.policies.version(loans[0].product_code, loans[0].policy_version).overdue
        if loans[0].overdue:
            _say_penalty(turn, "utter_overdue_penalty_own", rule.penalty_rate_per_day)
            say_overdue(turn, loans[0])
        else:
            _say_penalty(turn, "utter_overdue_rule_own", rule.penalty_rate_per_day, rule.reported_after_days)


def _say_penalty(turn: Turn, response: str, rate_per_day: Decimal, reported_days: int | None = None) -> None:
    """A price: never interruptible, always with the annualised rate."""
    annualised = annualised_penalty_rate(rate_per_day)
    reported = () if reported_days is None else (figure("reported_after_days", reported_days, "days"),)
    turn.say(
        response,
        figures=(
            figure("penalty_rate_per_day", str(rate_per_day), "rate_per_day"),
            figure("annualised_penalty_rate", str(annualised), "rate_per_year"),
            *reported,
        ),
        interruptible=False,
        rate=f"{(rate_per_day * 100).normalize():f}%",
        annualised=written_percent(annualised),
        reported=reported_days,
    )
