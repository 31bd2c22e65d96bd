"""Digit sayings: digits as callers dictate them, more ways than the test sets hold, and the labels they teach."""

import random
import re

from voice.hearing.digit_head import LABELS, OTHER

_NUMERALS = "零一二三四五六七八九"

_LEADS = (
    *(
        "尾号是",
        "尾号",
        "我的尾号是",
        "后四位是",
        "后四位",
        "最后四位是",
        "我的后四位是",
        "是",
        "嗯，",
        "哦，",
    ),
    *("身份证后四位是", "身份证尾号是", "我的身份证后四位是", "身份证号最后四位是", "那个，", "你记一下，"),
    *("手机号是", "手机号", "我的号码是", "我的手机号是", "电话是", "我的电话是", "号码是", "我的手机"),
)
"""What callers say first; the 四 of 后四位是 is no digit that was asked for."""

_TAILS = ("", "", "", "", "", "", "", "", "对", "，就这个", "，谢谢", "没错")

_COUNTS = (4,) * 13 + (11,) * 4 + (3, 5, 6, 7, 8)
"""Mostly endings; parts of numbers besides."""

_CUTS = {4: ((2,), (2,), (1, 2, 3), (1,), (3,)), 11: ((3, 7), (3, 7), (3, 6, 9), (3, 6), (3,), (7,))}


def dictated(chance: random.Random) -> str:
    """Digits in one breath or in groups, with or without words around them, 幺 and 一, X in three ways."""
    digits = _digits(chance)
    ones = chance.choice(("幺", "幺", "幺", "一", "一", "幺一"))
    said = [chance.choice(ones) if digit == "1" else _said(digit, chance) for digit in digits]
    if chance.random() < 0.3:
        for cut in sorted(_cuts(len(said), chance), reverse=True):
            said.insert(cut, "，")
    lead = chance.choice(_LEADS) if chance.random() < 0.35 else ""
    return lead + "".join(said) + chance.choice(_TAILS)


def labels_of(text: str) -> tuple[int, ...]:
    """Return the digit head's labels of a spoken text, in order: a character that is no digit is any other one."""
    lead = max((one for one in _LEADS if text.startswith(one)), key=len, default="")
    others, rest = _syllables(lead), _syllables(text[len(lead) :])
    return (OTHER,) * len(others) + tuple(
        LABELS.index(char) if char in LABELS[1:OTHER] else OTHER for char in rest
    )


def digits_in(text: str) -> int:
    """Return how many of the labels are digits."""
    return sum(label != OTHER for label in labels_of(text))


def _syllables(text: str) -> str:
    return re.sub(r"[^\u4e00-\u9fffX]", "", text)


def _digits(chance: random.Random) -> list[str]:
    count = chance.choice(_COUNTS)
    digits = [chance.choice("0123456789") for _ in range(count)]
    if chance.random() < 0.4:  # runs are what is counted wrong
        length = chance.choice((2, 2, 2, 3, 3, 4))
        start = chance.randrange(max(1, count - length + 1))
        digits[start : start + length] = [digits[start]] * len(digits[start : start + length])
    if count == 11:
        digits[0] = "1"
        digits[1] = chance.choice("3456789")
    if count == 4 and chance.random() < 0.2:
        digits[3] = "X"
    return digits


def _said(digit: str, chance: random.Random) -> str:
    if digit == "X":
        return chance.choice(("X", "X", "X", "叉"))
    return _NUMERALS[int(digit)]


def _cuts(count: int, chance: random.Random) -> tuple[int, ...]:
    return chance.choice(_CUTS[count]) if count in _CUTS else (chance.randrange(1, count),)
