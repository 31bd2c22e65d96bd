"""Written: dates, spans and lists as messages write them (voice/speech/spoken_text.py reads them out)."""

from collections.abc import Iterable
from datetime import date


def written_date(day: date, today: date) -> str:
    """``12月15日``, with the year when it is not this one: ``2027年1月15日``."""
    short = f"{day.month}月{day.day}日"
    return short if day.year == today.year else f"{day.year}年{short}"


def written_day(day: date, today: date) -> str:
    """``今天`` or the date."""
    return "今天" if day == today else written_date(day, today)


def written_terms(terms: Iterable[int]) -> str:
    """``3期、6期、12期``."""
    return "、".join(f"{term}期" for term in terms)


def written_months(months: int) -> str:
    """``1年`` for whole years, ``18个月`` otherwise."""
    years, rest = divmod(months, 12)
    return f"{years}年" if years and not rest else f"{months}个月"


def written_digits(digits: str) -> str:
    """Digits to be read one by one."""
    return f"「{digits}」"
