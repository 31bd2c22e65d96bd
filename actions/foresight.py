"""Foresight: what a caller who was just verified will likely hear next, so that the voice can make it ahead.

Nothing of it is told, recorded or remembered: these are the words of answers that are computed anew when asked for.
"""

from actions.customer_task import task_for
from actions.services import Services
from actions.turn import Turn
from actions.wordings import worded

LIKELY = ("query_repayment", "query_loan_balance", "query_autodebit", "query_credit_limit")
"""What verified callers ask about most, most often first. Their tasks only read."""


def foresee(turn: Turn, services: Services, answered: str | None) -> list[str]:
    """Return the sentences with figures that these questions, but the one just answered, would be answered with."""
    sentences: list[str] = []
    for intent in LIKELY:
        task = task_for(intent)
        if task is None or intent == answered:
            continue
        shadow = Turn(sender=turn.sender, text="", intent=intent, input=turn.input)
        task.answer(shadow, services)
        sentences += [text for one in shadow.utterances if one.payload.get("figures") for text in worded(one)]
    return sentences
