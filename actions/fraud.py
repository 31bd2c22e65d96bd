"""Fraud: who is being cheated, was cheated, or hears of a loan that he never took hears first what keeps harm away."""

import re

from actions.advance_fee import speaks_of_advance_fee
from actions.questions import QUESTIONS
from actions.services import Services
from actions.turn import Turn
from actions.written import written_digits

_SECRET = r"(?:验证码|校验码|动态码|短信码|密码|屏幕)"
_STRANGER = r"(?:他们?|她们?|对方|有人|那人|人家|别人|骗子|陌生人|那边)"
_SECRET_WANTED = re.compile(
    rf"{_STRANGER}.{{0,8}}(?:要|问|叫|让|喊|找|催).{{0,8}}{_SECRET}|"
    rf"{_SECRET}.{{0,4}}(?:告诉|给|发给|报给|说给|念给)了?{_STRANGER}|(?:把|将){_SECRET}.{{0,3}}(?:告诉|给(?!忘|弄|丢|改|我)|发(?!给我|我|一|到我)|报|说|念)"
)
_PAID = re.compile(
    r"(?:转|打|汇|付|交|给)(?:了(?!.{0,3}(?:电话|号|身份证|地址|资料))|过去|出去|完了|给(?:他|她|对方|人家|骗子)).{0,6}|被骗(?:了|走|去)|上(?:了)?当了|骗(?:了|走)我"
)
_ONLY_ASKS = re.compile(r"[才就](?:能|给|会|可以)?(?:放|下|批|到)|要不要|[吗么]$")
"""交了保证金才能放款吗 has paid nothing yet."""
_PAID_ANYWAY = re.compile(r"被骗(?:了|走|去).{0,4}(?:钱|块|万|千)|钱.{0,4}被骗")
_CHEATED = re.compile(r"骗子|被骗|上当|假的|诈骗|安全账户|私人账户|个人账户")
_NOT_MINE = re.compile(
    r"(?:没|没有|从没|从来没有?|未)(?:在?(?:你们|你)(?:这里|这儿|这|家|那里|那儿)?)?(?<!有没有)(?:贷|借|申请|办)过?(?:款|钱|贷款|过)?(?:(?!没).){0,8}"
    r"(?:收到|催收|催我|短信|欠你们|名下|叫我还|让我还|要我还|扣了?我)|"
    r"(?:(?:有人|他们?|她|别人|人家|谁|骗子|朋友|亲戚|老公|老婆|同事)[^，。]{0,4}(?:拿|用)|盗用|冒用|冒充|偷用).{0,4}我.{0,3}(?:身份|名字|名义|信息|证件).{0,8}(?:贷|借|申请|办)|"
    r"(?<!是)不是我(?:本人|自己)?(?:去|来)?(?:贷|借|申请|办)的|被(?:人|别人)?(?:冒名|冒用|盗用)"
)
_BEFORE = 3
"""Messages before this one in which the fraud may have been told."""


def guard(turn: Turn, services: Services) -> bool:
    """Say what to do at once; False where nothing sounds of fraud. An open form or check is come back to."""
    hotline = services.policies.house.hotline.replace("-", "")
    text = turn.bare_text
    if _was_cheated(turn):
        turn.say(
            "utter_fraud_paid", line=written_digits(services.policies.house.police_line), hotline=hotline
        )
    elif _SECRET_WANTED.search(text):
        turn.say("utter_fraud_secret", hotline=hotline)
    elif _NOT_MINE.search(text) and "投诉" not in text:
        turn.settle()
        turn.say("utter_loan_not_mine")
        turn.ask("person")
        return True
    else:
        return False
    turn.remember(misses=0)
    if turn.question is not None and QUESTIONS[turn.question].asked_again:
        turn.ask_again(turn.question)
    return True


def _was_cheated(turn: Turn) -> bool:
    """He has paid: it is said so, or the fee or the fraud was spoken of just before."""
    if _PAID_ANYWAY.search(turn.bare_text):
        return True
    if not _PAID.search(turn.bare_text) or _ONLY_ASKS.search(turn.bare_text):
        return False
    before = [re.sub(r"\W+", "", words) for words in turn.words[-1 - _BEFORE : -1]]
    return any(speaks_of_advance_fee(words) or _CHEATED.search(words) for words in (*before, turn.bare_text))
