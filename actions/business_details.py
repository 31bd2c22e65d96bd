"""Business details: tax, invoices, turnover, orders and property as a customer speaks of them."""

import re
from typing import Any

from actions.turn import Turn
from actions.yearly_sum import lowest_fen, times_a_year
from actions.yes_no import yes_or_no

MONEY_QUESTIONS = {
    "tax_paid": "tax_paid_12m_fen",
    "invoices": "invoices_12m_fen",
    "turnover": "turnover_12m_fen",
    "orders": "orders_fen",
    "receivables": "receivables_fen",
    "collateral_value": "collateral_value_fen",
    "collateral_debt": "collateral_debt_fen",
}
"""Questions for a sum, by the input that they fill."""
BUSINESS_QUESTIONS = MONEY_QUESTIONS | {"tax_grade": "tax_grade", "invoice_months": "invoice_months"}

_YEARLY = frozenset({"tax_paid_12m_fen", "invoices_12m_fen", "turnover_12m_fen"})
"""Sums of twelve months, which customers know by the month or the day."""
_AGE = re.compile(r"(?<![\d.])(?P<years>[1-9]\d)周?岁")
_SPOKEN_AGE = re.compile(
    r"(?<![一二三四五六七八九])(?P<tens>[二三四五六七八九]?)十(?P<ones>[一二三四五六七八九]?)周?岁"
)
_BARE_AGE = re.compile(
    r"我?(?:今年|已经|都|快|刚满|满)(?P<figure>(?P<tens>[二三四五六七八九]?)十(?P<ones>[一二三四五六七八九]?)|[1-9]\d)(?:多|好几)?(?:岁)?(?:了|啦)"
)
"""我今年六十二了: an age that is not called one."""
_SOMEBODY_ELSE = re.compile(
    r"(?:孩子?|儿子|女儿|小孩|爸|妈|父亲|母亲|老婆|老公|媳妇|爱人|孙子)[^，。,]{0,6}"
    r"(?:岁|(?:今年|已经|都|快|刚满|满)[一二三四五六七八九十\d])"
)
_DIGITS = "〇一二三四五六七八九"
_SPEAKS_OF = {
    "tax_paid_12m_fen": "税",
    "invoices_12m_fen": "发票|开票|票",
    "turnover_12m_fen": "流水|营业额|收款|销售额",
    "orders_fen": "订单",
    "receivables_fen": "货款|应收|欠我",
    "collateral_debt_fen": "房贷|按揭|抵押贷|还欠|还差",
    "collateral_value_fen": "房|铺|抵押|值",
}
"""Words around a sum that say what it is a sum of; earlier lines win."""
_NEITHER = re.compile("借|贷(?!款没)|周转")
"""Closer to a sum than any of those: the sum that is wanted."""
_BEHIND = re.compile(
    r"^(?:左右|上下|多|块|元|钱|的)*(?P<word>税|发票|流水|营业额|订单|货款|应收|房贷|按揭|房子|商铺)"
)
_NONE_OF = {
    "tax_paid_12m_fen": re.compile("(?:没|不|没有|从没)交过?税|免税|不用交税"),
    "invoices_12m_fen": re.compile("(?:没|不|没有|从没)开过?(?:发)?票"),
    "orders_fen": re.compile("没有?订单"),
    "receivables_fen": re.compile("没有?(?:应收|货款|人欠)"),
    "collateral_value_fen": re.compile("没有?(?:房|商铺|东西)|没有?(?:什么)?可?以?抵押"),
    "collateral_debt_fen": re.compile("没有?(?:房贷|按揭|贷款)|全款|还清了|贷款还完"),
}
_GRADE = re.compile(r"(?<![A-Za-z])([ABMCDabmcd])\s*级|(?:等级|评级)是?\s*([ABMCDabmcd])(?![A-Za-z])")
_BARE_GRADE = re.compile(r"(?:是|应该是|大概)?([ABMCDabmcd])(?:级)?的?")
_EVERY_MONTH = re.compile("每个?月|月月|都有?开|一直|全年|十二个月|12个月")
_EVERY_QUARTER = re.compile("每个?季|一个季度")
_UNKNOWN = re.compile("不知道|不清楚|不记得|不晓得|说不[好上准清]|忘了|没算过|没查过|不太懂|不懂")


def business_details(turn: Turn) -> dict[str, Any]:
    """Everything said about the business, by the names of BusinessFacts, and ``<input>_unknown`` for a 不知道."""
    found: dict[str, Any] = {}
    asked = BUSINESS_QUESTIONS.get(turn.question or "")
    for value, meant in _sums(turn):
        if meant is not None:
            found[meant] = value
    if (age := _owner_age(turn.text)) is not None:
        found["owner_age"] = age
    for name, none in _NONE_OF.items():
        if none.search(turn.plain_text):
            found.setdefault(name, 0)
    if (grade := _grade(turn)) is not None:
        found["tax_grade"] = grade
    if turn.question == "invoice_months" and (months := _invoice_months(turn)) is not None:
        found["invoice_months"] = months
    if asked is not None and asked not in found:
        if _UNKNOWN.search(turn.plain_text):
            found[f"{asked}_unknown"] = True
        elif turn.question in MONEY_QUESTIONS and yes_or_no(turn) is False:
            found[asked] = 0
    return found


def wanted_amount_fen(turn: Turn) -> int | None:
    """The sum that is to be borrowed: the last one that is of nothing else."""
    return next((value for value, meant in reversed(_sums(turn)) if meant is None), None)


def _sums(turn: Turn) -> list[tuple[int, str | None]]:
    """Every sum of money in the message with the input that it is meant for; None: the amount that is wanted."""
    sums: list[tuple[int, str | None]] = []
    end_before = 0
    for one in turn.entities:
        if one["entity"] != "amount":
            continue
        start, end = one.get("start", len(turn.text)), one.get("end", len(turn.text))
        before, behind = turn.text[end_before:start], turn.text[end:]
        value, meant = int(one["value"]), _meant(turn, before, behind)
        times = times_a_year(before, behind) if meant in _YEARLY else 1
        if times > 1:
            value = times * lowest_fen(turn.text[start:end], value)
        sums.append((value, meant))
        end_before = end
    return sums


def _owner_age(text: str) -> int | None:
    """Years of age: 63岁, 六十三岁; not those of a child or parent."""
    if _SOMEBODY_ELSE.search(text):
        return None
    if said := _AGE.search(text):
        return int(said["years"])
    said = _SPOKEN_AGE.search(text) or _BARE_AGE.search(text)
    if said is None:
        return None
    if said.groupdict().get("figure", "").isdecimal():
        return int(said["figure"])
    tens = _DIGITS.index(said["tens"]) if said["tens"] else 1
    return 10 * tens + (_DIGITS.index(said["ones"]) if said["ones"] else 0)


def _meant(turn: Turn, before: str, behind: str) -> str | None:
    if word := _BEHIND.match(behind):
        return next(name for name, words in _SPEAKS_OF.items() if re.search(words, word["word"]))
    places = {
        name: max((match.end() for match in re.finditer(words, before)), default=0)
        for name, words in _SPEAKS_OF.items()
    }
    name = max(places, key=lambda one: places[one])
    wanted_at = max((match.end() for match in _NEITHER.finditer(before)), default=0)
    if places[name] and places[name] > wanted_at:
        return name
    return None if wanted_at else MONEY_QUESTIONS.get(turn.question or "")


def _grade(turn: Turn) -> str | None:
    if match := _GRADE.search(turn.text):
        return str(match[1] or match[2]).upper()
    bare = _BARE_GRADE.fullmatch(turn.bare_text) if turn.question == "tax_grade" else None
    return bare[1].upper() if bare else None


def _invoice_months(turn: Turn) -> int | None:
    """In how many of twelve months."""
    if _EVERY_MONTH.search(turn.plain_text):
        return 12
    if _EVERY_QUARTER.search(turn.text):
        return 4
    said = turn.value("term")
    if said is None and turn.bare_text.isdecimal():
        said = turn.bare_text
    return int(said) if said is not None and 0 <= int(said) <= 12 else None
