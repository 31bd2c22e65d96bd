"""Terms of a loan: 十二期, 一年半, 半年, 24个月; the value is months."""

import re
from collections.abc import Iterator

from understanding.chinese_numbers import numbers
from understanding.found import Found

_PERIOD = re.compile(r"\s*(?:期|个月|个?月(?=的?期|还清|还完)|年期?)(?P<half>半)?(?!前|后|以后|之后|以前|级)")
_HALF = re.compile(r"(?<![一二两三四五六七八九十\d个])半年(?!前|后|以后|之后|以前)")
_AND_MONTHS = re.compile(r"(?:零|又)?(?P<months>[一二两三四五六七八九十]{1,2}|\d{1,2})个月")
_LENGTH_OF_BUSINESS = re.compile(
    r"(?:开|做|干|经营|营业|办|成立|注册|用了|有|借了|等了|过了)(?:了|有)?"
    r"(?:快|差不多|将近|大概|已经|才|也就)*$"
)
_ORDINAL = re.compile(r"(?:第|上|每|前|这|近|最近|下|隔)$")
_LONGEST_MONTHS = 360


def terms(text: str) -> Iterator[Found]:
    """Spans of months or years that are not the age of a business and not 三年后."""
    for half in _HALF.finditer(text):
        if not _LENGTH_OF_BUSINESS.search(text[: half.start()]):
            yield Found("term", 6, half.start(), half.end())
    for number in numbers(text):
        before = text[: number.start]
        period = _PERIOD.match(text, number.end)
        if period is None or _ORDINAL.search(before) or number.value != int(number.value):
            continue
        years = period.group().lstrip().startswith("年")
        if years and (_LENGTH_OF_BUSINESS.search(before) or number.value > 30):
            continue
        months, end = int(number.value) * (12 if years else 1), period.end()
        if period["half"] and years:
            months += 6
        elif years and (more := _AND_MONTHS.match(text, end)):
            months += next((int(part.value) for part in numbers(more["months"])), 0)
            end = more.end()
        if 0 < months <= _LONGEST_MONTHS:
            yield Found("term", months, number.start, end)
