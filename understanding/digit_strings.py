"""Digit strings: 尾号六六八八, 幺三八…, bare runs of digits, and the masks that stand for identity digits."""

import re
from collections.abc import Iterator

from understanding.chinese_numbers import DIGITS
from understanding.found import Found

_SPOKEN = "零〇一二三四五六七八九幺两"
_RUN = rf"[\d{_SPOKEN}](?:[\s-]?[\d{_SPOKEN}])"
_TAIL = re.compile(
    rf"(?:尾号|尾数|后四位|末四位|卡尾)(?:是|为|:|：)?\s*(?P<digits>{_RUN}{{3}})(?![\d{_SPOKEN}])"
)
_BARE = re.compile(rf"(?<![\d.])\d(?:[\s-]?\d){{3,}}[xX]?|(?<!\d)\d{{3}}[xX]|[{_SPOKEN}]{{4,}}")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_MASKS = (
    ("phone_given", re.compile(r"〔手机号尾号(?P<value>\d{4})〕")),
    ("card_given", re.compile(r"〔银行卡尾号(?P<value>\d{4})〕")),
    ("id_last4_given", re.compile(r"〔证件后四位〕")),
    ("id_given", re.compile(r"〔证件号〕")),
)
_UNITS_AFTER = re.compile(r"\s*(?:块|元|个月|期|年|天|万|千|号|日|月|w|k|%|点)")


def masks(text: str) -> Iterator[Found]:
    """What bot/redaction.py put in the place of identity digits; the value is the tail, or ``given``."""
    for entity, form in _MASKS:
        for match in form.finditer(text):
            yield Found(entity, match.groupdict().get("value") or "given", match.start(), match.end())


def digit_strings(text: str) -> Iterator[Found]:
    """Tails of cards, phone numbers (of which only the tail is kept) and other runs of four or more digits."""
    taken: list[tuple[int, int]] = [match.span() for _, form in _MASKS for match in form.finditer(text)]
    for entity, form in (("phone", _PHONE), ("card_tail", _TAIL), ("digits", _BARE)):
        for match in form.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            if entity == "digits" and _UNITS_AFTER.match(text, match.end()):
                continue
            taken.append(match.span())
            digits = _plain(match["digits"] if entity == "card_tail" else match.group())
            yield Found(entity, digits[-4:] if entity == "phone" else digits, match.start(), match.end())


def _plain(said: str) -> str:
    signs = (sign for sign in said.upper() if sign.isdecimal() or sign in DIGITS or sign == "X")
    return "".join(sign if sign.isdecimal() or sign == "X" else str(DIGITS[sign]) for sign in signs)
