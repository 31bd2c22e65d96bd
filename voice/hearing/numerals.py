"""Numerals: spoken Chinese numbers to digits, and digits to the characters that are spoken."""

import re

DIGITS = "零一二三四五六七八九"

_VALUES = {char: index for index, char in enumerate(DIGITS)} | {"〇": 0, "幺": 1, "两": 2, "俩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_SECTIONS = {"万": 10_000, "亿": 100_000_000}
_ONE = "[零〇一二三四五六七八九两幺]"
_NUMBER = re.compile(r"[零〇一二三四五六七八九十百千万亿两]+(?:点[零〇一二三四五六七八九]+[万亿]?)?")
_DIGIT_RUN = re.compile(f"{_ONE}{{4,}}")
_SCALED = re.compile(
    r"(\d+(?:\.\d+)?)([万亿千百])(?:([1-9一二三四五六七八九])(?![\d零一二三四五六七八九十百千万亿点.]))?"
)
"""5万, 1.5万 and 12万5, where the last digit counts thousands."""

_NEXT_NUMBER = re.compile(r"(?<=[百千万亿])([\d一二三四五六七八九两])(?=[年期天]|个月)")
"""The 三 of 二十万三年 begins another number."""

_DATE_PART = re.compile(r"([一二三四五六七八九十]{1,3})(?=[月日号期])")
_YEAR = re.compile(f"({_ONE}{{2,4}})(?=年)")
_NO_NUMBER = re.compile(
    r"万一|千万[别不要]|百分之|一点(?![零〇一二三四五六七八九])|一[下起样直些定切共般]|[一二三四五六七八九两]{2}[十百千万]"
)
"""Numerals that mean no number, and vague ones (两三万), which stay as they were said."""


def parse_number(text: str) -> int | None:
    """Return the value of a spoken whole number (三百零五万, 两千三, 一二三); None where it is none."""
    if not text or any(char not in _VALUES and char not in _UNITS and char not in _SECTIONS for char in text):
        return None
    if all(char in _VALUES for char in text):
        return int("".join(str(_VALUES[char]) for char in text))
    total, section, digit, last_unit, after_zero = 0, 0, None, 1, False
    for char in text:
        if char in _VALUES:
            after_zero = after_zero or _VALUES[char] == 0
            digit = _VALUES[char]
        elif char in _UNITS:
            section += (1 if digit is None else digit) * _UNITS[char]
            digit, last_unit, after_zero = None, _UNITS[char], False
        else:
            value = section + (digit or 0)
            if value == 0 and total == 0:
                return None
            total = (total + value) * _SECTIONS[char] if char == "亿" else total + value * _SECTIONS[char]
            section, digit, last_unit, after_zero = 0, None, _SECTIONS[char], False
    if digit is not None:  # 两千三 is 2300, 三万五 is 35000, but 两千零三 is 2003
        section += digit * (1 if after_zero or last_unit == 1 else max(last_unit // 10, 1))
    return total + section


def digit_runs(text: str) -> str:
    """Write codes spoken digit by digit as digits: four numerals or more in a row (幺三八零… , 二零二六年)."""
    return _DIGIT_RUN.sub(lambda match: "".join(str(_VALUES[char]) for char in match.group()), text)


def amounts(text: str) -> str:
    """Write the numbers of an answer about money or length as digits: 五万块 becomes 50000块, 三年 3年.

    With an Arabic part before the unit (5万) the unit is multiplied in as well.
    """
    text = _SCALED.sub(_scaled, _NEXT_NUMBER.sub(r"，\1", text))
    return _NUMBER.sub(lambda match: _as_digits(match, text), digit_runs(text))


def dates(text: str) -> str:
    """Write the numbers of an answer about a day as digits: 十二月十五号 becomes 12月15号."""
    text = _YEAR.sub(lambda match: "".join(str(_VALUES[char]) for char in match.group(1)), text)
    return _DATE_PART.sub(lambda match: str(parse_number(match.group(1)) or match.group(1)), text)


def _scaled(match: re.Match[str]) -> str:
    scale = _SECTIONS.get(match.group(2)) or _UNITS[match.group(2)]
    whole, _, fraction = match.group(1).partition(".")
    value, rest = divmod(int(whole + fraction) * scale, 10 ** len(fraction))
    last = match.group(3)
    if last:
        value += (int(last) if last.isascii() else _VALUES[last]) * scale // 10
    return match.group() if rest else str(value)


def _as_digits(match: re.Match[str], text: str) -> str:
    spoken = match.group()
    if _NO_NUMBER.match(text, match.start()):
        return spoken
    if text[max(match.start() - 3, 0) : match.start()] == "百分之":
        return spoken
    whole, _, fraction = spoken.partition("点")
    value = parse_number(whole)
    if value is None:
        return spoken
    decimals = "".join(str(_VALUES[char]) for char in fraction.rstrip("万亿"))
    if fraction[-1:] in _SECTIONS:
        return _SCALED.sub(_scaled, f"{value}.{decimals}{fraction[-1]}")
    return f"{value}.{decimals}" if decimals else str(value)


def written_out(text: str) -> str:
    """Write every Arabic number as the characters that are spoken, so that two transcripts can be compared.

    Years, codes of five digits or more and numbers with a leading zero go digit by digit; others as numbers.
    """
    text = re.sub(r"\d{1,3}(?:[,，]\d{3})+(?!\d)", lambda match: _grouped(match.group()), text)
    text = re.sub(r"(\d+(?:\.\d+)?)[%％]", lambda match: "百分之" + match.group(1), text)
    text = re.sub(r"\d{4}(?=年)", lambda match: _one_by_one(match.group()), text)
    return re.sub(r"\d*(?:\.\d+)|\d+", lambda match: _number_or_code(match.group()), text)


def amounts_written_out(text: str) -> str:
    """Write every amount, however it was written (5万, 50000, 十二万五), as the same spoken number."""
    return re.sub(r"\d*\.?\d+", lambda match: _amount_spoken(match.group()), amounts(_ungrouped(text)))


def _ungrouped(text: str) -> str:
    return re.sub(r"(?<=\d)[,，](?=\d{3}(?!\d))", "", text)


def _amount_spoken(number: str) -> str:
    whole, _, fraction = number.partition(".")
    fraction = fraction.rstrip("0")
    return _spoken_number(whole or "0") + ("点" + _one_by_one(fraction) if fraction else "")


def digits_written_out(text: str) -> str:
    """Write Arabic digits one by one as characters, as in a telephone number; 幺 counts as 一."""
    return _one_by_one(text).replace("幺", "一").replace("〇", "零")


def _one_by_one(text: str) -> str:
    return "".join(DIGITS[int(char)] if char in "0123456789" else char for char in text)


def _grouped(number: str) -> str:
    return _spoken_number(number.replace(",", "").replace("，", ""))


def _number_or_code(number: str) -> str:
    whole, _, fraction = number.partition(".")
    code = len(whole) > 4 or (len(whole) > 1 and whole[0] == "0")
    spoken = _one_by_one(whole) if code else _spoken_number(whole) if whole else ""
    return spoken + ("点" + _one_by_one(fraction) if fraction else "")


def _spoken_number(number: str) -> str:
    """三百零五千… are never written: sections of four digits, 万 and 亿 between them."""
    value = int(number)
    if value == 0:
        return "零"
    sections: list[str] = []
    for unit in ("", "万", "亿", "万亿"):
        value, section = divmod(value, 10_000)
        if section:
            gap = bool(value) and section < 1000
            sections.insert(0, ("零" if gap else "") + _spoken_section(section) + unit)
        elif sections and not sections[0].startswith("零") and value:
            sections[0] = "零" + sections[0]
    spoken = "".join(sections)
    return spoken[1:] if spoken.startswith("一十") else spoken


def _spoken_section(section: int) -> str:
    spoken, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, section = divmod(section, unit)
        if digit:
            spoken += ("零" if zero else "") + DIGITS[digit] + name
            zero = False
        elif spoken:
            zero = True
    return spoken
