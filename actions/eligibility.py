"""Eligibility: which product the published conditions allow, up to which limit, and what would change the answer."""

import re
from dataclasses import replace
from typing import Any

from actions.correction import Corrected, acknowledge
from actions.form import Form, note_details
from actions.lending.decision import Outcome, decide
from actions.lending.decision_inputs import INPUT_KINDS, BusinessFacts
from actions.lending.decision_policy import Family
from actions.lending.provinces import province_named
from actions.lending.version_share import applicant_key
from actions.outlook import family_spoken_of, next_question, say_eligible, say_ineligible, say_open
from actions.questions import IDENTITY
from actions.read_back import must_be_read_back, read_back
from actions.services import Services
from actions.turn import Turn
from actions.written import written_months

_INPUT_OF = {
    "amount_fen": "wanted_amount_fen",
    "term_months": "wanted_term_months",
    "has_overdue_debt": "owner_has_overdue_debt",
}
"""Details that are called otherwise among BusinessFacts."""
FACTS = (frozenset(INPUT_KINDS) | frozenset(_INPUT_OF)) - {
    "amount_fen",
    "term_months",
    "wanted_amount_fen",
    "wanted_term_months",
}
"""Details that are about who asks, and no wish."""
_FAMILY, _ASKED = "family", "questions_asked"
"""What the form notes beside the details."""

_ASKS_CONDITIONS = re.compile(r"条件|要求|资格|怎么样才|怎样才|咋样才|什么人")


class EligibilityCheck(Form):
    """我能借吗，要什么条件。"""

    intent = "check_eligibility"
    details = ("business_age", "industry", "region", "amount", "term")

    def answer(self, turn: Turn, services: Services) -> None:
        note_details(turn, services, fresh=True)
        if turn.question in IDENTITY:
            self._say_conditions(turn, services)
            return
        turn.remember(task=self.intent)
        self._go_on(turn, services, first=True)

    def proceed(self, turn: Turn, services: Services, change: Corrected | None = None) -> None:
        self._go_on(turn, services, change)

    def _go_on(
        self, turn: Turn, services: Services, change: Corrected | None = None, first: bool = False
    ) -> None:
        known = turn.answers
        if (family := family_spoken_of(turn.text)) is not None:
            known[_FAMILY] = family.value
        if must_be_read_back(turn):
            turn.remember(answers=known)
            read_back(turn)
            return
        facts = facts_of(turn, services, known)
        products = services.policies.products_for(applicant_key_of(turn, services), services.clock.today())
        question = next_question(
            decide(facts, products, services.clock.today()),
            products,
            Family(known[_FAMILY]) if _FAMILY in known else None,
            known.get(_ASKED, 0),
            {name.removesuffix("_unknown") for name in known if name.endswith("_unknown")},
        )
        if question is None:
            self._tell(turn, services, facts)
            return
        turn.remember(answers=known | {_ASKED: known.get(_ASKED, 0) + 1})
        if first and _ASKS_CONDITIONS.search(turn.text):
            self._say_conditions(turn, services)
        elif first:
            turn.say("utter_eligibility_begin")
        acknowledge(turn, services, change)
        turn.ask(question)

    def _tell(self, turn: Turn, services: Services, facts: BusinessFacts) -> None:
        """Store the decision, then say it."""
        wish = turn.answers
        told = services.decisions.tell(turn.sender, facts, applicant_key_of(turn, services))
        answered = turn.memory.get("answered")
        turn.settle()
        # A correction, or the application, goes on from what was said.
        turn.remember(context={"intent": self.intent, "answers": wish, "answered": answered})
        outcome = told.explained.decision.outcome
        if outcome is Outcome.ELIGIBLE:
            say_eligible(turn, services, told, wish)
        elif outcome is Outcome.INELIGIBLE:
            say_ineligible(turn, services, told, facts)
        else:
            say_open(turn, services, told)

    def _say_conditions(self, turn: Turn, services: Services) -> None:
        months = min(
            rule.condition.value
            for product in services.policies.products()
            for rule in product.decision.rules
            if rule.condition.input == "business_months" and isinstance(rule.condition.value, int)
        )
        turn.say("utter_conditions", age=written_months(months))


def facts_of(turn: Turn, services: Services, known: dict[str, Any]) -> BusinessFacts:
    """What is on record about a verified caller, overridden by what he says now."""
    borrower = services.identity.verified_borrower(turn.sender)
    base = services.records.business_facts(borrower) if borrower is not None else BusinessFacts()
    said = {_INPUT_OF.get(name, name): value for name, value in known.items()}
    if "region" in said:
        said["region"] = province_named(said["region"])
    return replace(base, **{name: value for name, value in said.items() if name in INPUT_KINDS})


def applicant_key_of(turn: Turn, services: Services) -> int | None:
    """What decides between champion and challenger of a product; None for somebody who is not known."""
    identity = services.identity.applicant_identity(turn.sender)
    return None if identity is None else applicant_key(identity)
