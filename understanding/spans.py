"""Spans of time: 两年半, 仨月, 一年零三个月, 三五个月, 个把月; their length in months."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from understanding.chinese_numbers import Number, number_at, numbers

_PERIODS = re.compile(r"\s*(?:[来多几]|好几)?期")
_MONTHS = re.compile(r"\s*(?:[来多几]|好几)?个(?:[来多])?(?P<half>半)?月(?P<more>多)?(?!份|底|初|末)")
_BARE_MONTHS = re.compile(r"月(?!份|底|初|末|[\d一二三四五六七八九十])")
_TO_BE_REPAID = re.compile(r"\s*月(?=的?期|还清|还完)")
_YEARS = re.compile(r"\s*(?:[来多几]|好几)?年(?!级|代|龄|纪)")
_AND_HALF = re.compile(r"半(?!载)")
_AND_MONTHS = re.compile(
    r"(?:零|又)?(?P<count>[一二两三四五六七八九十]{1,2}(?=个)|[俩仨]|\d{1,2}(?=个))个?月"
)
_QUARTERS = re.compile(r"个季度")
_SAYINGS = re.compile(
    r"(?P<few>仨俩个?月)|"
    r"(?P<months>(?<![一二两三四五六七八九十\d])个把月)|(?P<years>(?<![一二两三四五六七八九十\d])年把(?!手))"
    r"|(?P<half>(?<![一二两三四五六七八九十\d])(?<![一二两三四五六七八九十\d]个)[大小]?半年)|(?P<whole>一整年)"
)
_SAID = {"few": 3, "months": 1, "years": 12, "half": 6, "whole": 12}


@dataclass(frozen=True)
class Span:
    """A length of time as it was said."""

    months: Decimal
    """Of a range (三五个月) the upper end."""
    fewest: Decimal
    start: int
    end: int
    unit: str
    """``期``, ``月`` or ``年``: by what it was counted."""


def spans(text: str) -> Iterator[Span]:
    """All spans of a text, from left to right; the ordinal ones (第三期) and points of time (三年后) too."""
    found: list[Span] = []
    for saying in _SAYINGS.finditer(text):
        kind = str(saying.lastgroup)
        length = Decimal(_SAID[kind])
        found.append(
            Span(length, length, saying.start(), saying.end(), "月" if kind in {"few", "months"} else "年")
        )
    taken_to = 0
    for number in numbers(text):
        said = any(one.start <= number.start < one.end for one in found)
        span = None if said or number.start < taken_to else _counted(text, number)
        if span is not None:
            taken_to = span.end
            found.append(span)
    yield from sorted(found, key=lambda one: one.start)


def _counted(text: str, number: Number) -> Span | None:
    most, least, start = number.value, number.lowest, number.start
    if unit := _PERIODS.match(text, number.end):
        return Span(most, least, start, unit.end(), "期")
    if unit := _MONTHS.match(text, number.end):
        half = Decimal("0.5") if unit["half"] else Decimal(0)
        return Span(most + half, least + half, start, unit.end(), "月")
    if unit := _TO_BE_REPAID.match(text, number.end):
        return Span(most, least, start, unit.end(), "月")
    if text[start] in "俩仨" and (unit := _BARE_MONTHS.match(text, number.end)):
        return Span(most, least, start, unit.end(), "月")
    if unit := _QUARTERS.match(text, number.end):
        return Span(most * 3, least * 3, start, unit.end(), "月")
    if unit := _YEARS.match(text, number.end):
        more, end = _beyond_years(text, unit.end())
        return Span(most * 12 + more, least * 12 + more, start, end, "年")
    return None


def _beyond_years(text: str, at: int) -> tuple[int, int]:
    """Months behind the years: 半 of 两年半, 零三个月 of 一年零三个月; and where they end."""
    if half := _AND_HALF.match(text, at):
        return 6, half.end()
    if months := _AND_MONTHS.match(text, at):
        count = number_at(months["count"], 0)
        return int(count.value) if count else 0, months.end()
    return 0, at
