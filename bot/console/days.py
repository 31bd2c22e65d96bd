"""Days: ISO dates of Shanghai as moments."""

from datetime import date, datetime, time, timedelta

from actions.lending.clock import CHINA


def day_start_ms(text: str) -> int | None:
    """Midnight in Shanghai before an ISO date, in ms; None for no date."""
    try:
        return round(datetime.combine(date.fromisoformat(text), time(), CHINA).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def day_end_ms(text: str) -> int | None:
    """Midnight after an ISO date."""
    try:
        return day_start_ms((date.fromisoformat(text) + timedelta(days=1)).isoformat())
    except (ValueError, OverflowError):
        return None
