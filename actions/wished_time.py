"""WishedTime: when a customer wants to be called back, out of his own words."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from actions.lending.clock import CHINA

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_NUMBER = r"(?:\d{1,2}|[零〇一二两三四五六七八九十]{1,3})"
_DAYS = (
    ("大后天", 3),
    ("后天", 2),
    ("明天", 1),
    ("明早", 1),
    ("明晚", 1),
    ("明儿", 1),
    ("今天", 0),
    ("今早", 0),
    ("今晚", 0),
    ("今儿", 0),
)
_WEEKDAY = re.compile(r"(?P<next>下个?)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])")
_DAY_OF_MONTH = re.compile(rf"(?P<day>{_NUMBER})[号日]")
_PARTS = (
    (re.compile(r"中午"), "中午", time(12)),
    (re.compile(r"下午|傍晚"), "下午", time(14)),
    (re.compile(r"晚"), "晚上", time(19)),
    (re.compile(r"上午|早"), "上午", time(9)),
)
_CLOCK = re.compile(
    rf"(?P<hour>{_NUMBER})(?:点钟?(?P<half>半)?(?:(?P<minute>{_NUMBER})分?)?|[:：](?P<digits>\d{{2}}))"
)
_SOONER_OR_LATER = re.compile(r"(?<!明)(?<!今)[晚早](?:一?点(?:儿)?(?!钟|半)|一?些)")
"""晚一点 names neither the evening nor one o'clock."""
_LATEST_MORNING_HOUR = 7
"""三点 without 下午 is in the afternoon: nobody wants to be called at night."""


@dataclass(frozen=True)
class WishedTime:
    """The beginning of the time, and how it is read back."""

    at: datetime
    words: str
    """11月24日上午, 11月24日10点."""


def wished_time(text: str, now: datetime, opens: time) -> WishedTime | None:
    """Read a time in ``text``, seen from ``now``; None where it names none. ``opens``: a morning begins no earlier."""
    local = now.astimezone(CHINA)
    day = _day(text, local.date())
    # 24号 is a day; what is left names the hour.
    rest = _SOONER_OR_LATER.sub("", _WEEKDAY.sub("", _DAY_OF_MONTH.sub("", text)))
    part = next(((name, begins) for pattern, name, begins in _PARTS if pattern.search(rest)), None)
    clock = _clock(rest, part[0] if part else None)
    if day is None and part is None and clock is None:
        return None
    begins = clock or (max(part[1], opens) if part else opens)
    if day is None:
        today = datetime.combine(local.date(), begins, CHINA)
        day = local.date() if today > local else local.date() + timedelta(days=1)
    said = _clock_words(clock) if clock else part[0] if part else ""
    return WishedTime(datetime.combine(day, begins, CHINA), f"{day.month}月{day.day}日{said}")


def _day(text: str, today: date) -> date | None:
    for word, ahead in _DAYS:
        if word in text:
            return today + timedelta(days=ahead)
    if match := _WEEKDAY.search(text):
        weekday = 7 if match["day"] in "日天" else "一二三四五六".index(match["day"]) + 1
        ahead = weekday - today.isoweekday()
        return today + timedelta(days=ahead + 7 if match["next"] or ahead < 0 else ahead)
    if match := _DAY_OF_MONTH.search(text):
        return _next_with_day(today, _number(match["day"]))
    return None


def _next_with_day(today: date, day: int) -> date | None:
    """The next date with this day of the month; 31 may be two months away."""
    for ahead in range(62):
        candidate = today + timedelta(days=ahead)
        if candidate.day == day:
            return candidate
    return None


def _clock(text: str, part: str | None) -> time | None:
    match = _CLOCK.search(text)
    if match is None:
        return None
    hour = _number(match["hour"])
    minute = 30 if match["half"] else _number(match["minute"] or match["digits"] or "0")
    afternoon = part in {"下午", "晚上"} or (part == "中午" and hour < 3)
    if hour < 12 and (afternoon or (part is None and 0 < hour <= _LATEST_MORNING_HOUR)):
        hour += 12
    if hour == 12 and part == "晚上":
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _clock_words(at: time) -> str:
    return (
        f"{at.hour}点半" if at.minute == 30 else f"{at.hour}点" + (f"{at.minute:02d}分" if at.minute else "")
    )


def _number(text: str) -> int:
    """12, 十二, 二十 as a number."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    value = _DIGITS.get(ones[-1:], 0)
    return value + 10 * _DIGITS.get(tens or "一", 1) if ten else value
