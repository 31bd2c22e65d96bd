"""Yearly sum: what is earned, invoiced or paid by the day, month or quarter, made that of twelve months."""

import re

_TIMES = {"day": 365, "month": 12, "quarter": 4}
_PERIOD = (
    r"(?P<day>每一?天|天天|日均|(?<![十百千万\d])一天|每日)"
    r"|(?P<month>每个?月|月均|(?<![十百千万二三四五六七八九\d])(?:一个月|1个月))"
    r"|(?P<quarter>每个?季度?|(?<![十百千万二三四五六七八九\d])(?:一个|1个)季度?)"
)
_BEFORE = re.compile(rf"(?:{_PERIOD})(?!还)[^，。,、\d]{{0,8}}$")
_BEHIND = re.compile(rf"^(?:多|块|元|钱|左右|上下|的|流水|营业额|收入|发票|税|吧)*(?:{_PERIOD})(?!还)")
_DIGITS = "一二三四五六七八九"
_RANGE = re.compile(rf"([{_DIGITS}两])([{_DIGITS}])[百千万]+(?:块钱?|元)?")
"""六七千: two digits that follow each other."""


def times_a_year(before: str, behind: str) -> int:
    """How often a year the sum between these words comes in; 1 where no shorter period is named."""
    said = _BEFORE.search(before) or _BEHIND.match(behind)
    return _TIMES[str(said.lastgroup)] if said else 1


def lowest_fen(words: str, value_fen: int) -> int:
    """The lower end of a range like 六七千, of which ``value_fen`` is the upper; else the value itself.

    A year of a rough daily figure multiplies what is rough in it: conditions are held against the cautious end.
    """
    said = _RANGE.fullmatch(words.strip())
    if said is None:
        return value_fen
    low, high = ((_DIGITS.index("二" if digit == "两" else digit) + 1) for digit in said.groups())
    return value_fen * low // high if high == low + 1 else value_fen
