"""Asked month: the month of the calendar that a question about a repayment names."""

import re
from dataclasses import dataclass
from datetime import date

_NUMERALS = "一二三四五六七八九十"
_NEXT = re.compile(r"(?P<more>下*)下个?月(?!供)")
_NAMED = re.compile(
    r"(?<![\d一二三四五六七八九十])(?P<month>1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十])月(?!供)(?:份)?"
)

_OVER = re.compile("去年|上次|已经|(?<![要该])(?:借|贷|办|还|扣|交)(?:了|过|的)")
"""十月份的还了，下一期多少: a month that is over asks of none to come."""


_LAST = re.compile(r"(?P<more>上*)上个?月")
_LAST_YEAR = re.compile("去年")
_GONE = re.compile(r"(?:扣|交|还|付)(?:款|钱)?(?:了|过|的)|成功")


@dataclass(frozen=True)
class AskedMonth:
    """A month, named by its number or by how far off it is."""

    number: int | None
    """1..12; None where only ``ahead`` is said."""
    ahead: int = 0
    """Months from this one: 1 for 下个月."""

    def after(self, today: date) -> tuple[int, int]:
        """Year and month; a named one is this year's, or next year's when it is over."""
        if self.number is not None:
            return today.year + (self.number < today.month), self.number
        months = today.year * 12 + today.month - 1 + self.ahead
        return months // 12, months % 12 + 1


def month_asked(text: str) -> AskedMonth | None:
    """Return the month that the words name, or None; 这个月 is none: who says it means the next instalment."""
    if said := _NEXT.search(text):
        return AskedMonth(None, 1 + len(said["more"]))
    if (said := _NAMED.search(text)) and not _OVER.search(text):
        return AskedMonth(_number(said["month"]))
    return None


def month_gone_asked(text: str, today: date) -> tuple[int, int] | None:
    """Year and month of a month gone by that the words name (十月份扣了多少, 上个月); None where they name none."""
    if said := _LAST.search(text):
        months = today.year * 12 + today.month - 1 - len(said["more"]) - 1
        return months // 12, months % 12 + 1
    if (said := _NAMED.search(text)) is None:
        return None
    number = _number(said["month"])
    if _LAST_YEAR.search(text):
        return today.year - 1, number
    if number > today.month and not _GONE.search(text):
        return None  # 十二月扣多少 asks of one to come
    return today.year - (number > today.month), number


def _number(word: str) -> int:
    if word.isdecimal():
        return int(word)
    return 10 + _NUMERALS.index(word[1]) + 1 if len(word) == 2 else _NUMERALS.index(word) + 1
