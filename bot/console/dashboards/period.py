"""Period: which days and which channel the dashboards show, read from an address and written into one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from actions.lending.clock import CHINA
from bot.console.dashboards.changes import day_of
from bot.console.days import day_start_ms
from bot.console.inbox_filter import CHANNELS

USUAL_DAYS = 30
MOST_DAYS = 366


@dataclass(frozen=True)
class Period:
    """Days of Shanghai, ISO, both included; an empty channel means all of them."""

    since: date
    until: date
    channel: str = ""
    today: date | None = field(default=None, compare=False)
    """The day that it is; None: the clock's."""

    @staticmethod
    def from_query(query: Mapping[str, str], today: date | None = None) -> "Period":
        """Read an address; what cannot be is left out: then it is the last thirty days, a year at most."""
        now = today or datetime.now(CHINA).date()
        until = _day(query.get("until", "")) or now
        since = _day(query.get("since", "")) or until - timedelta(days=USUAL_DAYS - 1)
        if since > until:
            since, until = until, since
        since = max(since, until - timedelta(days=MOST_DAYS - 1))
        channel = query.get("channel", "")
        return Period(since, until, channel if channel in CHANNELS else "", now)

    @property
    def first(self) -> int:
        """The first day as a number (``changes.day_of``)."""
        return _number(self.since)

    @property
    def last(self) -> int:
        """The last day as a number."""
        return _number(self.until)

    def days(self) -> list[date]:
        """Every day of it."""
        return [self.since + timedelta(days=n) for n in range((self.until - self.since).days + 1)]

    @property
    def begun(self) -> int:
        """How many of its days have begun."""
        last = min(self.until, self.today or datetime.now(CHINA).date())
        return max(0, (last - self.since).days + 1)

    def query(self) -> str:
        """The address's part behind the question mark."""
        asked = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        return urlencode(asked | ({"channel": self.channel} if self.channel else {}))

    def inbox(self, *days: date, **facets: str) -> str:
        """The address of the conversations behind a number: of the whole period or of these days, with these facets."""
        since, until = (days[0], days[-1]) if days else (self.since, self.until)
        asked = {"since": since.isoformat(), "until": until.isoformat()}
        asked |= {"channel": self.channel} if self.channel else {}
        return "/staff/conversations?" + urlencode(asked | facets)


def _day(text: str) -> date | None:
    # Years before the telephone or beyond four digits have no midnight that databases and inboxes agree on.
    return (
        date.fromisoformat(text)
        if "1970-01-02" <= text <= "9998" and day_start_ms(text) is not None
        else None
    )


def _number(day: date) -> int:
    start = day_start_ms(day.isoformat())
    return day_of(start) if start is not None else 0
