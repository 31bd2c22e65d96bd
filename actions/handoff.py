"""Handoff: to a person, with a summary so that nothing has to be told twice."""

import re

from actions.callback import QUESTIONS_OF_CALLBACK, nobody_is_there, offer_callback, take_callback
from actions.customer_task import CustomerTask
from actions.distress import was_distressed
from actions.handoff_summary import summary_of
from actions.lending.service_requests import DISTRESS
from actions.services import Services
from actions.turn import Turn, figure
from actions.yes_no import yes_or_no

_DECLINES = re.compile(r"不用(?!户)|不必|不需要|算了|不要(?!脸)")
_WANTS_ONE = re.compile(r"人工|真人|机器人|转(?!账)|找人")
"""不要机器人，转人工 declines the bot, and 算了 often the talk with it."""


class Handoff(CustomerTask):
    """转人工。"""

    intent = "request_human"
    keeps_question = False
    listens_first = False

    def answer(self, turn: Turn, services: Services) -> None:
        hand_over(turn, services, "customer_asked")

    def take(self, turn: Turn, services: Services) -> bool:
        """The answer to the offer of a person, or to when and where to call back."""
        if turn.question in QUESTIONS_OF_CALLBACK:
            return take_callback(turn, services)
        said = yes_or_no(turn)
        if said is None and _declines(turn):
            said = False  # 不用了，你们别打就行
        if said is None:
            return False
        if said:
            hand_over(turn, services, "offer_accepted")
            return True
        before = turn.memory.get("question_before")
        if before is not None and before != "which":
            turn.remember(question_before=None, misses=0)
            turn.ask_again(before)
            return True
        turn.settle()
        if was_distressed(turn):
            turn.say("utter_distress_declined")
        elif not turn.memory.get("suspended"):
            turn.say("utter_what_else")
        return True


def _declines(turn: Turn) -> bool:
    text = turn.bare_text
    return (
        turn.intent != "request_human"
        and _DECLINES.match(text) is not None
        and _WANTS_ONE.search(text) is None
    )


def hand_over(turn: Turn, services: Services, reason: str) -> None:
    """Record the request, then transfer; out of hours a call back is offered.

    Whoever spoke of ending his life comes as urgent, however he got here, and is transferred at any hour.
    """
    if nobody_is_there(services) and not was_distressed(turn):
        offer_callback(turn, services, reason)
        return
    reason = DISTRESS if was_distressed(turn) else reason
    reference = services.desk.record_handoff(turn.sender, reason, summary_of(turn, services))
    turn.settle()
    turn.say(
        "utter_handoff",
        figures=(figure("request_reference", reference, "reference", reason=reason),),
        next="transfer",
    )
