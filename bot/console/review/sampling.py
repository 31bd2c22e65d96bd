"""Sampling: which conversations of a time get onto a list to be reviewed."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.console.inbox_filter import InboxFilter
from bot.console.inbox_search import InboxSearch

MOST = 500
"""Conversations on one list."""

LOOKED_AT = 200_000
"""The newest so many that fit are drawn from."""


class SampleKind(str, Enum):
    """What a sample is drawn from."""

    RANDOM = "random"
    LOW_CONFIDENCE = "low"
    COMPLAINTS = "complaints"
    DISCLOSURES = "disclosures"


SAMPLE_NAMES = {
    SampleKind.RANDOM: "随机",
    SampleKind.LOW_CONFIDENCE: "低置信度",
    SampleKind.COMPLAINTS: "投诉",
    SampleKind.DISCLOSURES: "披露数据",
}
_NARROWED = {
    SampleKind.RANDOM: {},
    SampleKind.LOW_CONFIDENCE: {"confidence": "50"},
    SampleKind.COMPLAINTS: {"intent": "complain"},
    SampleKind.DISCLOSURES: {"disclosed": "yes"},
}


@dataclass(frozen=True)
class Sample:
    """How a list is drawn."""

    kind: SampleKind
    percent: int
    """1 to 100 of what fits, at least one conversation and at most ``MOST``."""
    since: str = ""
    until: str = ""
    """Days of Shanghai, ISO, both included; empty: no bound."""

    def wanted(self) -> InboxFilter:
        """What the inbox would be asked for."""
        days = InboxFilter.from_query({"since": self.since, "until": self.until})
        return replace(days, **_NARROWED[self.kind])

    @property
    def name(self) -> str:
        """随机 10%（2026-11-01 至 2026-11-23）."""
        days = f"（{self.since or '最早'} 至 {self.until or '今天'}）" if self.since or self.until else ""
        return f"{SAMPLE_NAMES[self.kind]} {self.percent}%{days}"


def drawn(search: InboxSearch, sample: Sample, chance: random.Random) -> list[str]:
    """Ids of a random share of the conversations that fit and are over, newest first."""
    fitting = search.ids(sample.wanted(), LOOKED_AT, over=True)
    return _share(fitting, sample.percent, chance)


def _share(fitting: Sequence[str], percent: int, chance: random.Random) -> list[str]:
    count = min(MOST, math.ceil(len(fitting) * percent / 100))
    places = sorted(chance.sample(range(len(fitting)), count))
    return [fitting[place] for place in places]
