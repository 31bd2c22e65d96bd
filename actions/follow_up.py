"""Follow-up: 那下个月呢, 那提前还呢: questions that leave out what was just spoken of."""

import re

from actions.asked_month import month_asked
from actions.correction import correction
from actions.method_words import method_spoken_of
from actions.turn import Turn

_LONGEST = 14
"""Characters; a longer question says by itself what it is about."""

_ELLIPSIS = re.compile(r"^(?:那|还有|另外|再|如果|要是|万一|下)|呢$|怎么样$|怎么办$")
_NEXT_ONE = re.compile(r"下下?个?月|下下?一?[期个笔]|再(?:下|往后)一?[个期]?|再?后面|之后那|接下来")
_EARLY = re.compile(r"提前|一次(?:性)?(?:还|结)|全(?:部)?(?:还|结)清?|还清|结清")
_SUM_THEN = re.compile(
    r"多少|几多|好多|[呢嘛]$|^(?:那|要是|如果|等|到|拖到|等到|万一)[^，。]*[日号期五六日天]$"
)
"""Behind words that name a day: what makes the late loan good on that day."""
_PRICE = re.compile(r"利息|利率|年化|多少息")
_ONLY_INTEREST = re.compile(r"(?:只|先|光|就)(?:还|交|付)(?:点)?(?:利息|息)")
"""Asks for a delay, and not for the interest's sum."""
_DO_IT = re.compile(
    r"^(?:那|行|好|可以|要得|中|成|嗯|的|吧|嘛|就|你)*(?:帮|给|替)我(?:登记|办|申请|弄|提交|整|搞|来)(?:一下|一个|一笔|了|下)?(?:吧|啊|呗|嘛)?$"
)
_TERM = re.compile(r"期|年|个月")

LOAN = frozenset(
    {"query_repayment", "query_loan_balance", "ask_early_repayment", "query_autodebit", "ask_overdue"}
)
_OFFER = frozenset({"ask_interest", "ask_amount_range", "ask_term", "apply_loan", "check_eligibility"})


def meant_intent(turn: Turn) -> str | None:
    """The intent of a follow-up question in this conversation; None where the words stand for themselves."""
    about = turn.context.get("intent")
    text = turn.bare_text
    if about in LOAN and turn.context.get("late") and turn.value("date") and _SUM_THEN.search(text):
        return None if _EARLY.search(text) else "ask_overdue"
    if about is None or len(text) > _LONGEST or correction(turn.text) is not None:
        return None
    if about == "ask_interest" and method_spoken_of(text) and turn.context.get("answers"):
        return about
    if about == "ask_interest" and turn.intent == "inform":
        return about if turn.value("amount") or turn.value("term") else None
    if about in _OFFER and _DO_IT.search(text):
        return "apply_loan"
    if not _ELLIPSIS.search(text):
        return None
    if about in LOAN:
        return _about_a_loan(turn, text)
    return _about_an_offer(turn, text) if about in _OFFER else None


def _about_a_loan(turn: Turn, text: str) -> str | None:
    again = turn.context.get("intent") == "ask_early_repayment" and (
        turn.value("amount") or turn.value("date")
    )
    if again or _EARLY.search(text):
        return "ask_early_repayment"
    if _NEXT_ONE.search(text):
        return "query_repayment"
    return "ask_interest" if _PRICE.search(text) and not _ONLY_INTEREST.search(text) else None


def _about_an_offer(turn: Turn, text: str) -> str | None:
    if _EARLY.search(text):
        return "ask_early_repayment"
    if _PRICE.search(text) or turn.value("amount"):
        return "ask_interest"
    return "ask_interest" if turn.value("term") and _TERM.search(text) else None


def asks_the_one_after(turn: Turn) -> bool:
    """Whether the instalment after the one that was told is meant: 那下一期呢, but not 下期什么时候还."""
    text = turn.bare_text
    if turn.context.get("intent") not in LOAN or not _NEXT_ONE.search(text):
        return False
    if month_asked(text) and not turn.context.get("instalment"):
        return False  # none was told that it could follow: the month of the calendar is meant
    return bool(_ELLIPSIS.search(text)) if not text.startswith(("下一期", "下期")) else text.endswith("呢")
