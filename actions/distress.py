"""Distress: whoever speaks of ending his life hears care first, the national helpline and the offer of a person."""

import re

from actions.services import Services
from actions.turn import Turn
from actions.written import written_digits

_DISTRESS = re.compile(
    r"不想(?:再)?[活火获货或祸](?:了|着|下去|啦|$)|不想活|活不下去|活着.{0,4}(?:没|有什么|有啥)意[思义]|没(?:有)?活路|没法活|我不活了|"
    r"我(?:真|都|就|现在|好|很|只)?(?:的|是|能|有)?想[死思斯丝撕四](?:了|算了|啊|掉|吧)*$|想死(?!你|她|他|我|了?你)|"
    r"(?:不如|干脆|只有|只能|只好|想要?|我要?|宁愿|宁可|逼[我人]).{0,2}(?:去死|死了(?:算|拉倒|一了)|一死了之|死路)|"
    r"死给[你您他她大别]|死在你们|死了算了|一了百了|寻死|轻生|自杀|自[沙煞](?:$|了|算)|自尽|自我了断|"
    r"[跳挑]楼(?!价|大|甩|机|促)|跳(?:河|江|桥|海|下去)|投河|上吊|割腕|喝农药|安眠药|"
    r"(?:结束|了结)(?:了|掉)?(?:我|自己|生命|这条命)|逼死(?:我|人)|要(?:了)?我的?命了|想不开"
)
"""Words of ending one's life, 跳楼价 and 累死了 aside; misheard ones (不想火了, 我想思, 挑楼) as well."""


def is_distressed(text: str) -> bool:
    """Whether the words speak of ending a life."""
    return bool(_DISTRESS.search(re.sub(r"[\s，。！？、,.!?~…]+", "", text)))


def stay_with(turn: Turn, services: Services) -> bool:
    """Before anything else: no lending talk, whatever was open is dropped, and a person is offered at once."""
    if not is_distressed(turn.text):
        return False
    turn.settle()
    turn.remember(suspended=None, context=None)
    turn.say("utter_distress", line=written_digits(services.policies.house.crisis_line))
    if turn.intent == "request_human":
        # He has already said what would be asked; the task of that intent hands over.
        return False
    turn.ask("person", "utter_offer_person_distress")
    return True


def was_distressed(turn: Turn) -> bool:
    """Whether the customer spoke so in this conversation."""
    return any(is_distressed(words) for words in (*turn.words, turn.text))
