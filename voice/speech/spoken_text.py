"""Spoken text: a written clause as a clerk would say it: money, dates, rates, codes, counts."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from voice.speech import spoken_numbers as say

NUMBER = (
    r"(?<![0-9.A-Za-z])(?:(?<![0-9元期个月日天年%％)])-)?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
)
"""A figure with its sign; a minus between two figures is a range and no sign."""

PLAIN = r"[0-9]+(?:\.[0-9]+)?"
DASHES = "[-~～—–－]+"

MEASURES = (
    "个月|个工作日|工作日|个|期|次|天|年|小时|分钟|秒钟|位|笔|家|张|人|岁|周|倍|块钱|块|条|份|项|种|遍|步|成|名|户|段|声|句|"
    "点(?!击|开)|亩|台|辆|件|套|间|季度|半年|刻钟|斤|公斤|公里|米|单|轮|档|代"
)
"""Words before which 2 is 两; 号, 日, 月, 楼, 级 are not among them: they make it an ordinal."""

CODE_WORDS = (
    "尾号|末尾|末四位|后四位|末位|卡号|账号|编号|单号|登记号|流水号|合同号|工号|受理号|"
    "验证码|手机号|手机|电话|热线|号码|身份证号|身份证|证件号|拨打"
)
"""Words after which a number is a code and is said digit by digit."""


@dataclass(frozen=True)
class Rule:
    """One kind of written figure and how it is said."""

    pattern: re.Pattern[str]
    say: Callable[[re.Match[str]], str]


def _n(text: str) -> str:
    return text.replace(",", "")


def _quoted(match: re.Match[str]) -> str:
    inside = match["inside"]
    if re.fullmatch(r"[0-9A-Za-z*\- ]*[0-9*][0-9A-Za-z*\- ]*", inside):
        return say.code(inside)
    return _apply(inside)


def _date(match: re.Match[str]) -> str:
    year = f"{say.year(match['y'])}年" if match["y"] else ""
    day = f"{say.cardinal(match['d'])}{match['unit']}" if match["d"] else ""
    return f"{year}{say.cardinal(match['m'])}月{day}"


def _iso_date(match: re.Match[str]) -> str:
    month, day = say.cardinal(str(int(match["m"]))), say.cardinal(str(int(match["d"])))
    return f"{say.year(match['y'])}年{month}月{day}日"


def _money(match: re.Match[str]) -> str:
    number = _n(match["n"])
    said = f"{say.counted(number)}{match['big']}元" if match["big"] else say.money(number)
    return f"每{match['per']}{said}" if match["per"] else said


def _big(match: re.Match[str]) -> str:
    return f"{say.counted(_n(match['n']))}{match['big']}"


def _range(match: re.Match[str]) -> str:
    unit = match["unit"]
    low = match["low"] + (match["low_unit"] or unit)
    separate = match["low_unit"] or unit in "%％" or unit.startswith("元")
    if separate:
        return f"{_apply(low)}到{_apply(match['high'] + unit)}"
    return f"{say.counted(_n(match['low']))}到{_apply(match['high'] + unit)}"


def _choices(match: re.Match[str]) -> str:
    *before, last = match["list"].split("/")
    return "、".join(say.cardinal(number) for number in before) + "、" + _apply(last + match["unit"])


def _count(match: re.Match[str]) -> str:
    return say.counted(_n(match["n"])) + match["unit"]


def _rule(pattern: str, how: Callable[[re.Match[str]], str]) -> Rule:
    return Rule(re.compile(pattern), how)


RANGED = rf"%|％|万元|亿元|元|万|{MEASURES}|日|号|月"

CODE = (
    r"[0-9]{17}[0-9Xx]|[0-9]{15,}|[0-9]{3}X|1[3-9][0-9]{9}"
    r"|[48]00-?[0-9]{3}-?[0-9]{4}|0[0-9]{2,3}-[0-9]{7,8}|95[0-9]{3}"
)
"""ID card and bank card numbers, the end of an ID card, mobile numbers, hotlines, land lines, banks' short numbers."""

MASKED_OR_LETTERED_CODE = r"1[0-9]{2}\*+[0-9]+|\*{2,}[0-9]+|[A-Z]{1,3}-?[0-9]{4,}|0[0-9]+"
MONTH = r"0?[1-9]|1[0-2]"
DAY = r"0?[1-9]|[12][0-9]|3[01]"
PER = r"(?:/(?P<per>期|月|天|日|年))?"

RULES = (
    _rule(r"「(?P<inside>[^「」]*)」", _quoted),
    _rule(
        r"(?<![0-9])(?P<h>[01]?[0-9]|2[0-4])[:：](?P<min>[0-5][0-9])(?::[0-5][0-9])?(?![0-9])",
        lambda match: say.clock(match["h"], match["min"]),
    ),
    _rule(
        rf"(?P<word>(?:{CODE_WORDS})(?:为|是|：|:)?\s*)(?P<code>[0-9*][0-9*\-]*[0-9*][Xx]?)"
        r"(?![0-9.]|[年月日期个位次元分天小秒块万笔])",
        lambda match: match["word"] + say.code(match["code"]),
    ),
    _rule(
        rf"(?<![0-9.])(?P<code>{CODE})(?![0-9.]|\s*(?:元|万|亿|%|块|{MEASURES}))",
        lambda match: say.code(match["code"]),
    ),
    _rule(
        rf"(?<![0-9.,:：/*A-Za-z\-])(?P<code>{MASKED_OR_LETTERED_CODE})(?![0-9.,:：年月日%])",
        lambda match: say.code(match["code"]),
    ),
    _rule(
        rf"(?<![0-9])(?P<y>[12][0-9]{{3}})(?P<s>[-/.])(?P<m>{MONTH})(?P=s)(?P<d>{DAY})(?![0-9])", _iso_date
    ),
    _rule(
        rf"(?<![0-9])(?:(?P<y>[12][0-9]{{3}})\s*年\s*)?(?P<m>{MONTH})\s*月\s*"
        rf"(?:(?P<d>{DAY})\s*(?P<unit>日|号))?",
        _date,
    ),
    _rule(r"(?<![0-9.])(?P<y>(?:19|20)[0-9]{2})(?=年(?!以|期|的|内|后))", lambda match: say.year(match["y"])),
    _rule(
        rf"(?P<low>(?<![0-9.]){PLAIN})\s*(?P<low_unit>%|％|万元|亿元|元|万|日|号|月|期|个月|天|年)?"
        rf"(?:{DASHES})\s*(?P<high>{PLAIN})\s*(?P<unit>{RANGED})",
        _range,
    ),
    _rule(r"(?P<list>[0-9]+(?:/[0-9]+)+)(?P<unit>期|个月|天|年)", _choices),
    _rule(
        r"(?<![0-9/.])(?P<part>[0-9]+)/(?P<whole>[0-9]+)(?![0-9/.])",
        lambda match: f"{say.cardinal(match['whole'])}分之{say.cardinal(match['part'])}",
    ),
    _rule(rf"(?P<n>{NUMBER})\s*[%％]", lambda match: say.percentage(_n(match["n"]))),
    _rule(rf"(?P<n>{NUMBER})\s*‰", lambda match: f"千分之{say.shortest(_n(match['n']))}"),
    _rule(rf"(?P<n>{NUMBER})\s*‱", lambda match: f"万分之{say.shortest(_n(match['n']))}"),
    _rule(rf"(?:[¥￥]|人民币)\s*(?P<n>{NUMBER})(?P<big>万|亿)?元?{PER}", _money),
    _rule(rf"(?P<n>{NUMBER})\s*(?P<big>万|亿)?元{PER}", _money),
    _rule(rf"(?P<n>{NUMBER})\s*(?P<big>万|亿)", _big),
    _rule(r"第(?P<n>[0-9]+)", lambda match: "第" + say.ordinal(match["n"])),
    _rule(rf"(?P<n>{NUMBER})\s*(?P<unit>{MEASURES})", _count),
    _rule(r"(?<=[0-9])\s*[×x]\s*(?=[0-9])", lambda match: "乘"),
    _rule(rf"(?P<n>{NUMBER})(?![0-9./A-Za-z])", lambda match: say.ordinal(_n(match["n"]))),
    _rule(rf"(?<=[日号月年元点分半期])\s*(?:{DASHES})\s*(?=[零一二三四五六七八九十两])", lambda match: "到"),
)
"""Tried in this order over the whole clause; what one has said holds no digits and is safe from the next."""

SYMBOLS = {
    **{"+": "加", "×": "乘", "=": "等于", "&": "和", "≤": "不超过", "≥": "不低于"},
    **{"＜": "小于", "<": "小于", "＞": "大于", ">": "大于"},
    **{",": "，", "?": "？", "!": "！", ";": "；", ":": "：", "\n": "，"},
}
"""Signs that are said as words, and ASCII punctuation as its full-width form."""

_UNSPEAKABLE = re.compile(r"[^\u4e00-\u9fffA-Za-z，。？！；：、…—]")
_LEFT_OVER = re.compile(r"[0-9]+(?:\.[0-9]+)*")
"""What no rule knows (A4, version 2.0): a clerk reads it out digit by digit."""


@lru_cache(maxsize=4096)
def spoken(text: str) -> str:
    """Return the clause in Chinese characters, letters and ，。？！；：、 only; no digit is left.

    "您本期应还3250.55元，" is 您本期应还三千二百五十元五角五分，. What is said already stays as it is.
    """
    said = _apply(text)
    said = _LEFT_OVER.sub(lambda match: say.digit_by_digit(match[0].replace(".", "点")), said)
    for symbol, word in SYMBOLS.items():
        said = said.replace(symbol, word)
    said = re.sub(r"(?<![A-Za-z0-9])\.(?![0-9])", "。", said)
    return re.sub(r"，{2,}", "，", _UNSPEAKABLE.sub("", said))


def _apply(text: str) -> str:
    for rule in RULES:
        text = rule.pattern.sub(rule.say, text)
    return text
