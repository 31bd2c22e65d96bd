"""Overdue: what being late costs; with the customer's own sum once he is verified."""

from decimal import Decimal
from typing import Any

from actions.customer_task import CustomerTask, go_on
from actions.lending.money import written_percent, written_yuan
from actions.lending.overdue import annualised_penalty_rate
from actions.lending.products import OverdueRule
from actions.lending.views import LoanView
from actions.loan_words import asks_for_what_is_late
from actions.named_product import products_spoken_of, response_about
from actions.overdue_day import say_overdue_on_day_asked
from actions.own_data import own_borrower, running_loans, say_no_loan
from actions.repayment import penalty_figures, say_overdue_amount
from actions.services import Services
from actions.turn import Turn, figure

_REPORTED = {
    "utter_overdue_rule": "utter_overdue_rule_reported",
    "utter_overdue_rule_of_product": "utter_overdue_rule_own_reported",
    "utter_overdue_rule_own": "utter_overdue_rule_own_reported",
}


class Overdue(CustomerTask):
    """逾期会怎样，罚息怎么算。"""

    intent = "ask_overdue"

    def answer(self, turn: Turn, services: Services) -> None:
        borrower = services.identity.verified_borrower(turn.sender)
        own = turn.answers.get("own") or asks_for_what_is_late(turn.bare_text)
        if own:
            # Remembered over the identity check.
            turn.remember(answers=turn.answers | {"own": True} if borrower is None else None)
            borrower = own_borrower(turn, services, self.intent)
            if borrower is None:
                return
        loans = running_loans(services, borrower) if borrower is not None else []
        if own and borrower is not None and not loans:
            say_no_loan(turn, services, borrower)
            return
        if not loans:
            products = products_spoken_of(turn, services)
            dearest = max(product.overdue.penalty_rate_per_day for product in products)
            soonest = min(product.overdue.reported_after_days for product in products)
            worst = OverdueRule(0, dearest, soonest)
            versions = [f"{product.code} {product.version}" for product in products]
            response = response_about(products, "utter_overdue_rule", "utter_overdue_rule_of_product")
            _say_penalty(turn, response, worst, product=products[0].name, products=versions)
            return
        turn.remember(context={"intent": self.intent, "late": bool(loans[0].overdue)})
        loan = loans[0]
        if borrower is not None and say_overdue_on_day_asked(turn, services, borrower, loan):
            return
        if loan.overdue:
            say_own_penalty(turn, loan)
            return
        if own:
            turn.say("utter_not_overdue")
            if "还" in turn.text:
                go_on(turn, services, "query_repayment")
            return
        rule = services.policies.version(loan.product_code, loan.policy_version).overdue
        _say_penalty(turn, "utter_overdue_rule_own", rule, loan=loan.reference, policy=loan.policy_version)


def _say_penalty(
    turn: Turn, response: str, rule: OverdueRule, product: str | None = None, **inputs: Any
) -> None:
    """A price: never interruptible, always with the annualised rate."""
    annualised = annualised_penalty_rate(rule.penalty_rate_per_day)
    turn.say(
        response,
        figures=(
            figure("penalty_rate_per_day", str(rule.penalty_rate_per_day), "rate_per_day", **inputs),
            figure("annualised_penalty_rate", str(annualised), "rate_per_year", **inputs),
        ),
        interruptible=False,
        product=product,
        rate=_written_daily(rule.penalty_rate_per_day),
        annualised=written_percent(annualised),
    )
    turn.say(
        _REPORTED[response],
        figures=(figure("reported_after_days", rule.reported_after_days, "days", **inputs),),
        reported=rule.reported_after_days,
    )


def say_own_penalty(turn: Turn, loan: LoanView) -> None:
    """The sum that makes it good, then its penalty as a price; in the grace period that is what will be charged."""
    late = loan.overdue
    assert late is not None
    say_overdue_amount(turn, loan)
    turn.say(
        "utter_overdue_penalty_own" if late.penalty_fen else "utter_overdue_penalty_in_grace",
        figures=penalty_figures(loan),
        interruptible=False,
        penalty=written_yuan(late.penalty_fen),
        rate=_written_daily(late.penalty_rate_per_day),
        annualised=written_percent(annualised_penalty_rate(late.penalty_rate_per_day)),
    )


def _written_daily(rate_per_day: Decimal) -> str:
    return f"{(rate_per_day * 100).normalize():f}%"
