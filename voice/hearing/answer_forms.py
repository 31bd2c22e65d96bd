"""Answer forms: well-formed amounts, days and lengths of time, and what may have been said instead of one."""

import re
from collections.abc import Iterable, Iterator

from voice.hearing.expectation import ExpectationKind

_DIGITS = "一二三四五六七八九"
_TWO = f"[{_DIGITS}两]"
_D = f"[{_DIGITS}]"
_TENS = f"{_D}?十{_D}?"
_HUNDREDS = f"{_TWO}百(?:{_D}十{_D}?|零{_D}|{_D})?"
_THOUSANDS = f"{_TWO}千(?:{_TWO}百(?:{_D}十{_D}?|零{_D}|{_D})?|零{_D}十{_D}?|零{_D}|{_D})?"
_BELOW_TEN_THOUSAND = f"(?:{_THOUSANDS}|{_HUNDREDS}|{_TENS}|{_TWO})"
_AMOUNT = f"(?:{_BELOW_TEN_THOUSAND}万(?:{_THOUSANDS}|零?{_HUNDREDS}|{_D})?|{_THOUSANDS}|{_HUNDREDS}|{_TENS})"
_POINT = f"(?:{_TENS}|{_TWO})点{_D}{{1,2}}万"
_MONTH = "(?:十[一二]?|[一二三四五六七八九])月份?"
_DAY = f"(?:三十一?|二?十{_D}?|{_D})[号日]"
_YEAR = f"(?:二零[一二三][{_DIGITS}零]|[今明后去前])年"
_NEAR = "今天|明天|大?后天|[这上下]个?月[底初末]?|月[底初末]|年[底初末]|[这上下]?(?:周|星期|礼拜)[一二三四五六日天]"
_LENGTH = f"(?:[二三四五六]?十{_D}?|{_TWO})(?:个月|期)|(?:十{_D}?|{_TWO})年半?|半年|一年半"

_FORMS = {
    ExpectationKind.AMOUNT: re.compile(f"(?:{_POINT}|{_AMOUNT})(?:元|块钱?)?"),
    ExpectationKind.DATE: re.compile(f"(?:{_YEAR})?{_MONTH}(?:{_DAY})?|(?:[这上下]个月)?{_DAY}|{_NEAR}"),
    ExpectationKind.TERM: re.compile(_LENGTH),
}

_NUMERAL = "零一二三四五六七八九十百千万亿两"
_RUN = re.compile(f"(?!一[共下般定样直起些])[{_NUMERAL}]+")
_MARKS = re.compile(r"[^一-鿿X]")
_SIGNS = {
    ExpectationKind.AMOUNT: ("零一二三四五六七八九十百千万两", "零一二三四五六七八九十百千万两"),
    ExpectationKind.DATE: ("零一二三四五六七八九十", "一二三四五六七八九十"),
    ExpectationKind.TERM: ("一二三四五六七八九十两", "一二三四五六七八九十"),
}
"""What may stand for a sign of a number, and what may have been swallowed."""

_MOST = 160
"""Other readings that are looked at for one text."""


def bare(text: str) -> str:
    """Return the characters that sound."""
    return _MARKS.sub("", text)


def has_form(text: str, kind: ExpectationKind) -> bool:
    """Return whether all numbers of a text are as one says them, and one of them is what was asked for."""
    form = _FORMS.get(kind)
    if form is None:
        return False
    found = [match.span() for match in form.finditer(text.replace("一共", "　　"))]
    runs = [match.span() for match in _RUN.finditer(text)]
    return bool(found) and all(any(start <= at and end <= to for start, to in found) for at, end in runs)


def other_readings(text: str, kind: ExpectationKind) -> list[str]:
    """Return the well-formed answers that differ from ``text`` by one sign of a number: heard wrong, lost or added."""
    if kind not in _FORMS:
        return []
    found: dict[str, None] = {}
    for changed in _changed(text, *_SIGNS[kind]):
        if changed != text and has_form(changed, kind):
            found[changed] = None
            if len(found) == _MOST:
                break
    return list(found)


def _changed(text: str, signs: str, lost: str) -> Iterator[str]:
    for match in _RUN.finditer(text):
        for at in range(match.start(), match.end()):
            yield from (text[:at] + sign + text[at + 1 :] for sign in signs)
            yield text[:at] + text[at + 1 :]
        yield from _inserted(text, range(match.start(), match.end() + 1), lost)


def _inserted(text: str, places: Iterable[int], lost: str) -> Iterator[str]:
    for at in places:
        yield from (text[:at] + sign + text[at:] for sign in lost)
