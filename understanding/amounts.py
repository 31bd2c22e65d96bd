"""Amounts of money: 五万块, 一万二, 三十来万, 1.5w, 21000元, 三块二毛五; the value is integer fen."""

import re
from collections.abc import Iterator

from understanding.chinese_numbers import DIGITS, Number, numbers
from understanding.found import Found

_UNIT = re.compile(r"(?:多|来|几|左右)?\s*(?P<unit>块钱|元钱|块|元|圆|人民币|rmb)(?:整)?")
_DIGIT = r"[一二两三四五六七八九1-9]"
_ALONE = r"(?=$|[\s，。,.!?？的吧呢了钱整]|左右)"
"""三块二 is 3.20, but the 一 of 五万块一天 counts days."""

_SMALL = re.compile(
    rf"(?:零|又)?(?P<jiao>{_DIGIT})(?:[毛角](?:(?P<fen>{_DIGIT})分?{_ALONE})?|{_ALONE})"
    rf"|零?(?P<only_fen>{_DIGIT})分{_ALONE}"
)
_UNDER_A_YUAN = re.compile(
    rf"(?<![{_DIGIT[1:-1]}块元十])(?P<jiao>{_DIGIT})[毛角](?!不|的?利)(?P<fen>{_DIGIT})?(?:分|钱|{_ALONE})"
)
_OTHER_UNIT = re.compile(
    r"(?:[来多几余])?\s*(?:个(?!人|体)|月(?!底|初|末|息|利|供)|期(?!限|数|间)|天(?!天)|号(?!码)|日(?!息|利)"
    r"|年(?!底|前|初|末|化|利|息)|点(?!钱)|分钟|小时|%|厘|成(?!本|功|吗|不|么|行|交|了|吧|[，。,]|$)|次|笔(?!钱)|张|岁"
    r"|位|人(?!家|民)|家(?!里|用|具|装|人|庭)|楼|后(?!天)|周(?!转|末|[一二三四五六日])|星期|平(?!安|时|常|台)|度|公里|米(?![粉线面])"
    r"|斤|字|乘|电话|热线|行(?=$|业))"
)
"""What else is counted; 五万周转, 三万家里用 and 十万年底还 are money all the same."""

_BEFORE_OTHER = re.compile(
    r"(?:尾号|卡号|账号|验证码|工号|号码|第|百分之|千分之|万分之"
    r"|月息|年化|年利率|利率|日息)(?:是|为)?\s*$"
)
_GOAL = re.compile(r"(?:借|贷|要|批|给我|提到|到|还|周转|额度|金额|资金|想|[¥￥])[个了款点到]{0,2}\s*$")
_HIGHEST_YUAN = 100_000_000


def amounts(text: str) -> Iterator[Found]:
    """Numbers that speak of money: by 块 or 元, by 百, 千 or 万, or bare ones of three to seven digits."""
    found = list(numbers(text))
    for place, number in enumerate(found):
        unit = _UNIT.match(text, number.end)
        follower = found[place + 1] if place + 1 < len(found) else None
        if unit is None and (not _speaks_of_money(text, number) or _is_lower_bound(text, number, follower)):
            continue
        fen, end = int(number.value * 100), unit.end() if unit else number.end
        if unit and (small := _SMALL.match(text, end)):
            fen, end = fen + _small_fen(small), small.end()
        if 0 < fen <= _HIGHEST_YUAN * 100:
            yield Found("amount", fen, number.start, end)
    for small in _UNDER_A_YUAN.finditer(text):
        yield Found("amount", _small_fen(small), small.start(), small.end())


def _small_fen(said: re.Match[str]) -> int:
    parts = said.groupdict()
    return sum(
        _digit(parts[name]) * fen
        for name, fen in (("jiao", 10), ("fen", 1), ("only_fen", 1))
        if parts.get(name)
    )


def _digit(said: str | None) -> int:
    return 0 if said is None else int(said) if said.isdecimal() else DIGITS[said]


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
    """三, 五万: the first figure of two is not an amount by itself."""
    return follower is not None and follower.start == number.end and number.value < 10
