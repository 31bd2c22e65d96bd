"""StaffHours: when people are there who can take a caller over; a setting of the lender."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from actions.lending.clock import CHINA
from actions.lending.errors import LendingError

VARIABLE = "SHOUDAI_STAFF_HOURS"

_FORM = re.compile(
    r"(?:(?P<first>[1-7])-(?P<last>[1-7])\s+)?(?P<opens>\d{1,2}:\d{2})-(?P<closes>\d{1,2}:\d{2})"
)


class StaffHoursInvalid(LendingError):
    """The setting is no time of day; the message says what it should look like."""

    code = "staff_hours_invalid"


@dataclass(frozen=True)
class StaffHours:
    """From ``opens`` to before ``closes`` on the weekdays ``days``, in Shanghai."""

    opens: time
    closes: time
    days: frozenset[int] = frozenset(range(1, 8))
    """ISO weekdays, Monday is 1."""

    @staticmethod
    def from_environment(environment: Mapping[str, str] | None = None) -> "StaffHours | None":
        """Read SHOUDAI_STAFF_HOURS, ``09:00-21:00`` or ``1-5 09:00-18:00``; None: always. Raises StaffHoursInvalid."""
        text = (os.environ if environment is None else environment).get(VARIABLE, "").strip()
        if not text:
            return None
        match = _FORM.fullmatch(text)
        try:
            assert match is not None
            opens, closes = _time(match["opens"]), _time(match["closes"])
            first, last = int(match["first"] or 1), int(match["last"] or 7)
            assert opens < closes and first <= last
        except (AssertionError, ValueError) as error:
            raise StaffHoursInvalid(
                f"{VARIABLE} must look like 09:00-21:00 or 1-5 09:00-18:00, not {text!r}"
            ) from error
        return StaffHours(opens, closes, frozenset(range(first, last + 1)))

    def covers(self, moment: datetime) -> bool:
        """Whether somebody is there then."""
        local = moment.astimezone(CHINA)
        return local.isoweekday() in self.days and self.opens <= local.time() < self.closes

    def next_opening(self, after: datetime) -> datetime:
        """The first moment from ``after`` on at which a day's hours begin; ``days`` is never empty."""
        local = after.astimezone(CHINA)
        for ahead in range(9):
            day = local.date() + timedelta(days=ahead)
            opening = datetime.combine(day, self.opens, CHINA)
            if opening >= local and day.isoweekday() in self.days:
                return opening
        raise StaffHoursInvalid(f"{VARIABLE} names no weekday")


def _time(text: str) -> time:
    """09:00. Raises ValueError."""
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute))
