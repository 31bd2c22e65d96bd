"""Eligibility: a first look at whether the published conditions fit."""

import re
from dataclasses import replace
from typing import Any

from actions.customer_task import CustomerTask
from actions.form import answers_question, note_details
from actions.lending.eligibility import Applicant, Eligibility, Outlook, check_all
from actions.questions import IDENTITY
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_months

_QUESTIONS = {
    "business_age": "business_age",
    "overdue": "overdue_debt",
    "industry": "industry",
    "region": "region",
    "amount": "amount",
    "first_time": "first_time",
}
"""Which question settles which rule."""

_ASKS_CONDITIONS = re.compile(r"条件|要求|资格|怎么样才|怎样才|咋样才|什么人")


class EligibilityCheck(CustomerTask):
    """我能借吗，要什么条件。"""

    intent = "check_eligibility"

    def answer(self, turn: Turn, services: Services) -> None:
        note_details(turn, services, fresh=True)
        if turn.question in IDENTITY:
            self._say_conditions(turn, services)
            return
        turn.remember(task=self.intent)
        self._go_on(turn, services, first=True)

    def take(self, turn: Turn, services: Services) -> bool:
        if not answers_question(turn, services, self.intent):
            return False
        note_details(turn, services)
        turn.remember(misses=0)
        self._go_on(turn, services)
        return True

    def _go_on(self, turn: Turn, services: Services, first: bool = False) -> None:
        applicant = self._applicant(turn, services, turn.answers)
        results = check_all(applicant, services.policies)
        best = results[0]
        if best.outlook is Outlook.DOES_NOT_FIT:
            self._say_unfit(turn, best)
            return
        question = self._next_question(best, applicant)
        if question is None:
            self._say_fit(turn, results)
            return
        if first and _ASKS_CONDITIONS.search(turn.text):
            self._say_conditions(turn, services)
        elif first:
            turn.say("utter_eligibility_begin")
        turn.ask(question)

    def _applicant(self, turn: Turn, services: Services, known: dict[str, Any]) -> Applicant:
        """What is on record about a verified caller, overridden by what he says now."""
        borrower = services.identity.verified_borrower(turn.sender)
        base = services.records.applicant(borrower) if borrower is not None else Applicant()
        return replace(base, **known)

    def _next_question(self, best: Eligibility, applicant: Applicant) -> str | None:
        missing = [_QUESTIONS[rule] for rule in best.missing if rule in _QUESTIONS]
        # An unknown amount decides nothing: every amount within the range is served.
        return next((name for name in missing if name != "amount"), None)

    def _say_fit(self, turn: Turn, results: tuple[Eligibility, ...]) -> None:
        fitting = [result for result in results if result.outlook is not Outlook.DOES_NOT_FIT]
        turn.settle()
        turn.say(
            "utter_eligible", figures=(self._outlook(fitting[0], len(fitting)),), product=fitting[0].product
        )
        turn.say("utter_eligibility_notice", interruptible=False)

    def _say_unfit(self, turn: Turn, best: Eligibility) -> None:
        turn.settle()
        turn.say("utter_not_eligible", figures=(self._outlook(best, 0),), reason=best.reasons[0].rstrip("。"))
        turn.say("utter_eligibility_notice", interruptible=False)

    def _outlook(self, best: Eligibility, fitting: int) -> dict[str, Any]:
        return figure(
            "eligibility_outlook",
            best.outlook.value,
            "state",
            product=best.product_code,
            policy=best.policy_version,
            fitting_products=fitting,
            reasons=list(best.reasons),
        )

    def _say_conditions(self, turn: Turn, services: Services) -> None:
        months = min(product.eligibility.min_business_months for product in services.policies.products())
        turn.say("utter_conditions", age=written_months(months))
