"""Tally: the counts of some days and of one channel or all of them, added up."""

from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from bot.console.dashboards.buckets import percentile
from bot.console.dashboards.day_counts import Counts
from bot.console.outcomes import Outcome

ENDED = (Outcome.CONTAINED, Outcome.HANDED_OFF, Outcome.ABANDONED)
_PLACES = Decimal("0.1")


class Tally:
    """What was counted: by name (``outcome``, ``intent``, ``dialogue_ms`` …), value -> how often."""

    def __init__(self, days: Iterable[Counts], channel: str = "") -> None:
        self._days = [names for counts in days for name, names in counts.items() if channel in ("", name)]
        self._added: dict[str, Counter[str]] = {}

    def of(self, name: str) -> Counter[str]:
        """Value -> how often; added up when it is asked for."""
        added = self._added.get(name)
        if added is None:
            added = self._added[name] = Counter()
            for names in self._days:
                added.update(names.get(name, {}))
        return added

    @property
    def conversations(self) -> int:
        """Conversations that began, whether or not they are over."""
        return self.of("outcome").total()

    @property
    def ended(self) -> int:
        """Conversations that are over."""
        return sum(self.of("outcome")[outcome.value] for outcome in ENDED)

    def share(self, outcome: Outcome) -> Decimal | None:
        """Percent of the conversations that are over which ended like this."""
        return percent(self.of("outcome")[outcome.value], self.ended)

    @property
    def missed(self) -> Decimal | None:
        """Percent of the customers' sentences that were not understood."""
        turns = self.of("turn")
        return percent(turns["missed"], turns.total())

    def time_ms(self, stage: str, share: float) -> int | None:
        """A percentile of a stage's times."""
        return percentile({int(edge): count for edge, count in self.of(stage).items()}, share)

    @property
    def rating(self) -> Decimal | None:
        """The mean of the customers' ratings, 1 to 5, two places."""
        ratings = self.of("rating")
        total = sum(int(score) * count for score, count in ratings.items())
        return (Decimal(total) / ratings.total()).quantize(Decimal("0.01")) if ratings else None


def percent(part: int, whole: int) -> Decimal | None:
    """One place; None of nothing."""
    return (Decimal(100 * part) / whole).quantize(_PLACES, rounding=ROUND_HALF_UP) if whole else None
