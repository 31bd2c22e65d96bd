"""Spoken numbers: how a clerk says an amount, a count, a percentage or a code."""

import re
from decimal import Decimal

import cn2an

DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))

DIGITS_OF_CODES = DIGITS | {"1": "幺"}
"""One is yāo in numbers that are read digit by digit: yī and qī sound alike on a telephone."""

_LEADING_TWO = re.compile(r"^二(?=[百千万亿])|二(?=[千万亿])")
_SURE_GROUPS = {11: (3, 4, 4), 18: (6, 4, 4, 4)}
"""Mobile number, ID card number: the groups in which people say them."""


def cardinal(number: str) -> str:
    """Say "10005" as 一万零五, "2200" as 两千二百, "3.50" as 三点五零, "-5" as 负五."""
    if number.startswith("-"):
        return "负" + cardinal(number[1:])
    whole, _, decimals = number.partition(".")
    said: str = cn2an.an2cn(whole.lstrip("0") or "0", "low")
    said = _LEADING_TWO.sub("两", said)
    return f"{said}点{digit_by_digit(decimals)}" if decimals else said


def shortest(number: str) -> str:
    """Say a decimal without zeros at its end: "10.80" as 十点八, "10.00" as 十."""
    return cardinal(without_end_zeros(number))


def without_end_zeros(number: str) -> str:
    """ "10.80" as "10.8", "10.00" as "10"."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def ordinal(number: str) -> str:
    """Say a number that names and does not count: 第二百期 and 二百号 keep 二."""
    return re.sub(r"^两(?=百)", "二", cardinal(number))


def counted(number: str) -> str:
    """Say a number before a measure word: 2 is 两 there."""
    said = shortest(number)
    return "两" if said == "二" else said


def digit_by_digit(digits: str, digits_as: dict[str, str] = DIGITS) -> str:
    """Say every digit by itself."""
    return "".join(digits_as.get(character, character) for character in digits)


def year(digits: str) -> str:
    """Say "2027" as 二零二七."""
    return digit_by_digit(digits)


def code(characters: str) -> str:
    """Say a phone, card or code number digit by digit, in the groups that people use, X as 埃克斯, * as 星.

    "13800000001" is 幺三八，零零零零，零零零幺; "567X" is 五六七埃克斯; "138****0001" is 幺三八，四个星，零零零幺.
    """
    parts = re.findall(r"[0-9]+|[A-Za-z]+|\*+", characters)
    said = [_code_part(part) for part in parts]
    if "*" in characters or re.search(r"[- ]", characters.strip()):
        return "，".join(said)
    return "".join(said)


def _code_part(part: str) -> str:
    if part[0] == "*":
        return f"{counted(str(len(part)))}个星"
    if part[0].isalpha():
        return part.upper().replace("X", "埃克斯")
    return "，".join(digit_by_digit(group, DIGITS_OF_CODES) for group in _groups(part))


def _groups(digits: str) -> list[str]:
    if len(digits) <= 5:
        return [digits]
    sizes = _SURE_GROUPS.get(len(digits))
    if sizes is None:
        size = 3 if len(digits) in (6, 9) else 4
        sizes = (size,) * (-(-len(digits) // size))
    groups, start = [], 0
    for size in sizes:
        groups.append(digits[start : start + size])
        start += size
    return [group for group in groups if group]


def money(number: str) -> str:
    """Say yuan with jiao and fen: "3250.55" as 三千二百五十元五角五分, "0.05" as 五分, "3250.05" as …元零五分.

    More than two decimals (interest of one day) are said as a decimal number of yuan.
    """
    if number.startswith("-"):
        return "负" + money(number[1:])
    amount = Decimal(number)
    fen_exactly = amount * 100
    if fen_exactly != fen_exactly.to_integral_value():
        return f"{cardinal(number)}元"
    yuan, fen = divmod(int(fen_exactly), 100)
    jiao, fen = divmod(fen, 10)
    said = f"{counted(str(yuan))}元" if yuan or not (jiao or fen) else ""
    if jiao:
        said += f"{counted(str(jiao)) if not said else DIGITS[str(jiao)]}角"
    if fen:
        said += (
            "零" if said and not jiao else ""
        ) + f"{counted(str(fen)) if not said else DIGITS[str(fen)]}分"
    return said


def percentage(number: str) -> str:
    """Say "10.80" (of a hundred) as 百分之十点八; 100 is 百分之百."""
    if number.startswith("-"):
        return "负" + percentage(number[1:])
    said = ordinal(without_end_zeros(number))
    return "百分之百" if said == "一百" else f"百分之{said}"


def clock(hour: str, minute: str) -> str:
    """Say 9:00 as 九点, 18:05 as 十八点零五分, 9:30 as 九点半."""
    hours = counted(str(int(hour)))
    if int(minute) == 0:
        return f"{hours}点"
    if int(minute) == 30:
        return f"{hours}点半"
    zero = "零" if int(minute) < 10 else ""
    return f"{hours}点{zero}{cardinal(str(int(minute)))}分"
