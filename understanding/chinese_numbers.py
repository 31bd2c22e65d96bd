"""Chinese numbers: 一万二, 三十来万, 十七八万, 1.5w and 二十五 as people write and say them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
    "仨": 3,
    "幺": 1,
}
_POWERS = {"十": 10, "百": 100, "千": 1000, "k": 1000}
_MYRIAD = {"万": 10_000, "w": 10_000, "亿": 100_000_000}
_TENS = {"廿": 20, "卅": 30}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_ROUGH = {
    "万把": (10_000, 10_000),
    "万儿八千": (8_000, 10_000),
    "千把": (1_000, 1_000),
    "千儿八百": (800, 1_000),
    "千八百": (800, 1_000),
    "百把": (100, 100),
    "百八十": (80, 100),
    "百十": (100, 110),
}
"""Sayings that begin with a power; the lower and the upper end of what they mean."""

_ROUGH_START = re.compile(rf"(?<![零一二两三四五六七八九十百千万几\d])(?:{'|'.join(_ROUGH)})")
_SOME = re.compile(r"[几数][十百千万亿]+")
_LEADING = re.compile(r"[一二两俩仨三四五六七八九十廿卅]")
_DIGIT = "[一二两三四五六七八九]"
_PLAIN_RUN = re.compile(r"[零〇一二两三四五六七八九幺]{2,}")
_WESTERN = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)(?:[来多几余](?=万)|个(?=w))?([十百千万亿kw]?)(万?)")
_VAGUE = re.compile(r"(?:好几|[来多几余])(?=[万亿w])|个(?=w)")
_FRACTION = re.compile(r"点(?P<digits>[零一二三四五六七八九]+)(?P<power>[千万亿w])")
_SHORT_REST = re.compile(rf"(?P<digits>{_DIGIT}{{1,2}}|\d)(?![\d十百千万.])")
_COUNTED = re.compile(
    r"[天年个月期号日周次笔厘点成张%家岁]"
    r"|分(?!(?:成|做|为)?(?!一个月)(?:[一二两三四五六七八九十百\d几半多]+(?:个月|个?季|[年期])|期))"
)
"""What a digit after 万 may count for itself: 一万一天 is ten thousand and one day, 一万一 is eleven thousand.

分 counts interest or cents (一万五分利, 一万五分一个月), but divides where a length of time follows: 八万五分一年半,
八万五分期.
"""


@dataclass(frozen=True)
class Number:
    """A number found in a text."""

    value: Decimal
    """Of a range (五六万) the upper end."""
    start: int
    end: int
    has_power: bool
    """Whether 十, 百, 千, 万 or the like was said: 五万, but not 3000 or 五."""
    lowest: Decimal
    """The lower end of a range; else the value."""


@dataclass(frozen=True)
class _Section:
    """A number below ten thousand: 三千五 is 3500, 三千零五 is 3005, 十七八 is 17 to 18."""

    low: int
    high: int
    end: int
    has_power: bool


def plain(text: str) -> str:
    """The same text with the numerals of cheques (壹拾贰万) as everyday ones, character by character."""
    return text.translate(_FORMAL)


def numbers(text: str) -> Iterator[Number]:
    """All numbers of a text from left to right, each as long as it can be; 一三八零 and 几十万 are none."""
    place = 0
    while place < len(text):
        run = _PLAIN_RUN.match(text, place)
        if run and not _counts(text, run):
            place = run.end()
            continue
        if some := _SOME.match(text, place):
            place = some.end()
            continue
        found = number_at(text, place)
        if found:
            yield found
        place = found.end if found else place + 1


def _counts(text: str, run: re.Match[str]) -> bool:
    """Whether a run like 五六 goes on as a number (五六万, 五六年) and is no string of digits."""
    follower = text[run.end() : run.end() + 1]
    return (
        follower in _POWERS
        or follower in _MYRIAD
        or (len(run.group()) == 2 and follower in set("个块天年期"))
    )


def number_at(text: str, start: int) -> Number | None:
    """The number that begins at ``start``, if one does."""
    if western := _WESTERN.match(text, start):
        return _western(text, western)
    if rough := _ROUGH_START.match(text, start):
        section = _Section(*_ROUGH[rough.group()], rough.end(), True)
    elif _LEADING.match(text, start):
        section = _section(text, start)
    else:
        return None
    if fraction := _FRACTION.match(text, section.end):
        share = Decimal(f"{section.high}.{''.join(str(DIGITS[digit]) for digit in fraction['digits'])}")
        value = share * (_MYRIAD.get(fraction["power"]) or _POWERS[fraction["power"]])
        return Number(value, start, fraction.end(), True, value)
    vague = _VAGUE.match(text, section.end)
    sign = vague.end() if vague else section.end
    power = _MYRIAD.get(text[sign : sign + 1])
    if power is None:
        return Number(Decimal(section.high), start, section.end, section.has_power, Decimal(section.low))
    return _with_rest(
        text, start, (Decimal(section.low * power), Decimal(section.high * power)), sign + 1, power
    )


def _western(text: str, match: re.Match[str]) -> Number:
    value, sign = Decimal(match[1].replace(",", "")), match[2]
    if not sign:
        return Number(value, match.start(), match.end(1), False, value)
    power = _POWERS.get(sign) or _MYRIAD[sign]
    value *= power
    if match[3]:  # 3千万
        return Number(value * 10_000, match.start(), match.end(), True, value * 10_000)
    return _with_rest(text, match.start(), (value, value), match.end(), power)


def _with_rest(text: str, start: int, ends: tuple[Decimal, Decimal], end: int, power: int) -> Number:
    """二 of 一万二 counts thousands, 五百 of 一万零五百 counts itself, 五 of 一万零五 is five."""
    zero = end + 1 if text[end : end + 1] == "零" else end
    least, most = ends
    if short := _short_rest(text, zero):
        low, high, after = short
        scale = 1 if zero > end else power // 10
        return Number(most + high * scale, start, after, True, least + low * scale)
    if _LEADING.match(text, zero):
        rest = _section(text, zero)
        counts_itself = rest.high < 100 and _COUNTED.match(text, rest.end)
        if rest.has_power and rest.high < power and not counts_itself:
            return Number(most + rest.high, start, rest.end, True, least + rest.low)
    if western := re.match(r"(\d+)([百千])", text[zero:]):
        value = int(western[1]) * _POWERS[western[2]]
        return Number(most + value, start, zero + western.end(), True, least + value)
    return Number(most, start, end, True, least)


def _short_rest(text: str, at: int) -> tuple[int, int, int] | None:
    """The last digit (or two that are a range) of 一万二, 一万二三 and 3万2, and where it ends."""
    short = _SHORT_REST.match(text, at)
    if short is None:
        return None
    said = short["digits"]
    values = [int(one) if one.isdecimal() else DIGITS[one] for one in said]
    if (len(values) == 2 and not _is_range(*values)) or _COUNTED.match(text, short.end()) or not values[0]:
        return None
    return values[0], values[-1], short.end()


def _section(text: str, start: int) -> _Section:
    low = high = 0
    end, last = start, 10_000
    if tens := _TENS.get(text[start]):
        low = high = tens
        end, last = start + 1, 10
    while end < len(text):
        zero = 1 if text[end] == "零" and last < 10_000 else 0
        least, most, after = _digit(text, end + zero)
        power = _POWERS.get(text[after : after + 1], 0)
        if power and power < last and (most or power == 10):
            low, high = low + (least or 1) * power, high + (most or 1) * power
            end, last = after + 1, power
            continue
        if most and (zero or last in {10, 10_000}):
            return _Section(low + least, high + most, after, last < 10_000)
        if most and not _COUNTED.match(text, after):
            return _Section(low + least * (last // 10), high + most * (last // 10), after, True)
        break
    return _Section(low, high, end, last < 10_000)


def _digit(text: str, at: int) -> tuple[int, int, int]:
    """The digit at a place, or a range of two (五六); its ends (0 where there is none) and where it ends."""
    first, second = (DIGITS.get(text[place : place + 1], 0) for place in (at, at + 1))
    if first and second and _is_range(first, second) and text[at + 2 : at + 3] not in DIGITS:
        return first, second, at + 2
    return first, first, at + (1 if first else 0)


def _is_range(first: int, second: int) -> bool:
    """五六 and 三五 name a range; 五八 are two digits."""
    return second - first == 1 or (first, second) == (3, 5)
