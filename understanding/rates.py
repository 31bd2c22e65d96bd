"""Interest rates: 年化10.8%, 三厘, 两分利, 万分之五; the value is the share as a decimal fraction in text."""

import re
from collections.abc import Iterator
from decimal import Decimal

from understanding.chinese_numbers import number_at
from understanding.found import Found

_NUMBER = r"(?P<number>\d+(?:\.\d+)?|[零一二两三四五六七八九十]+(?:点[零一二三四五六七八九]+)?)"
_PERIOD = r"(?P<period>年化利率|年利率|年化|年息|年|月利率|月息|月|日利率|日息|日|天)?(?:是|为|按|大概|利率|利息)*\s*"
_FORMS = (
    (re.compile(_PERIOD + _NUMBER + r"\s*(?:%|个点|个百分点)"), Decimal("0.01")),
    (re.compile(_PERIOD + r"百分之" + _NUMBER), Decimal("0.01")),
    (re.compile(_PERIOD + r"千分之" + _NUMBER), Decimal("0.001")),
    (re.compile(_PERIOD + r"万分之" + _NUMBER), Decimal("0.0001")),
    (re.compile(_PERIOD + _NUMBER + r"厘"), Decimal("0.001")),
    (re.compile(_PERIOD + _NUMBER + r"分(?=利|息|的利|钱利)利?息?"), Decimal("0.01")),
    (re.compile(r"(?P<period>月息|日息|年息)" + _NUMBER + r"分"), Decimal("0.01")),
)
_ROLES = {"年": "annual", "月": "monthly", "日": "daily", "天": "daily"}


def rates(text: str) -> Iterator[Found]:
    """Shares said as percent, per mille, 厘 or 分; the role is ``annual``, ``monthly``, ``daily`` or none."""
    for form, unit in _FORMS:
        for match in form.finditer(text):
            share = (_decimal(match["number"]) * unit).normalize()
            yield Found(
                "rate", f"{share:f}", match.start(), match.end(), _ROLES.get((match["period"] or " ")[0])
            )


def _decimal(said: str) -> Decimal:
    if said[0].isdigit():
        return Decimal(said)
    whole, _, fraction = said.partition("点")
    number = number_at(whole, 0)
    value = number.value if number else Decimal(0)
    return value + Decimal(
        "0." + "".join(str("零一二三四五六七八九".index(d)) for d in fraction) if fraction else 0
    )
