"""Spoken digits: what a caller says when he is asked for digits, homophones and repetitions included."""

import re

from voice.hearing.digit_words import DIGIT_WORDS, REPEATED, repeated

_EXACT = DIGIT_WORDS | {digit: digit for digit in "0123456789"} | {"两": "2", "X": "X", "x": "X", "叉": "X"}
_ALIKE = {
    "1": "要腰妖摇药夭耀依衣医亦",
    "2": "儿而尔耳",
    "3": "山伞散",
    "4": "是似死事使寺思斯司",
    "5": "无吴午武舞污屋物务雾",
    "6": "刘留流溜柳",
    "7": "期起企其气妻齐奇器拐漆",
    "8": "吧把爸拔巴罢",
    "9": "就久酒旧救究勾",
    "0": "林灵玲令另领临铃凌洞岭",
    "X": "差插查擦",
}
"""Characters that recognisers write for a digit; taken for digits only where digits are expected."""

_HOMOPHONES = {char: digit for digit, chars in _ALIKE.items() for char in chars}
_LETTER_X = re.compile(r"[埃艾爱挨哎][克客可]?[斯丝思司四]|ex|EX|Ex")
_REPEAT = re.compile(REPEATED)
_SPACES = re.compile(r"[\s,，。、.．…!！?？\-—]+")
_CORRECTED = re.compile(r"不对|不是|错了|说错|应该是")
_PHONE = re.compile(r"1[3-9]\d{9}")
_IDENTITY_END = re.compile(r"\d{3}[\dX]")


def spoken_digits(text: str, count: int | None) -> str | None:
    """Return the digits that were said (``X`` for the last of an ID card), or None where nothing looks like them.

    With ``count`` a run of that length is preferred; after 不对, only what follows is looked at. A run must hold
    at least as many true numerals as homophones, so that 就是要这个 is not taken for digits.
    """
    runs = _runs(_SPACES.sub("", _REPEAT.sub(repeated, _LETTER_X.sub("X", _after_correction(text)))))
    if not runs:
        return None
    if count is None:
        return max(runs, key=len)
    fitting = [run for run in runs if len(run) == count] or [run for run in runs if len(run) >= min(count, 3)]
    return fitting[-1] if fitting else None


def well_formed(digits: str, count: int | None) -> bool:
    """Return whether these digits can be what was asked for: a mobile number, the end of an ID card."""
    if count == 11:
        return _PHONE.fullmatch(digits) is not None
    if count == 4:
        return _IDENTITY_END.fullmatch(digits) is not None
    return digits.isdigit() and (count is None or len(digits) == count)


def completed_phone(digits: str) -> str | None:
    """Return a mobile number whose beginning or zeros were misheard, or None where it cannot be told.

    Every mobile number begins with 1, and recognisers lose count in 零零零零零零零: a lost or wrong first digit
    and up to three lost zeros are put back. The bot reads the number back before it counts.
    """
    if not 7 <= len(digits) <= 11 or not digits.isdigit():
        return None
    if digits[0] != "1":
        digits = "1" + (digits[1:] if digits[1] in "3456789" and len(digits) > 10 else digits)
    zeros = max(re.findall("0+", digits), key=len, default="")
    lost = 11 - len(digits)
    if 1 <= lost <= 3 and len(zeros) >= 3:
        digits = digits.replace(zeros, zeros + "0" * lost, 1)
    return digits if well_formed(digits, 11) else None


def with_digits(text: str, count: int | None) -> str:
    """Return the digits of an answer alone (尾号是幺二三四 becomes 1234), or the text where there are none."""
    return spoken_digits(text, count) or text


def _after_correction(text: str) -> str:
    ends = [match.end() for match in _CORRECTED.finditer(text)]
    rest = text[ends[-1] :] if ends else text
    return rest if _runs(_SPACES.sub("", rest)) else text


def _runs(text: str) -> list[str]:
    """Return the stretches of digits and homophones, trimmed to begin and end sensibly, longest stretch rules."""
    runs, run, exact = [], "", 0
    for char in text + "\n":
        digit = _EXACT.get(char) or (_HOMOPHONES.get(char) if char != "\n" else None)
        if digit is not None:
            run += char
            exact += char in _EXACT
            continue
        runs.append((run, exact))
        run, exact = "", 0
    return [_read(run) for run, exact in runs if exact >= 2 and exact * 2 >= len(run)]


def _read(run: str) -> str:
    """Drop homophones that stand before the digits (是一二三四): there they are words more often than digits."""
    start = 0
    if len(run) > 1 and run[0] == "是":
        start = 1
    return "".join(_EXACT.get(char) or _HOMOPHONES[char] for char in run[start:])
