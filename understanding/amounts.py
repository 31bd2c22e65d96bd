"""Amounts of money: 五万块, 一万二, 三十来万, 1.5w, 21000元; the value is integer fen."""

import re
from collections.abc import Iterator

from understanding.chinese_numbers import DIGITS, Number, numbers
from understanding.found import Found

_UNIT = re.compile(
    r"(?:多|来|几|左右)?\s*(?P<unit>块钱|元钱|块|元|圆|人民币|rmb)(?:整)?"
    r"(?P<small>[一二两三四五六七八九\d]毛)?"
)
_OTHER_UNIT = re.compile(
    r"(?:[来多几余])?\s*(?:个?月|期|天|号|日|年|点|分钟|小时|%|厘|成|次|笔|张|个|岁|位|人|家|楼|后|周|星期|平|度|公里|斤)"
)
_BEFORE_OTHER = re.compile(
    r"(?:尾号|卡号|账号|验证码|工号|号码|第|百分之|千分之|万分之"
    r"|月息|年化|年利率|利率|日息)(?:是|为)?\s*$"
)
_GOAL = re.compile(r"(?:借|贷|要|批|给我|提到|到|还|周转|额度|金额|资金|想)[个了款点到]{0,2}$")
_HIGHEST_YUAN = 100_000_000


def amounts(text: str) -> Iterator[Found]:
    """Numbers that speak of money: by 块 or 元, by 百, 千 or 万, or bare ones of three to seven digits."""
    found = list(numbers(text))
    for place, number in enumerate(found):
        unit = _UNIT.match(text, number.end)
        follower = found[place + 1] if place + 1 < len(found) else None
        if unit is None and (not _speaks_of_money(text, number) or _is_lower_bound(text, number, follower)):
            continue
        fen = int(number.value * 100)
        end = unit.end() if unit else number.end
        if unit and unit["small"]:
            fen += 10 * (DIGITS.get(unit["small"][0]) or int(unit["small"][0]))
        if 0 < fen <= _HIGHEST_YUAN * 100:
            yield Found("amount", fen, number.start, end)


def _speaks_of_money(text: str, number: Number) -> bool:
    before = text[: number.start]
    if _BEFORE_OTHER.search(before) or _OTHER_UNIT.match(text, number.end):
        return False
    if number.has_power:
        return number.value >= 100 or (number.value >= 10 and bool(_GOAL.search(before)))
    if number.value != int(number.value) or number.value < 100:
        return False
    is_all = not re.sub(r"[\s。，,.!?]", "", before + text[number.end :]) and number.value >= 10_000
    is_round = number.value % 100 == 0
    return number.value < 10_000_000 and (is_round or is_all or bool(_GOAL.search(before)))


def _is_lower_bound(text: str, number: Number, follower: Number | None) -> bool:
    """一两万, 三五千: the first figure of two is not an amount by itself."""
    return follower is not None and follower.start == number.end and number.value < 10
