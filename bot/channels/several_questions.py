"""Several questions in one message: split at the ends of clauses, each understood by itself."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from actions.labels import LABELS

Parse = Callable[[str], Awaitable[dict[str, Any]]]
"""Rasa's understanding of a text: ``intent`` and ``entities``."""

LEAST_SURE = 0.5
"""Confidence of each part; parts are short, and one that is only guessed would be answered with something else."""
SURE_WITHOUT_A_PAUSE = 0.75
"""The same where nothing but a question's end divides the parts (还剩几期利率是多少): it may be the middle of one."""
MOST_PARTS = 6
"""Parts that are looked at; each costs some 20 ms."""

_BOUNDARY = re.compile(
    r"[\s，。；？！、,.;?!]+(?:还有|另外|再问一下|顺便问一下|顺便|然后|以及|再就是|还想问|那)*"
    r"|(?<=[吗呢])|(?:还有就是|还有|另外|顺便问一下|以及|再就是)"
)
_MARKS = "，。？；！、,.;?! "
_END_OF_A_QUESTION = re.compile(
    r"(?:(?<=多少钱)|(?<=多少)(?!钱)|(?<=几[期号])|(?<=什么条件)|(?<=什么(?:资料|手续|材料))|(?<=怎么办)|(?<=怎么还)(?!款))(?=.)"
)
_ASKS = re.compile(
    r"吗|呢|么|什么|怎么|咋|啥|多少|好多|[几多](?:期|天|号|个|点|久|长|笔|月|年)|哪|谁|是不是|能不能|可不可以|要不要|有没有|会不会|行不行"
    r"|上不上|用不用|收不收|得不得|早不早"
)
_MARK = re.compile(r"[\s，。；？！、,.;?!]+")
_FACTS = frozenset({"apply_loan", "inform", "nlu_fallback", "out_of_scope"})
"""What a message that tells of somebody and his wish is understood as."""
_LEAST = 3
"""Characters of a part."""
_MASK_END = "〕"
"""Where digits of an identity end."""
_ALONE = frozenset({"complain", "request_human", "cancel_application"})
"""What ends the call or undoes something is never one of several."""
_QUESTIONS = frozenset(LABELS) - _ALONE
_LAST = frozenset(
    name for name in _QUESTIONS if name.startswith(("change_", "close_", "reopen_", "request_", "decrease_"))
) | {"check_eligibility", "apply_loan"}
"""Conversations of their own: begun when everything else is answered."""
UNCLEAR = "nlu_fallback"
"""The intent of a part that was not understood; it stands behind all others."""


Question = dict[str, Any]
"""``text``, ``restored`` (as it was most likely said), ``intent`` and ``entities`` of one question."""


async def several_questions(text: str, whole: dict[str, Any], parse: Parse) -> list[Question]:
    """Return the questions of a message, or nothing where it is one.

    ``whole``: how all of it was understood; of two parts, a third meaning that it has as a whole stands. A part that
    says what another has asked belongs to that one. Of several parts one may be unclear; it stands behind the others.
    """
    parts = _parts(text)
    if len(parts) == 1 and not _END_OF_A_QUESTION.search(parts[0]):
        return []
    understood = [one for part in parts[:MOST_PARTS] for one in await _divided(part, parse)]
    if len(understood) < 2 or _ALONE & {
        whole["intent"]["name"],
        *(one["intent"]["name"] for one in understood),
    }:
        return []
    found: dict[str, Question] = {}
    unclear: list[Question] = []
    for one in understood:
        question = {
            "text": one["text"],
            "restored": one.get("restored_text", ""),
            "intent": one["intent"]["name"],
            "entities": one["entities"],
        }
        if question["intent"] not in _QUESTIONS or one["intent"]["confidence"] < LEAST_SURE:
            unclear.append(question | {"intent": UNCLEAR})
        elif question["intent"] in found:
            _append(found[question["intent"]], question)
        else:
            found[question["intent"]] = question
    if len(found) < 2 or (len(understood) == 2 and whole["intent"]["name"] not in {*found, *_FACTS}):
        return []
    return sorted(found.values(), key=lambda one: one["intent"] in _LAST) + unclear[:1]


def _append(first: Question, more: Question) -> None:
    """One question in two parts: 利率多少，一万块一个月多少利息."""
    at = len(first["text"]) + 1
    moved = [
        one | {"start": one["start"] + at, "end": one["end"] + at} if "start" in one else one
        for one in more["entities"]
    ]
    first["entities"] = [*first["entities"], *moved]
    for name in ("text", "restored"):
        first[name] = f"{first[name]}，{more[name]}"


async def _divided(part: str, parse: Parse) -> list[dict[str, Any]]:
    """A part as it is understood, or in two where it runs two questions together and both leave no doubt."""
    for end in _END_OF_A_QUESTION.finditer(part):
        before, after = part[: end.start()], part[end.start() :]
        if not (_may_stand_alone(before) and _may_stand_alone(after)):
            continue
        halves = [await parse(before), await parse(after)]
        names = [half["intent"]["name"] for half in halves]
        sure = min(half["intent"]["confidence"] for half in halves) >= SURE_WITHOUT_A_PAUSE
        if sure and set(names) <= _QUESTIONS and names[0] != names[1]:
            return [halves[0] | {"text": before}, *await _divided(after, parse)]
    return [await _understood(part, parse)]


async def _understood(part: str, parse: Parse) -> dict[str, Any]:
    """A part as it is understood; facts in front (想借八万，利息多少) do not hide what it asks."""
    whole = await parse(part) | {"text": part}
    asked = _MARK.split(part)[-1]
    hidden = whole["intent"]["name"] in _FACTS or whole["intent"]["confidence"] < LEAST_SURE
    if asked == part or not hidden or not _may_stand_alone(asked):
        return whole
    alone = (await parse(asked))["intent"]
    sure = alone["name"] in _QUESTIONS and alone["confidence"] >= SURE_WITHOUT_A_PAUSE
    return whole | {"intent": alone} if sure else whole


def _may_stand_alone(part: str) -> bool:
    return len(part) >= _LEAST and bool(_ASKS.search(part))


def _parts(text: str) -> list[str]:
    """The text divided behind its questions; what asks nothing belongs to the question that follows."""
    # Digits of an identity come in front of the questions; behind one, they are an answer.
    masked = text.rfind(_MASK_END) + 1
    if _ASKS.search(text[:masked]):
        return []
    text = text[masked:]
    parts: list[str] = []
    begun = 0
    for boundary in _BOUNDARY.finditer(text):
        if _may_stand_alone(text[begun : boundary.start()].strip(_MARKS)):
            parts.append(text[begun : boundary.start()].strip(_MARKS))
            begun = boundary.end()
    rest = text[begun:].strip(_MARKS)
    if _may_stand_alone(rest):
        parts.append(rest)
    elif parts and rest:
        parts[-1] += f"，{rest}"
    return parts
