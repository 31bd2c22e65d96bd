"""Rudeness: abuse is met calmly, with help and, when it goes on, with a person; it is never answered in kind."""

import re

from actions.labels import LABELS
from actions.services import Services
from actions.turn import Turn
from actions.words_of_feeling import is_rude, without_abuse

_FILLERS = re.compile(
    r"你们?|我|这|那|个|就是|是|真是|真|都|一群|一帮|帮|的|了|吧|啊|呀|呢|么|什么|玩意儿?|东西|公司|客服|机器人?|人|给|太|简直|"
    r"[\s，。！？、,.!?~…]"
)
_WITHOUT_A_WISH = 2
"""Characters besides the abuse that hold no wish yet."""

_SERVED = frozenset(LABELS) - {"complain"}


def stay_calm(turn: Turn, services: Services) -> bool:
    """Count an abusive message and answer one that holds nothing else; a wish in it is served like any other."""
    if not is_rude(turn.text):
        return False
    times = int(turn.memory.get("rude") or 0) + 1
    turn.remember(rude=times)
    rest = _FILLERS.sub("", without_abuse(turn.text))
    if len(rest) > _WITHOUT_A_WISH and (turn.intent in _SERVED or turn.intent == "complain" or turn.question):
        return False
    if times >= 2 and turn.question != "person":
        turn.remember(question_before=turn.question)
        turn.say("utter_calm_again")
        turn.ask("person")
    elif turn.question is not None:
        turn.say("utter_calm")
        turn.ask_again(turn.question)
    else:
        turn.say("utter_calm")
        turn.ask("wish")
    return True
