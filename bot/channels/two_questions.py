"""Two questions in one message: split at a clause's end, where the classifier is sure of both halves."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from actions.labels import LABELS

Parse = Callable[[str], Awaitable[dict[str, Any]]]
"""Rasa's understanding of a text: ``intent`` and ``entities``."""

LEAST_SURE = 0.5
"""Confidence of each half; halves are short, and one that is only guessed would be answered with something else."""

_BOUNDARY = re.compile(
    r"[\s，。；？、,.;?]+(?:还有|另外|再问一下|顺便问一下|然后|以及|那)*|(?<=[吗呢])|(?:还有|另外|顺便问一下|以及)"
)
_ASKS = re.compile(
    r"吗|呢|么|什么|怎么|咋|多少|[几多](?:期|天|号|个|点|久|长|笔|月)|哪|谁|是不是|能不能|可不可以|要不要|有没有|会不会|行不行"
)
_LEAST = 3
"""Characters of a half."""
_MASK = "〔"
"""Where digits of an identity stand, there is an answer and no second question."""
_ONE_AT_A_TIME = frozenset(
    {"complain", "request_human", "apply_loan", "check_eligibility", "cancel_application"}
)
"""What records something, ends the call, or is a conversation of its own."""
_QUESTIONS = frozenset(
    name for name in LABELS if not name.startswith(("change_", "close_", "reopen_", "request_", "decrease_"))
)


async def two_questions(text: str, whole: dict[str, Any], parse: Parse) -> list[dict[str, Any]]:
    """Return both questions as ``text``, ``intent``, ``entities``, or nothing where the message is one.

    ``whole``: how all of it was understood; a third meaning that it has as a whole stands.
    """
    halves = _halves(text)
    if halves is None:
        return []
    found = []
    for half in halves:
        understood = await parse(half)
        intent = understood["intent"]
        if intent["name"] not in _QUESTIONS - _ONE_AT_A_TIME or intent["confidence"] < LEAST_SURE:
            return []
        found.append({"text": half, "intent": intent["name"], "entities": understood["entities"]})
    meant = whole["intent"]["name"]
    if found[0]["intent"] == found[1]["intent"] or meant not in {
        *(one["intent"] for one in found),
        "nlu_fallback",
    }:
        return []
    return found


def _halves(text: str) -> tuple[str, str] | None:
    """The text on both sides of the first boundary with a question on either side."""
    if _MASK in text:
        return None
    for boundary in _BOUNDARY.finditer(text):
        before, after = text[: boundary.start()], text[boundary.end() :].strip("，。？、,.? ")
        if min(len(before), len(after)) >= _LEAST and _ASKS.search(before) and _ASKS.search(after):
            return before, after
    return None
