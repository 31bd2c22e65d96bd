"""Wrong number: who meant to ring somebody else is let go kindly, and is not told what the clerk can do."""

import re

from actions.labels import LABELS
from actions.turn import Turn

_OPENING = (
    r"(?:不好意思|对不起|抱歉|哎呀?|唉|啊|哦|喔|噢|喂|嗯|那个|你好|您好|我|好像|可能|应该|大概"
    r"|是|真|那|这|就|[\s，。！、,.!])*"
)
_AFTER = r"(?:了|啦|吧|啊|哈|呀)*(?=$|[\s，。！？；、,.!?;]|不好意思|对不起|抱歉|再见|拜拜|我(?:要|想)?(?:找|打给))"
_WRONG_NUMBER = re.compile(rf"^{_OPENING}(?:打|拨|播)错{_AFTER}")
_WRONG_CALL = re.compile(rf"^{_OPENING}(?:打|拨|播)错了?(?:个)?(?:电话|号码?|人|地方){_AFTER}")
_MONEY = re.compile("钱|款|账|转|卡|金额")
"""打错人了，钱打给别人了: 打 is also said of money that is sent."""


def let_go(turn: Turn) -> bool:
    """Say goodbye to who has the wrong number; False when the message says nothing of it.

    打错了 alone may also be a slip of who types or dictates, once something was asked for.
    """
    text = turn.text
    if _MONEY.search(text):
        return False
    nothing_asked = turn.question is None and not set(turn.topics[:-1]) & set(LABELS)
    if not (_WRONG_CALL.search(text) or (nothing_asked and _WRONG_NUMBER.search(text))):
        return False
    turn.settle()
    turn.remember(suspended=None, waiting=None)
    turn.say("utter_wrong_number", next="hang_up")
    return True
