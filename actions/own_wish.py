"""Own wish: what a caller wants to know who gives his identity in the same breath."""

import re

from actions.labels import LABELS
from actions.turn import Turn

_MASKED = re.compile(r"〔[^〕]*〕|\d+")
_IDENTITY = re.compile(
    r"我的?|手机号?码?|电话|号码|身份证|证件|尾号|后四位|末四位|最后四位|是|叫|你好|您好|[\s，。！？、,.!?~…]"
)
_LEAST = 3
"""Characters besides the identity that may hold a wish."""

_WISHES = (
    ("query_autodebit", re.compile(r"扣款|扣了|扣钱|没扣|扣成功|自动扣")),
    ("ask_overdue", re.compile(r"逾期")),
    ("ask_early_repayment", re.compile(r"提前还|提前结|结清要|全部还清")),
    ("query_disbursement", re.compile(r"放款|到账|钱.{0,4}(?:下来|到)")),
    ("query_application_progress", re.compile(r"进度|申请.{0,6}(?:怎么样|哪|批|过)|批(?:了|下来)|审核")),
    ("query_credit_limit", re.compile(r"额度")),
    (
        "query_loan_balance",
        re.compile(r"(?:还|一共|总共|总的)?(?:欠|剩)(?:多少|几)|余额|剩余本金|还有多少没还|还剩"),
    ),
    (
        "query_repayment",
        re.compile(
            r"(?:月|期|我?要|该|得|应|天)还多少|还多少|几号还|哪天还|什么时候还|还款日|月供|下期|还款"
        ),
    ),
)
"""The first that fits. Only wishes that need the identity which came with them."""

_LIKELY = 0.2
"""Confidence from which the second-ranked intent counts where no words do."""


def wish_beside_digits(turn: Turn) -> str | None:
    """The intent behind the digits in this message, by its words, else by what ranks behind ``inform``."""
    words = _IDENTITY.sub("", _MASKED.sub("", turn.text))
    if len(words) < _LEAST:
        return None
    named = next((intent for intent, form in _WISHES if form.search(turn.text)), None)
    if named is not None:
        return named
    ranked = (name for name, confidence in turn.ranking if name in LABELS and confidence >= _LIKELY)
    return next(ranked, None)
