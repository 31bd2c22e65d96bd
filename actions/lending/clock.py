"""Clock: the only source of "now" and "today", in China Standard Time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Protocol

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Asia/Shanghai as a fixed offset: no daylight saving since 1991, and no time zone database is needed."""


class Clock(Protocol):
    """Tells the time. Tests inject a FixedClock."""

    def now(self) -> datetime:
        """Return the present moment with its time zone (CHINA)."""
        ...

    def today(self) -> date:
        """Return the calendar day in China."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment in China Standard Time."""
        return datetime.now(CHINA)

    def today(self) -> date:
        """Return today's date in China."""
        return self.now().date()


@dataclass
class FixedClock:
    """A clock that stands still until it is moved; for tests."""

    moment: datetime

    @staticmethod
    def on(day: date, hour: int = 10) -> "FixedClock":
        """Return a clock that shows ``hour`` o'clock on ``day``."""
        return FixedClock(datetime(day.year, day.month, day.day, hour, tzinfo=CHINA))

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self.moment

    def today(self) -> date:
        """Return the day it was set to."""
        return self.moment.astimezone(CHINA).date()

    def advance(self, **duration: float) -> None:
        """Move forward by a ``timedelta(**duration)``."""
        self.moment += timedelta(**duration)


SYSTEM_CLOCK = SystemClock()


def today() -> date:
    """Return today's date in China."""
    return SYSTEM_CLOCK.today()
