"""Best reading: of words that were heard in several ways about equally well, the one that is understood wins."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

Parse = Callable[[str], Awaitable[dict[str, Any]]]
"""Rasa's understanding of a text: ``intent`` and ``entities``."""

LEAST_SURE = 0.5
"""Confidence of a reading that takes the place of the likelier words."""

_NOT_UNDERSTOOD = frozenset({"nlu_fallback", "out_of_scope"})
_ANSWERS = frozenset({"affirm", "deny", "inform"})
"""What is understood only where something was asked."""

_MOST = 2
"""Readings that are tried; each costs a parse (24 ms), and only where the first was not understood."""


async def best_reading(
    text: str, others: Sequence[str], question_open: bool, parse: Parse
) -> tuple[str, dict[str, Any]]:
    """Return the reading to go on with and how it is understood.

    ``others``: what may have been said as well as ``text``, likeliest first. Where ``text`` is understood, or none of
    them is, it stays.
    """
    understood = await parse(text)
    if others and not _makes_sense(understood, question_open, 0.0):
        for other in others[:_MOST]:
            meant = await parse(other)
            if _makes_sense(meant, question_open, LEAST_SURE):
                return other, meant
    return text, understood


def _makes_sense(understood: dict[str, Any], question_open: bool, least: float) -> bool:
    intent = understood["intent"]
    if intent["name"] in _NOT_UNDERSTOOD or (intent["name"] in _ANSWERS and not question_open):
        return False
    return float(intent["confidence"]) >= least
