"""Age of a business: 开了三年, 干了小十年, 我这店两年了, 去年开的, 2018年开的; the value is years."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from understanding.chinese_numbers import DIGITS
from understanding.found import Found
from understanding.spans import Span, spans

_BEGUN = (
    r"(?:开业|开店|开张|经营|营业(?!额)|成立|注册|创办|执照.{0,4}?(?:下来|拿|领|办)"
    r"|(?:干|做|搞|入)[这本]?[个一]?行)"
)
_WORKS = r"(?:开|做|干|办|搞|跑|送|摆|卖|修|剪|养|种|拉|教|弄)"
_NEARLY = (
    r"(?:快|差不多|将近|大概|大约|有|已经|才|也就|都|整整|满|足足|小|好|刚刚?|一共|是"
    r"|不到|不满|没到|没满|未满){0,3}"
)
_BEFORE = re.compile(
    rf"(?:{_BEGUN}[^，。,、？?]{{0,3}}?{_NEARLY}"
    rf"|{_WORKS}[^，。,、？?\d个借贷期分]{{0,8}}?[了有满]{_NEARLY}|[刚才]{_WORKS}(?:业|张|店)?{_NEARLY}"
    rf"|(?:我|咱|这|[个家间]).{{0,3}}(?:店|厂|公司|铺子?|摊子?|生意|买卖){_NEARLY})$"
)
"""What stands before the span: a verb of trading with 了, 有 or 满 behind it, or the business itself."""

_NOT_QUITE = re.compile(r"(?:不到|不满|没到|没满|未满)$")
_SHORT_OF_IT_MONTHS = {"年": 6, "月": 1}
"""How much less 不到 says: half a year of 不到一年, a month of 不到六个月; cautious, for ages are conditions."""

_TRADE_BEFORE = re.compile(rf"{_WORKS}[^，。,、？?\d个借贷期分了一二两三四五六七八九十]{{1,5}}$")
"""我开饭馆三年了, 跑货运五年."""

_ALONE_BEFORE = re.compile(r"^(?:才|快|差不多|大概|有|也就|已经|都|满|小){1,3}$")
_NOT_LONG = re.compile(r"^(?:才|刚|不到|不满|没到|没满|还没到|未满){1,2}$")
_PASSED = re.compile(r"(?:多|来|整|出头)?(?:一?点)?(?:吧|的样子|左右)?了")
_ENDS = re.compile(r"[吧呢]?(?:[。，,.！!]|$)")
_MARKS = re.compile("[。，,.！!]")
_NOT_OF_TRADE = re.compile(r"\s*的?(?:期|分期|还|贷|利息|前|以前|之前|后|以后|之后|内|以内)")
_SINCE_YEAR = re.compile(
    r"(?P<year>(?:19|20)?\d\d|[一二][九零〇][零〇一二三四五六七八九]{2}|[零〇一][零〇一二三四五六七八九])年.{0,4}?"
    r"(?:开的|开了|办的|注册|成立|干的|做的|盘的|接手|起步|开店|开业|开张)"
)
_SINCE_WORD = re.compile(
    r"(?P<word>大前年|前年|去年)(?:[一二三四五六七八九十\d]+月份?|年初|年底|初|底)?(?:才|刚|就)?"
    r"(?:(?:开|注册|成立|创办|盘|接手)(?:下来|起来)?(?:的|了)?(?=$|[，。,！!吧呢]|[这个一家的]*(?:店|厂|公司|铺|摊))"
    r"|(?:办|领|拿)的?(?:营业)?执照)"
)
_YEARS_AGO = {"大前年": 3, "前年": 2, "去年": 1}
_SOME_YEARS = re.compile(rf"{_WORKS}[^，。,、？?\d个借贷期分]{{0,5}}?了(?:好)?几年")


def years_in_business(text: str, today: date) -> Iterator[Found]:
    """Years as a number: 开了三年 is 3.0, 开了半年 0.5, 开了俩月 0.17; of a range (五六年) the lower end."""
    for span in spans(text):
        if span.unit != "期" and _is_age(text, span):
            yield Found("years_in_business", _years(text, span), span.start, _end(text, span))
    for match in _SINCE_YEAR.finditer(text):
        years = _since(_calendar_year(match["year"], today), today)
        if 0 <= years < 80:
            yield Found("years_in_business", years, match.start(), match.end())
    for match in _SINCE_WORD.finditer(text):
        years = _since(today.year - _YEARS_AGO[match["word"]], today)
        yield Found("years_in_business", years, match.start(), match.end())
    for match in _SOME_YEARS.finditer(text):
        yield Found("years_in_business", 3.0, match.start(), match.end())


def _is_age(text: str, span: Span) -> bool:
    before, after = text[: span.start], text[span.end :]
    if _NOT_OF_TRADE.match(after):
        return False
    if _BEFORE.search(before):
        return True
    if span.unit == "年" and _TRADE_BEFORE.search(before):
        return True
    # 三年了 and 才半年多, a clause by itself; with more words (半年了也不涨额) they speak of something else.
    clause = _MARKS.split(before)[-1]
    passed = _PASSED.match(after)
    if passed is None:
        return bool(_NOT_LONG.match(before) and _ENDS.match(after.removeprefix("多")))
    return bool((not clause or _ALONE_BEFORE.match(clause)) and _ENDS.match(after[passed.end() :]))


def _end(text: str, span: Span) -> int:
    passed = _PASSED.match(text, span.end)
    return passed.end() if passed else span.end


def _years(text: str, span: Span) -> float:
    less = _SHORT_OF_IT_MONTHS[span.unit] if _NOT_QUITE.search(text[: span.start]) else 0
    return float((max(span.fewest - less, Decimal(0)) / 12).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def _since(year: int, today: date) -> float:
    """From the middle of that year, in whole half years: 去年开的 said in January is half a year."""
    return max(0, (today.year - year) * 12 + today.month - 6) // 6 / 2


def _calendar_year(said: str, today: date) -> int:
    """18 and 一八 are of this century."""
    year = int("".join(sign if sign.isdecimal() else str(DIGITS[sign]) for sign in said))
    return year if year > 100 else 2000 + year if 2000 + year <= today.year else 1900 + year
