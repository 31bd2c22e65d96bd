"""Repeat: the last reply once more, word for word; more slowly from now on where that was asked for."""

import re

from actions.customer_task import CustomerTask
from actions.questions import QUESTIONS
from actions.services import Services
from actions.turn import Turn

_SLOWER = re.compile(r"慢|太快|快了|听不过来|跟不上")
_FASTER = re.compile(r"(?:不用|不要|别)(?:那么|这么)?慢|快一?点|正常(?:语速|说)")


class Repeat(CustomerTask):
    """没听清，再说一遍。"""

    intent = "ask_repeat"
    keeps_question = False
    listens_first = False

    def answer(self, turn: Turn, services: Services) -> None:
        if _FASTER.search(turn.text):
            turn.remember(slow=None)
        elif _SLOWER.search(turn.text):
            turn.remember(slow=True)
        if not turn.said_before:
            turn.say("utter_first_question")
            return
        for said in turn.said_before:
            turn.say_again(
                said["text"], {name: held for name, held in said["payload"].items() if name != "slow"}
            )
        if turn.question is not None and not turn.said_before[-1]["payload"].get("expects"):
            turn.say_again("", {"expects": QUESTIONS[turn.question].expects})
