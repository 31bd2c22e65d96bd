"""Terms of a loan: 十二期, 一年半, 半年, 24个月; the value is months."""

import re
from collections.abc import Iterator

from understanding.found import Found
from understanding.spans import Span, spans

_ORDINAL = re.compile(r"(?:第|上|每|前|这|近|最近|下|隔|最后|头|首|末)$")
_ELAPSED_BEFORE = re.compile(r"(?:用|借|等|过|还|欠|贷|拖|逾期)了(?:快|差不多|将近|大概|已经|有|才|也就)*$")
_ELAPSED_AFTER = re.compile(r"(?:多|来)?了(?!吧)")
_POINT_OF_TIME = re.compile(r"(?:多|整)?(?:之|以)?[前后]")
_INCOME_BEFORE = re.compile(
    r"(?:营业额|收入|流水|进账|利润|赚|挣|工资|房租|租金|开票|发票|交税|纳税)[^，。,]{0,2}$"
)
_INCOME_AFTER = re.compile(r"的?(?:进账|流水|收入|赚|挣|卖|毛利|利润|营业额|营收|纳税|交税|开票)")
"""一个月进账三四万 speaks of what comes in each month."""
_EVERY_MONTH = re.compile(r"(?:大概|大约|差不多|得|要|该|应该|需要|需|会|是|就)*(?:还(?!清|完|上|掉)|月供)")
"""一个月还多少 asks for what is paid each month; 一个月还清 speaks of a term."""
_FOR_A_MONTH = re.compile(r"[借贷用分]$")

_LONGEST_MONTHS = 360
_CALENDAR_YEAR = re.compile(r"2\d年")
"""25年 is a calendar year more often than a loan; 二十五年 is none."""


def terms(text: str) -> Iterator[Found]:
    """Whole months for which money may be borrowed; neither 三年后 nor the age of a business."""
    for span in spans(text):
        if _is_term(text, span):
            end = span.end + (1 if span.unit == "年" and text[span.end : span.end + 1] == "期" else 0)
            yield Found("term", int(span.months), span.start, end)


def _is_term(text: str, span: Span) -> bool:
    before = text[: span.start]
    if span.months != int(span.months) or not 0 < span.months <= _LONGEST_MONTHS:
        return False
    if _ORDINAL.search(before) or _POINT_OF_TIME.match(text, span.end):
        return False
    if span.unit == "期":
        return True
    if _INCOME_BEFORE.search(before) or _INCOME_AFTER.match(text, span.end):
        return False
    if span.months == 1 and _EVERY_MONTH.match(text, span.end) and not _FOR_A_MONTH.search(before):
        return False
    if _ELAPSED_BEFORE.search(before) or _ELAPSED_AFTER.match(text, span.end):
        return False
    return not _CALENDAR_YEAR.match(text, span.start)
