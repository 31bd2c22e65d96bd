"""Digit words: every word that means one digit wherever it stands; spoken answers and redaction share them."""

import re

_WORDS = ("零〇", "一幺壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")

DIGIT_WORDS = {word: str(value) for value, words in enumerate(_WORDS) for word in words}
"""What is read as a digit anywhere; Arabic digits are not listed."""

CHECK_LETTER = r"[xXｘＸ]|叉|[埃艾爱]克斯"
"""The X at the end of an ID card, as people write and say it."""

_TIMES = {word: int(value) for word, value in DIGIT_WORDS.items() if value != "0"} | {"两": 2}
_TIMES |= {str(count): count for count in range(1, 10)}
REPEATED = rf"(?P<times>[{''.join(_TIMES)}])个(?P<repeated>(?:[\d{''.join(DIGIT_WORDS)}]|{CHECK_LETTER}))"
"""四个八, 七个零, 一个叉: how often, and what."""


def digit(said: str) -> str:
    """One digit of any script, or ``X``.

    >>> digit("幺"), digit("８"), digit("叉")
    ('1', '8', 'X')
    """
    if said in DIGIT_WORDS:
        return DIGIT_WORDS[said]
    return str(int(said)) if said.isdecimal() else "X"


def repeated(match: re.Match[str]) -> str:
    """The digits of a match of ``REPEATED``."""
    return digit(match["repeated"]) * _TIMES[match["times"]]
