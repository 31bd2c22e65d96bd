"""Rudeness: abuse is met calmly, with help and, when it goes on, with a person; it is never answered in kind."""

import re

from actions.labels import LABELS
from actions.services import Services
from actions.turn import Turn

_RUDE = re.compile(
    r"傻[逼比叉屌]|煞笔|沙比|[操草艹日肏][你尼](?:妈|吗|大爷|全家)?|你[妈吗]的|[他她它][妈吗娘]的|妈的|尼玛|去死|死全家|"
    r"^滚+$|滚(?:蛋|开|犊子|远点|一边)|混蛋|王八蛋?|狗(?:东西|日的|屁|娘养的)|放屁|垃圾|废物|白痴|脑残|智障|弱智|神经病|"
    r"有病吧|杂种|贱[人货]|不要脸|蠢货|蠢猪|猪头|吃屎"
)
_FILLERS = re.compile(
    r"你们?|我|这|那|个|就是|是|真是|真|都|一群|一帮|帮|的|了|吧|啊|呀|呢|么|什么|玩意儿?|东西|公司|客服|机器人?|人|给|太|简直|"
    r"[\s，。！？、,.!?~…]"
)
_WITHOUT_A_WISH = 2
"""Characters besides the abuse that hold no wish yet."""

_SERVED = frozenset(LABELS) - {"complain"}


def is_rude(text: str) -> bool:
    """Whether the words are abusive."""
    return bool(_RUDE.search(text))


def stay_calm(turn: Turn, services: Services) -> bool:
    """Count an abusive message and answer one that holds nothing else; a wish in it is served like any other."""
    if not is_rude(turn.text):
        return False
    times = int(turn.memory.get("rude") or 0) + 1
    turn.remember(rude=times)
    rest = _FILLERS.sub("", _RUDE.sub("", turn.text))
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
