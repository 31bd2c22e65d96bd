"""Small talk: greeting, thanks, goodbye, waiting, a yes or no out of the blue, and what the clerk is."""

import re

from actions.customer_task import CustomerTask
from actions.distress import was_distressed
from actions.misunderstanding import not_understood
from actions.questions import QUESTIONS
from actions.services import Services
from actions.several_questions import wants_the_rest
from actions.turn import Turn

_FAREWELL = re.compile(
    "再[见会聊说]|拜|挂|回见|后会|晚安|没(?:有|别的|什么|啥|其他|其它)?(?:的)?(?:事|问题|了)|[不没].?(?:问|说|聊|打扰)|就这|先这|问完|结束|走[了啦]|忙|[Bb]ye|886|88|没啥|有事再|需要.*再|撤|下次|改天"
)
"""What people end a conversation with."""
_SMALL_TALK = frozenset(
    [
        "greet",
        "goodbye",
        "thank",
        "bot_challenge",
        "ask_repeat",
        "ask_wait",
        "affirm",
        "deny",
        "inform",
        "out_of_scope",
        "nlu_fallback",
    ]
)
_GRAVE = frozenset({"complain"})
_SURE = 0.9
"""Confidence from which other words are taken for a farewell too."""


class Greet(CustomerTask):
    """你好。"""

    intent = "greet"

    def answer(self, turn: Turn, services: Services) -> None:
        turn.say("utter_greet" if turn.question is None else "utter_here")


class Thank(CustomerTask):
    """谢谢。"""

    intent = "thank"

    def answer(self, turn: Turn, services: Services) -> None:
        turn.say("utter_thank")


class Goodbye(CustomerTask):
    """再见。"""

    intent = "goodbye"
    keeps_question = False
    listens_first = False

    def answer(self, turn: Turn, services: Services) -> None:
        if _may_be_misheard(turn):
            not_understood(turn)
            return
        broken_off = turn.question is not None
        turn.settle()
        turn.say("utter_goodbye", next="rate" if was_helped(turn) and not broken_off else "hang_up")


def was_helped(turn: Turn) -> bool:
    """Whether to ask how it was: something was asked for, and nothing in it was too grave to be rated."""
    asked_for = set(turn.topics) - _SMALL_TALK
    return bool(asked_for) and not asked_for & _GRAVE and not was_distressed(turn)


def _may_be_misheard(turn: Turn) -> bool:
    """A line that was put down cannot be taken up again: heard words must be those of a farewell, or leave no doubt."""
    sure = any(name == "goodbye" and confidence >= _SURE for name, confidence in turn.ranking[:1])
    return turn.input == "voice" and not sure and not _FAREWELL.search(turn.bare_text)


class BotChallenge(CustomerTask):
    """你是机器人吗。"""

    intent = "bot_challenge"

    def answer(self, turn: Turn, services: Services) -> None:
        turn.say("utter_bot_challenge")


class AskWait(CustomerTask):
    """等一下。"""

    intent = "ask_wait"
    keeps_question = False

    def answer(self, turn: Turn, services: Services) -> None:
        """What was asked stays open, and is not asked again while the customer looks for it."""
        question = QUESTIONS.get(turn.question or "")
        turn.say("utter_ask_wait", expects=question.expects if question else None)


class Affirm(CustomerTask):
    """A yes to nothing that was asked, or to what was named of several questions."""

    intent = "affirm"

    def take(self, turn: Turn, services: Services) -> bool:
        """Whether the questions are to be answered that wait; what waits goes on by itself."""
        wanted = wants_the_rest(turn)
        if wanted is None:
            return False
        if wanted:
            turn.remember(question=None, misses=0)
        else:
            turn.settle()
            turn.remember(waiting=None)
            turn.say("utter_nothing_else")
        return True

    def answer(self, turn: Turn, services: Services) -> None:
        if turn.question is None:
            turn.say("utter_what_else")
            return
        misses = int(turn.memory.get("misses") or 0)
        if misses:
            not_understood(turn)
        else:
            # 好的 may introduce the answer: asked again once, without a reproach.
            turn.remember(misses=1)
            turn.ask_again(turn.question)


class Deny(CustomerTask):
    """A no to nothing that was asked: nothing more is wanted, or the open matter is dropped."""

    intent = "deny"

    def answer(self, turn: Turn, services: Services) -> None:
        if turn.question is None:
            turn.say("utter_nothing_else")
        else:
            turn.drop()
