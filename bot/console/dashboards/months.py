"""Months: calendar months as the supervision metric counts them."""

from calendar import monthrange
from datetime import date

from bot.console.dashboards.period import Period


def months_of(period: Period) -> set[str]:
    """``2026-11`` of every day of the period."""
    return {f"{day:%Y-%m}" for day in period.days()}


def month_days(month: str) -> tuple[date, date]:
    """The first and the last day of ``2026-11``."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])
