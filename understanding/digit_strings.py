"""Digit strings: 尾号六六八八, 尾号四个八, 幺三八…, bare runs of digits, and the masks of identity digits."""

import re
from collections.abc import Iterator

from understanding.chinese_numbers import DIGITS
from understanding.found import Found

_CODE_WORDS = {"洞": 0, "拐": 7, "勾": 9}
"""How couriers and old soldiers say digits on the telephone; taken for digits beside a named tail only."""

_TIMES = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8} | {
    str(count): count for count in range(1, 9)
}
_SPOKEN = "零〇一二三四五六七八九幺两"
_DIGIT = rf"[\d{_SPOKEN}]"
_NAMED_DIGIT = rf"(?:[{''.join(_TIMES)}]个{_DIGIT}|[\d{_SPOKEN}{''.join(_CODE_WORDS)}])"
_TAIL = re.compile(
    r"(?:卡?尾号|尾数|卡尾|(?:后|末|最后)(?:面)?四(?:位|个数字?)(?:数字?)?)(?:是|为|:|：)?\s*"
    rf"(?P<digits>{_NAMED_DIGIT}(?:[\s、，,-]?{_NAMED_DIGIT}){{0,3}})(?!{_DIGIT})"
)
_REPEATED = re.compile(rf"[二两三四五六七八]个{_DIGIT}(?:[一二两三四五六七八]个{_DIGIT})*")
_BARE = re.compile(rf"(?<![\d.])\d(?:[\s-]?\d){{3,}}[xX]?|(?<!\d)\d{{3}}[xX]|[{_SPOKEN}]{{4,}}")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_ONE_OF_THEM = re.compile(
    rf"(?:(?P<times>[{''.join(_TIMES)}])个)?(?P<digit>[\dxX{_SPOKEN}{''.join(_CODE_WORDS)}])"
)
_MASKS = (
    ("phone_given", re.compile(r"〔新?手机号尾号(?P<value>\d{4})〕")),
    ("card_given", re.compile(r"〔银行卡尾号(?P<value>\d{4})〕")),
    ("id_last4_given", re.compile(r"〔证件后四位〕")),
    ("id_given", re.compile(r"〔证件号〕")),
)
_UNITS_AFTER = re.compile(r"\s*(?:块|元|个月|期|年|天|十|百|万|千|号|日|月|w|k|%|点)")
_TAIL_DIGITS = 4


def masks(text: str) -> Iterator[Found]:
    """What bot/redaction.py put in the place of identity digits; the value is the tail, or ``given``."""
    for entity, form in _MASKS:
        for match in form.finditer(text):
            yield Found(entity, match.groupdict().get("value") or "given", match.start(), match.end())


def digit_strings(text: str) -> Iterator[Found]:
    """Tails of cards, phone numbers (of which only the tail is kept) and other runs of four or more digits."""
    taken: list[tuple[int, int]] = [match.span() for _, form in _MASKS for match in form.finditer(text)]
    for entity, form in (("phone", _PHONE), ("card_tail", _TAIL), ("digits", _BARE), ("digits", _REPEATED)):
        for match in form.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            digits = _plain(match["digits"] if entity == "card_tail" else match.group())
            if not _well_formed(entity, digits, text, match):
                continue
            taken.append(match.span())
            yield Found(entity, digits[-4:] if entity == "phone" else digits, match.start(), match.end())


def _well_formed(entity: str, digits: str, text: str, match: re.Match[str]) -> bool:
    if entity == "card_tail":
        return len(digits) == _TAIL_DIGITS
    if entity == "digits":
        return len(digits) >= _TAIL_DIGITS and not _UNITS_AFTER.match(text, match.end())
    return True


def _plain(said: str) -> str:
    """1234 of 幺二三四, 8888 of 四个八."""
    return "".join(
        _sign(one["digit"]) * _TIMES.get(one["times"] or "一", 1) for one in _ONE_OF_THEM.finditer(said)
    )


def _sign(said: str) -> str:
    if said.isdecimal() or said in "xX":
        return said.upper()
    return str(DIGITS[said] if said in DIGITS else _CODE_WORDS[said])
