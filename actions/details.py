"""Details: amount, term, trade, age of the business and province as a message gives them."""

import re
from dataclasses import replace
from typing import Any

from actions.business_details import business_details, wanted_amount_fen
from actions.lending.clock import today
from actions.lending.policy import PolicyBook
from actions.turn import Turn
from actions.yes_no import yes_or_no

_PROVINCE = re.compile(
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州"
    "|云南|西藏|陕西|甘肃|青海|宁夏|新疆"
)
_FIRST_TIME = re.compile(
    r"(?P<no>(?:没有?|从没|未)(?:(?!逾期|以前|之前|曾经)[^，。,、；;\s]){0,5}(?:贷|借)过|第一次(?:贷|借)|头一[次回](?:贷|借)|(?:是|算|属于|想?办|做|申请)首贷(?!通)|白户)"
    r"|(?:以前|之前|曾经)[^没未不，。,\s]{0,4}(?:贷|借)过"
)
"""没有逾期以前贷过款 has a 没有 and a 贷过 that are nothing to each other; 首贷 alone is our name."""
_OVERDUE = re.compile(
    r"(?P<no>逾期过[^，。]{0,6}[，。\s]*(?:后来|现在)?(?:都|已经|早就?|全部?)*(?:还|结)(?:清|上|完)|(?<!有)(?:没有?|无|从未)(?:任何)?逾期|(?:没有?|不)(?:在外面?)?欠(?:钱|款|债|账|别人|谁|银行)*(?![^，。,]*逾期))"
    r"|(?:还有|现在有|正在|已经|(?<!没)有)(?:一笔|点)?逾期|(?:有|我)[^，。,没不]{0,8}逾期了?[^，。,]{0,3}(?:还没还|没还|还不上)"
)
_BY_THE_MONTH = re.compile(r"(?<![借贷用])一个月(?:要|得|该|大概|就|是)*(?:还(?![清完上])|交|付)")
_JUST_BEGUN = re.compile(r"刚(?:开|办|注册|拿)|才(?:开|办)")
_MONTHS_OF_JUST_BEGUN = 6
_SINCE = re.compile(r"((?:19|20)\d\d)年?")
"""A calendar year; the middle of it is taken."""
_BARE_YEARS = re.compile(r"\d{1,2}")
_ASKS_PERIOD = frozenset({"business_age", "invoice_months", "tax_paid", "invoices", "turnover"})
"""Questions whose answer in months, or by the month, is no term."""
_ASKS_AMOUNT = frozenset({"amount", "early_amount", "new_limit"})
_BARE_FIGURE = re.compile(r"[1-9]\d{2,7}")
"""Whole yuan."""
_NO_LICENCE = re.compile(r"(?:没有?|还没有?|无)(?:办|领)?(?:营业)?执照")
_NO_BUSINESS = re.compile(
    r"我(?:就|只|是|就是|只是)*(?:个)?(?:在)?(?:上班(?:的|族)|打工|拿工资|学生|退休)|没有?(?:自己的?)?(?:店铺?(?!面)|做生意|开店)"
    r"|没有?自己的?生意"
)
"""Who is employed has no business of his own to lend for."""
_NOT_YET = re.compile(r"没(?:有)?(?:办|注册)?(?:营业)?(?:执照|注册|办)|还没(?:办|开|注册)|没有$|没办")


def details_of(turn: Turn, policies: PolicyBook) -> dict[str, Any]:
    """Everything usable in this message; the keys are those of Lead and BusinessFacts."""
    found: dict[str, Any] = {
        "amount_fen": _amount_fen(turn),
        "term_months": None if turn.question in _ASKS_PERIOD else _term_months(turn),
        "business_months": _business_months(turn),
        "region": province[0] if (province := _PROVINCE.search(turn.plain_text)) else None,
    }
    named = turn.value("industry")
    industry = policies.industry_named(str(named)) if named else None
    if industry is None and (turn.question == "industry" or named):
        industry = policies.industry_named(turn.text)
    found["industry"] = industry.code if industry else None
    found |= _closed_answer(turn) | business_details(turn)
    return {name: value for name, value in found.items() if value is not None}


def _amount_fen(turn: Turn) -> int | None:
    """An amount; where one was asked for, a bare figure too: 3050 alone may be anything."""
    amount = wanted_amount_fen(turn)
    if amount is None and turn.question in _ASKS_AMOUNT and _BARE_FIGURE.fullmatch(turn.bare_text):
        return 100 * int(turn.bare_text)
    return amount


def _term_months(turn: Turn) -> int | None:
    """A term; the month of 一个月要还多少 is none."""
    term = _whole(turn.value("term"))
    return None if term == 1 and _BY_THE_MONTH.search(turn.bare_text) else term


def _closed_answer(turn: Turn) -> dict[str, Any]:
    """Answers to the yes/no questions, also where they are given in whole sentences and unasked."""
    found: dict[str, Any] = {}
    if said := _FIRST_TIME.search(turn.plain_text):
        # 以前在银行贷过款吗: a no makes him a first-time borrower.
        found["is_first_time_borrower"] = said["no"] is not None
    elif turn.question == "first_time" and (answer := yes_or_no(turn)) is not None:
        found["is_first_time_borrower"] = not answer
    if said := _OVERDUE.search(turn.plain_text):
        found["has_overdue_debt"] = said["no"] is None
    elif turn.question == "overdue_debt" and (answer := yes_or_no(turn)) is not None:
        found["has_overdue_debt"] = answer
    return found


def facts_said(turn: Turn) -> dict[str, Any]:
    """Whether he borrowed before and whether he owes overdue money, as far as the words themselves say it."""
    return _closed_answer(replace(turn, memory={}))


def _whole(value: Any) -> int | None:
    try:
        return int(value) if value is not None else None
    except (TypeError, ValueError):
        return None


def _business_months(turn: Turn) -> int | None:
    """Months since the business began: said as such, or any span of time where that was asked."""
    if _NO_LICENCE.search(turn.plain_text):
        return 0
    years, span = turn.value("years_in_business"), _whole(turn.value("term"))
    if years is not None:
        return round(float(years) * 12)
    asked = turn.question == "business_age"
    if asked and span is not None:
        return span
    if _NO_BUSINESS.search(turn.plain_text):
        return 0
    if not asked:
        return None
    if since := _SINCE.search(turn.plain_text):
        return max(0, (today().year - int(since[1])) * 12 + today().month - 6)
    if _JUST_BEGUN.search(turn.plain_text):
        return _MONTHS_OF_JUST_BEGUN
    if _NOT_YET.search(turn.bare_text):
        return 0
    return 12 * int(turn.bare_text) if _BARE_YEARS.fullmatch(turn.bare_text) else None
