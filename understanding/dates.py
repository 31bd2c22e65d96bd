"""Dates: 下个月十五号, 大后天, 12月3号, 下周五; the value is an ISO date, counted from a given today."""

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta

from understanding.chinese_numbers import DIGITS, number_at
from understanding.found import Found

_NUMBER = r"(?:\d{1,2}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]|廿[一二三四五六七八九]?)"
_FULL = re.compile(
    rf"(?:(?P<year>\d{{4}}|[二两][零〇][一二三四五六七八九零〇]{{2}}|明年|今年|去年)年?(?P<mark>[-/.])?)?"
    rf"(?P<month>{_NUMBER})(?:月份?的?|(?(mark)[-/.]|月))(?P<day>{_NUMBER})(?:号|日|(?=\D|$))"
)
_MONTH_DAY = re.compile(
    rf"(?P<which>下下个?月|下个?月|上个?月|这个?月|本月|当月|每个?月)的?(?P<day>{_NUMBER})[号日]?"
)
_DAY = re.compile(rf"(?<![\d月第])(?P<day>{_NUMBER})[号日](?!楼|店|线|码|机|院)")
_MONTH_END = re.compile(r"(?P<which>下下个?月|下个?月|上个?月|这个?月|本月)?月?底")
_WEEKDAY = re.compile(
    r"(?P<which>下下个?|下个?|上个?|这个?|本)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天1-6])(?!期)"
)
_SPAN = re.compile(rf"(?:过|再过)?(?P<count>{_NUMBER})(?P<unit>天|个?星期|周|个?礼拜|个月)(?:之后|以后|后)")
_RELATIVE = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "今天": 0,
    "今日": 0,
    "今儿": 0,
    "今晚": 0,
    "明天": 1,
    "明日": 1,
    "明儿": 1,
    "明早": 1,
    "大后天": 3,
    "后天": 2,
    "后日": 2,
}
_WORD = re.compile("|".join(sorted(_RELATIVE, key=len, reverse=True)))
_MONTHS = {"下下": 2, "下": 1, "上": -1, "这": 0, "本": 0, "当": 0}


def dates(text: str, today: date) -> Iterator[Found]:
    """Days that the text names. A day without a month is the next one from today on; 每月十五号 is no single day."""
    taken: list[tuple[int, int]] = []
    for form, read in _READERS:
        for match in form.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            day = read(match, today)
            if day is not None:
                yield Found("date", day.isoformat(), match.start(), match.end())


def _full(match: re.Match[str], today: date) -> date | None:
    month, day = _small(match["month"]), _small(match["day"])
    year = _year(match["year"], today)
    if year is not None:
        return _date(year, month, day)
    this_year = _date(today.year, month, day)
    if this_year is None or this_year >= today - timedelta(days=183):
        return this_year
    return _date(today.year + 1, month, day)


def _year(said: str | None, today: date) -> int | None:
    if said is None:
        return None
    if said in {"今年", "明年", "去年"}:
        return today.year + {"今年": 0, "明年": 1, "去年": -1}[said]
    return int("".join(sign if sign.isdecimal() else str(DIGITS[sign]) for sign in said))


def _month_day(match: re.Match[str], today: date) -> date | None:
    which = match["which"].split("个")[0].removesuffix("月")
    if which == "每":
        return None
    year, month = _shifted(today, _MONTHS[which])
    return _date(year, month, _small(match["day"]))


def _day(match: re.Match[str], today: date) -> date | None:
    day = _small(match["day"])
    for months in range(3):
        year, month = _shifted(today, months)
        found = _date(year, month, day)
        if found and found >= today:
            return found
    return None


def _month_end(match: re.Match[str], today: date) -> date | None:
    which = (match["which"] or "这").split("个")[0].removesuffix("月")
    year, month = _shifted(today, _MONTHS[which])
    return date(year, month, calendar.monthrange(year, month)[1])


def _weekday(match: re.Match[str], today: date) -> date | None:
    said = match["day"]
    day = 6 if said in "日天" else (int(said) if said.isdigit() else DIGITS[said]) - 1
    which = (match["which"] or "").removesuffix("个")
    monday = today - timedelta(days=today.weekday())
    found = monday + timedelta(days=day + 7 * {"下下": 2, "下": 1, "上": -1}.get(which, 0))
    return found + timedelta(days=7) if not which and found < today else found


def _span(match: re.Match[str], today: date) -> date | None:
    count = _small(match["count"])
    if "月" in match["unit"]:
        year, month = _shifted(today, count)
        return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
    return today + timedelta(days=count * (1 if match["unit"] == "天" else 7))


def _word(match: re.Match[str], today: date) -> date | None:
    return today + timedelta(days=_RELATIVE[match.group()])


def _small(said: str) -> int:
    if said.startswith("廿"):
        return 20 + (DIGITS[said[1]] if len(said) > 1 else 0)
    number = number_at(said, 0)
    return int(number.value) if number else 0


def _shifted(today: date, months: int) -> tuple[int, int]:
    years, month = divmod(today.month - 1 + months, 12)
    return today.year + years, month + 1


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_READERS = (
    (_FULL, _full),
    (_MONTH_DAY, _month_day),
    (_SPAN, _span),
    (_DAY, _day),
    (_MONTH_END, _month_end),
    (_WEEKDAY, _weekday),
    (_WORD, _word),
)
"""Longer forms first: what they took is not read again."""
