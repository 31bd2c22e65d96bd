"""Outcomes: how a conversation went, in the words that staff count in."""

from collections.abc import Sequence
from enum import Enum
from typing import Any


class Outcome(str, Enum):
    """What became of a conversation."""

    ONGOING = "ongoing"
    CONTAINED = "contained"
    """Answered without a person."""
    HANDED_OFF = "handed_off"
    ABANDONED = "abandoned"
    """Over without a word, with a fault, or in the middle of a question that the bot had asked."""


OUTCOME_NAMES = {
    Outcome.ONGOING: "进行中",
    Outcome.CONTAINED: "已解决",
    Outcome.HANDED_OFF: "转人工",
    Outcome.ABANDONED: "中途离开",
}


def outcome_of(conversation: Any, turns: Sequence[Any]) -> Outcome:
    """Judge a conversation's row by its own words and its turns, in their order."""
    if conversation.outcome == "transfer":
        return Outcome.HANDED_OFF
    if conversation.ended_at_ms is None:
        return Outcome.ONGOING
    if conversation.outcome == "silent" or not turns:
        return Outcome.ABANDONED
    last = turns[-1]
    asked = last.expects.get("kind", "open") != "open" and conversation.ended_by != "bot"
    return Outcome.ABANDONED if last.failure or asked else Outcome.CONTAINED
