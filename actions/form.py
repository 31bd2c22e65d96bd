"""Form: several details, asked for one at a time, with as many as the customer likes in one sentence."""

from collections.abc import Sequence
from typing import Any

from actions.business_details import BUSINESS_QUESTIONS
from actions.details import details_of
from actions.services import Services
from actions.turn import Turn

_DETAIL = BUSINESS_QUESTIONS | {
    "amount": "amount_fen",
    "term": "term_months",
    "business_age": "business_months",
    "overdue_debt": "has_overdue_debt",
    "industry": "industry",
    "region": "region",
    "first_time": "is_first_time_borrower",
}
"""Which detail answers which question."""

_PLAIN = frozenset({"inform", "affirm", "deny", "nlu_fallback", "out_of_scope"})


def note_details(turn: Turn, services: Services, fresh: bool = False) -> dict[str, Any]:
    """Add what this message says to what the running task knows; ``fresh`` forgets the task before."""
    known = {} if fresh else turn.answers
    known |= details_of(turn, services.policies)
    turn.remember(answers=known or None)
    return known


def answers_question(turn: Turn, services: Services, own_intent: str) -> bool:
    """Whether the message gives what was asked (or another detail, and nothing else) and asks nothing new."""
    detail = _DETAIL.get(turn.question or "")
    found = details_of(turn, services.policies)
    if detail is None or not found:
        return False
    about_it = turn.intent in _PLAIN or turn.intent == own_intent
    if detail not in found:
        return about_it
    return (
        about_it
        or turn.question in BUSINESS_QUESTIONS
        or len(turn.bare_text) <= 6
        or max(map(turn.covers, ("amount", "term", "industry"))) >= 0.5
    )


def first_missing(questions: Sequence[str], known: dict[str, Any]) -> str | None:
    """The first question whose detail is not known."""
    return next((name for name in questions if _DETAIL[name] not in known), None)
