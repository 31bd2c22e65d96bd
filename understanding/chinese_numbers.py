"""Chinese numbers: 一万二, 三十来万, 1.5w and 二十五 as people write and say them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
    "幺": 1,
}
_POWERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000}
_MYRIAD = {"万": 10_000, "w": 10_000, "亿": 100_000_000}
_LEADING = re.compile(r"[一二两俩三四五六七八九十]")
_PLAIN_RUN = re.compile(r"[零〇一二两三四五六七八九幺]{2,}")
_WESTERN = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)([十百千万亿kw]?)(万?)")
_VAGUE = "来多几余"
_COUNTED = re.compile(r"[天年个月期号日周次笔厘分点成张%家岁]")
"""What a digit after 万 may count for itself: 一万一天 is ten thousand and one day, 一万一 is eleven thousand."""


@dataclass(frozen=True)
class Number:
    """A number found in a text."""

    value: Decimal
    start: int
    end: int
    has_power: bool
    """Whether 十, 百, 千, 万 or the like was said: 五万, but not 3000 or 五."""


def numbers(text: str) -> Iterator[Number]:
    """All numbers of a text from left to right, each as long as it can be; 一三八零 is none, but single digits."""
    place = 0
    while place < len(text):
        run = _PLAIN_RUN.match(text, place)
        if run and not _counts(text, run):
            place = run.end()
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
    if not _LEADING.match(text, start):
        return None
    value, end, has_power = _section(text, start)
    vague = 1 if has_power and text[end : end + 1] in set(_VAGUE) and text[end + 1 : end + 2] == "万" else 0
    sign = text[end + vague : end + vague + 1]
    if sign in {"万", "亿"}:
        return _with_rest(text, start, value * _MYRIAD[sign], end + vague + 1, _MYRIAD[sign])
    return Number(Decimal(value), start, end, has_power)


def _western(text: str, match: re.Match[str]) -> Number:
    value, power = Decimal(match[1].replace(",", "")), match[2]
    if not power:
        return Number(value, match.start(), match.end(1), False)
    value *= _POWERS.get(power) or _MYRIAD[power]
    if match[3]:  # 3千万
        return Number(value * 10_000, match.start(), match.end(), True)
    return _with_rest(text, match.start(), value, match.end(), _POWERS.get(power) or _MYRIAD[power])


def _with_rest(text: str, start: int, value: Decimal | int, end: int, power: int) -> Number:
    """二 of 一万二 counts thousands, 五百 of 一万零五百 counts itself, 五 of 一万零五 is five."""
    zero = end + 1 if text[end : end + 1] == "零" else end
    short = re.match(r"[一二两三四五六七八九\d](?![\d十百千万.])", text[zero:])
    if short and not _COUNTED.match(text, zero + 1):
        digit = DIGITS.get(short[0]) or int(short[0]) if short[0] != "0" else 0
        return Number(Decimal(value + digit * (1 if zero > end else power // 10)), start, zero + 1, True)
    if _LEADING.match(text, zero):
        rest, rest_end, has_power = _section(text, zero)
        if has_power and rest < power and not (rest < 100 and _COUNTED.match(text, rest_end)):
            return Number(Decimal(value + rest), start, rest_end, True)
    if western := re.match(r"(\d+)([百千])", text[zero:]):
        return Number(
            Decimal(value + int(western[1]) * _POWERS[western[2]]), start, zero + western.end(), True
        )
    return Number(Decimal(value), start, end, True)


def _section(text: str, start: int) -> tuple[int, int, bool]:
    """Value below ten thousand, its end, and whether a power was said. 三千五 is 3500, 三千零五 is 3005."""
    value, end, last = 0, start, 10_000
    while end < len(text):
        zero = 1 if text[end] == "零" and last < 10_000 else 0
        digit = DIGITS.get(text[end + zero : end + zero + 1], 0)
        after = end + zero + (1 if digit else 0)
        power = _POWERS.get(text[after : after + 1], 0)
        if power and power < last and (digit or power == 10):
            value, end, last = value + (digit or 1) * power, after + 1, power
            continue
        if digit and (zero or last in {10, 10_000}):
            return value + digit, after, last < 10_000
        if digit and not _COUNTED.match(text, after):
            return value + digit * (last // 10), after, True
        break
    return value, end, last < 10_000
