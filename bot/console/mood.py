"""Mood: how a customer seemed to feel in a conversation, by the plain rules that the handoff's summary uses too."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

from actions.words_of_feeling import is_distressed, is_pressing, is_rude

_NOT_UNDERSTOOD = frozenset({"nlu_fallback", "out_of_scope"})
_MANY_MISSES = 2


class Mood(str, Enum):
    """From calm to urgent."""

    CALM = "calm"
    PRESSING = "pressing"
    ANGRY = "angry"
    URGENT = "urgent"


MOOD_NAMES = {Mood.CALM: "平静", Mood.PRESSING: "着急", Mood.ANGRY: "生气", Mood.URGENT: "紧急"}


def mood_of(turns: Sequence[Any]) -> Mood:
    """Of the turns of a conversation: words of ending a life, abuse or two complaints, one complaint, pressing words or
    two misses; none of these is calm. Nothing is guessed from the voice."""
    words = [turn.customer_text for turn in turns if turn.customer_text]
    if any(map(is_distressed, words)):
        return Mood.URGENT
    intents = [turn.intent for turn in turns if turn.customer_text]
    complaints = intents.count("complain")
    if complaints > 1 or any(map(is_rude, words)):
        return Mood.ANGRY
    misses = sum(intent in _NOT_UNDERSTOOD for intent in intents)
    if complaints or misses >= _MANY_MISSES or any(map(is_pressing, words)):
        return Mood.PRESSING
    return Mood.CALM
