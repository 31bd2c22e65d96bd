"""General question: how long it usually takes, asked by somebody who may never have applied; no identity is needed."""

import re

from actions.services import Services
from actions.turn import Turn

_IN_GENERAL = re.compile(
    r"一般|通常|大概|大约|正常|平时|周末|星期[六日天]|周[六日]|节假日|取现|提现|取出来|如果|要是|假如|最快|最慢|"
    r"(?:今天|现在|明天|马上)(?:就)?(?:申请|提交|贷|借|办)|(?:申请|提交|签约|通过|批|贷款?)(?:完|好|了|下来)?(?:以后|之后|后)"
)
_HIS_OWN = re.compile(
    r"我(?:的|那|这)(?:个|笔|钱|申请|贷款|借款)|怎么还|为什么|为啥|还没|没到|一直|已经|(?:昨天|前天|上周|上个?月|刚才|那天|\d号)|查"
)

_SPAN = re.compile(r"几天|多久|多长时间|多少天|几个(?:小时|钟头|工作日)|当天|今天|明天|马上|快不快")
_OFFER = frozenset(
    {
        "apply_loan",
        "check_eligibility",
        "ask_interest",
        "ask_amount_range",
        "ask_term",
        "ask_documents",
        "ask_product",
    }
)
"""Who speaks of a loan that he may take asks how long it takes, and not where his own application stands."""


def asks_in_general(turn: Turn, services: Services) -> bool:
    """Whether the question is how it is for everybody. A verified caller hears of his own application instead."""
    if services.identity.verified_borrower(turn.sender) is not None or turn.gave_phone or turn.gave_id_last4:
        return False
    text = turn.bare_text
    if _HIS_OWN.search(text):
        return False
    return bool(_IN_GENERAL.search(text)) or (bool(_SPAN.search(text)) and _speaks_of_an_offer(turn))


def _speaks_of_an_offer(turn: Turn) -> bool:
    suspended = turn.memory.get("suspended") or {}
    asked = {one["intent"] for one in turn.questions_asked}
    return bool(_OFFER & {turn.task, suspended.get("task"), turn.context.get("intent"), *asked})
