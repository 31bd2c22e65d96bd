"""Small talk: greeting, thanks, goodbye, waiting, a yes or no out of the blue, and what the clerk is."""

from actions.customer_task import CustomerTask
from actions.misunderstanding import not_understood
from actions.questions import QUESTIONS
from actions.services import Services
from actions.turn import Turn


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
        turn.settle()
        turn.say("utter_goodbye", next="hang_up")


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
    """A yes to nothing that was asked."""

    intent = "affirm"

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
