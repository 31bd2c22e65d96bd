"""Interest rates: 年化10.8%, 月息三厘五, 两分利, 日息万五; the value is the share as a decimal fraction in text."""

import re
from collections.abc import Iterator
from decimal import Decimal

from understanding.chinese_numbers import DIGITS, number_at
from understanding.found import Found

_NUMBER = r"(?P<number>\d+(?:\.\d+)?|[零一二两三四五六七八九十]+(?:点[零一二三四五六七八九]+)?)"
_COPULA = r"(?:是|为|按|大概|差不多|利率|利息|不超过|不高于|不到|超过|低于|高于|才|只有|能到|到|得|要|有)*\s*"
_PERIOD = (
    r"(?P<period>年化利率|年利率|年化|年息|年利|年|月利率|月息|月利|月|日利率|日息|日|天|每[年月天日]|每个月"
    rf"|(?<![借贷分用期])一(?:年|天|个月))?{_COPULA}"
)
_LATER = r"(?:的(?P<later>年化|年利率|年息|月利率|月息|日利率|日息))?"
_NAMED = r"(?P<period>年化利率|年利率|年化|月息|月利率|日息|日利率|年息|利息|每天|一天|每个月|每月|一个月)"
_OF_LI = r"(?P<next>[一二三四五六七八九1-9](?![\d十百千万分厘年天个期]))?"
_LI = rf"{_NUMBER}厘{_OF_LI}"
_FEN = rf"(?!十分(?!利|息)){_NUMBER}分{_OF_LI}"
_FORMS = (
    (re.compile(_PERIOD + _NUMBER + r"\s*(?:%|个点|个百分点)" + _LATER), Decimal("0.01")),
    (re.compile(_PERIOD + r"百分之" + _NUMBER + _LATER), Decimal("0.01")),
    (re.compile(_PERIOD + r"千分之" + _NUMBER + _LATER), Decimal("0.001")),
    (re.compile(_PERIOD + r"万分之" + _NUMBER + _LATER), Decimal("0.0001")),
    (re.compile(r"(?P<period>日息|日利率|每天|一天|天)" + _COPULA + "万" + _NUMBER), Decimal("0.0001")),
    (re.compile(r"万" + _NUMBER + r"的(?P<later>日息|日利率)"), Decimal("0.0001")),
    (re.compile(_PERIOD + _LI + _LATER), Decimal("0.001")),
    (re.compile(_PERIOD + _FEN + r"(?:的?利息?|息|钱利)"), Decimal("0.01")),
    (re.compile(_NAMED + _COPULA + _FEN + r"(?!钱|不|没|都|也)"), Decimal("0.01")),
    (
        re.compile(rf"(?P<period>年化利率|年利率|年化){_COPULA}{_NUMBER}(?![\d十百千万分厘个期月年天块元%])"),
        Decimal("0.01"),
    ),
)
_ROLES = {"年": "annual", "月": "monthly", "日": "daily", "天": "daily"}
_TEN_OF_THEM = {"annual": Decimal(10), "daily": Decimal("0.1")}
"""厘 and 分 follow the period: 年息一厘 is 1 %, 月息一厘 0.1 %, 日息一厘 0.01 %."""


def rates(text: str) -> Iterator[Found]:
    """Shares said as percent, per mille, 厘 or 分; the role is ``annual``, ``monthly``, ``daily`` or none."""
    for form, unit in _FORMS:
        for match in form.finditer(text):
            parts = match.groupdict()
            role = _role(parts.get("period") or parts.get("later") or "")
            number = _decimal(match["number"])
            if "next" in parts:
                number += _tenths(parts["next"])
                number *= _TEN_OF_THEM.get(role or "", Decimal(1))
            share = (number * unit).normalize()
            yield Found("rate", f"{share:f}", match.start(), match.end(), role)


def _role(period: str) -> str | None:
    """The first sign that names a span of time: 一个月 is monthly, 每天 daily."""
    return next((_ROLES[sign] for sign in period if sign in _ROLES), None)


def _tenths(said: str | None) -> Decimal:
    """五 of 一厘五."""
    if said is None:
        return Decimal(0)
    return Decimal(int(said) if said.isdecimal() else DIGITS[said]) / 10


def _decimal(said: str) -> Decimal:
    if said[0].isdigit():
        return Decimal(said)
    whole, _, fraction = said.partition("点")
    number = number_at(whole, 0)
    value = number.value if number else Decimal(0)
    return value + Decimal(
        "0." + "".join(str("零一二三四五六七八九".index(d)) for d in fraction) if fraction else 0
    )
