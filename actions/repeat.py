"""Repeat: the last reply once more, word for word."""

from actions.customer_task import CustomerTask
from actions.questions import QUESTIONS
from actions.services import Services
from actions.turn import Turn


class Repeat(CustomerTask):
    """没听清，再说一遍。"""

    intent = "ask_repeat"
    keeps_question = False
    listens_first = False

    def answer(self, turn: Turn, services: Services) -> None:
        if not turn.said_before:
            turn.say("utter_first_question")
            return
        for said in turn.said_before:
            turn.say_again(said["text"], said["payload"])
        if turn.question is not None and not turn.said_before[-1]["payload"].get("expects"):
            turn.say_again("", {"expects": QUESTIONS[turn.question].expects})
