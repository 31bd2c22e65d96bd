"""Dates: 下个月十五号, 大后天, 12月3号, 下周五; the value is an ISO date, counted from a given today."""

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta

from understanding.chinese_numbers import DIGITS, number_at
from understanding.found import Found

_NUMBER = (
    r"(?:\d{1,2}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两俩仨三四五六七八九]"
    r"|[廿卅][一二三四五六七八九]?)"
)
_LUNAR = re.compile(
    rf"(?:(?:农历|阴历|旧历|老历)的?(?:{_NUMBER}月)?|腊月|正月|冬月|闰月)(?:初|的)?{_NUMBER}?[号日]?|初{_NUMBER}"
)
_FULL = re.compile(
    rf"(?:(?P<year>\d{{4}}|[二两][零〇][一二三四五六七八九零〇]{{2}}|明年|今年|去年)年?(?P<mark>[-/.])?)?"
    rf"(?P<month>{_NUMBER}|元)(?:月份?的?|(?(mark)[-/.]|月))(?P<day>{_NUMBER})(?:号|日|(?=\D|$))"
)
_MONTH_DAY = re.compile(
    rf"(?P<which>下下个?月|下个?月|上个?月|这个?月|本月|当月|每个?月)的?(?P<day>{_NUMBER})[号日]?(?!个)"
)
_DAY = re.compile(rf"(?<![\d月第])(?P<day>{_NUMBER})[号日](?!楼|店|线|码|机|院)")
_MONTH_END = re.compile(
    rf"(?P<month>{_NUMBER})月底|(?P<which>下下个?月|下个?月|上个?月|这个?月|本月|月)的?月?[底末]"
)
_MONTH_BEGINNING = re.compile(r"(?P<which>下下个?月|下个?月|这个?月|本月|月)的?月?初")
_YEAR_END = re.compile(r"(?P<which>今年|明年|去年)?年?(?<=年)[底末]")
_WEEKDAY = re.compile(
    r"(?P<which>下下个?|下个?|上个?|这个?|本)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天1-6])(?!期)"
)
_BEHIND = rf"(?P<count>{_NUMBER}|半个(?=月))(?P<unit>天|个?星期|周|个?礼拜|个?月)"
_SPAN = re.compile(
    rf"(?:再过|过)?{_BEHIND}(?:之后|以后|后)|(?<![超经不没通])过(?!两天){_BEHIND.replace('?P<', '?P<more_')}"
)
"""过两天 means some day soon and is none."""

_HOLIDAY = re.compile(
    r"(?P<name>元旦|国庆|劳动节|五一节)节?(?:那天|当天)?(?!节?的?(?:路|街|假|期间|前|后|之前|之后|以前|以后))"
)
_HOLIDAYS = {"元旦": (1, 1), "国庆": (10, 1), "劳动节": (5, 1), "五一节": (5, 1)}
_RELATIVE = {
    word: days
    for days, words in {
        -3: "大前天",
        -2: "前天 前儿",
        -1: "昨天 昨日 昨儿 昨晚",
        0: "今天 今日 今儿 今晚 今早",
        1: "明天 明日 明儿 明早 明晚",
        2: "后天 后日 后儿",
        3: "大后天 大后儿",
    }.items()
    for word in words.split()
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
    month, day = 1 if match["month"] == "元" else _small(match["month"]), _small(match["day"])
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
    if match["month"]:  # 十二月底: this one or the next
        month = _small(match["month"])
        if not 1 <= month <= 12:
            return None
        year = today.year + (month < today.month)
        return date(year, month, calendar.monthrange(year, month)[1])
    year, month = _shifted(today, _MONTHS[_which(match, "这")])
    return date(year, month, calendar.monthrange(year, month)[1])


def _month_beginning(match: re.Match[str], today: date) -> date | None:
    """月初 alone is the next one."""
    year, month = _shifted(today, _MONTHS[_which(match, "下")])
    return date(year, month, 1)


def _which(match: re.Match[str], without: str) -> str:
    return match["which"].split("个")[0].removesuffix("月") or without


def _year_end(match: re.Match[str], today: date) -> date | None:
    return date(_year(match["which"] or "今年", today) or today.year, 12, 31)


def _holiday(match: re.Match[str], today: date) -> date | None:
    """The next one from today on."""
    month, day = _HOLIDAYS[match["name"]]
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)


def _no_day(match: re.Match[str], today: date) -> date | None:
    """Days of the lunar calendar are not computed: what is no date is asked for."""
    return None


def _weekday(match: re.Match[str], today: date) -> date | None:
    said = match["day"]
    day = 6 if said in "日天" else (int(said) if said.isdigit() else DIGITS[said]) - 1
    which = (match["which"] or "").removesuffix("个")
    monday = today - timedelta(days=today.weekday())
    found = monday + timedelta(days=day + 7 * {"下下": 2, "下": 1, "上": -1}.get(which, 0))
    return found + timedelta(days=7) if not which and found < today else found


def _span(match: re.Match[str], today: date) -> date | None:
    said, unit = match["count"] or match["more_count"], match["unit"] or match["more_unit"]
    if said == "半个":
        return today + timedelta(days=15)
    count = _small(said)
    if "月" in unit:
        year, month = _shifted(today, count)
        return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
    return today + timedelta(days=count * (1 if unit == "天" else 7))


def _word(match: re.Match[str], today: date) -> date | None:
    return today + timedelta(days=_RELATIVE[match.group()])


def _small(said: str) -> int:
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
    (_LUNAR, _no_day),
    (_FULL, _full),
    (_MONTH_DAY, _month_day),
    (_SPAN, _span),
    (_DAY, _day),
    (_YEAR_END, _year_end),
    (_MONTH_END, _month_end),
    (_MONTH_BEGINNING, _month_beginning),
    (_WEEKDAY, _weekday),
    (_WORD, _word),
    (_HOLIDAY, _holiday),
)
"""Longer forms first: what they took is not read again."""
