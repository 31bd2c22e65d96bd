"""Flag: one of a few marks that every reader understands alike."""

from enum import Enum


class Flag(str, Enum):
    """What somebody wants others to notice."""

    WRONG = "wrong"
    RISK = "risk"
    FOLLOW = "follow"
    GOOD = "good"


FLAG_NAMES = {Flag.WRONG: "答错", Flag.RISK: "合规风险", Flag.FOLLOW: "需跟进", Flag.GOOD: "范例"}
