"""Several questions: what was asked in one breath is answered as far as it can be listened to, and the rest is named.

Nothing that was asked is lost: what waits stands in the slot ``waiting`` until it is answered, taken up by
another question, or not wanted any more.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from actions.labels import LABELS
from actions.questions import IDENTITY
from actions.turn import Turn
from actions.wordings import worded
from actions.yes_no import yes_or_no

MOST_SENTENCES, MOST_CHARACTERS = 3, 150
"""Of a reply to two questions, one at its own end not counted: a sentence more than a reply to one may have."""
SENTENCES_BEFORE_THE_REST, CHARACTERS_BEFORE_THE_REST = 2, 115
"""Of a reply behind which is asked whether the rest is to follow."""
MOST_NAMED = 3
"""Topics that are named at once."""

_UNCLEAR = "nlu_fallback"
"""The intent of a question that was not understood. Its words may be plain all the same (actions/asides.py)."""
_WHAT_ELSE = "utter_what_else"
"""Is not asked while something waits."""
_GO_ON = re.compile(r"^(?:那|嗯|好|行|你|您|请|就|都)*(?:接着|继续|往下|说(?!错)|讲|告诉|一个?个|都说|都讲)")
_ENOUGH = re.compile(r"^(?:那|嗯)?(?:不用|不要|先不|不必|够了|就这些?|这样就|算了|没必要|不听|别)")

Answer = Callable[[Turn], None]


@dataclass(frozen=True)
class _Before:
    """Where a conversation stood, to go back to."""

    memory: dict[str, Any]
    utterances: int
    asked: bool

    @staticmethod
    def of(turn: Turn) -> "_Before":
        return _Before(dict(turn.memory), len(turn.utterances), turn.asked)

    def restore(self, turn: Turn, waiting: list[dict[str, Any]] | None) -> None:
        turn.memory = self.memory | {"waiting": waiting}
        del turn.utterances[self.utterances :]
        turn.asked = self.asked


def note_questions(turn: Turn) -> bool:
    """Put the questions of this message before those that wait already; False where it holds no more than one."""
    if len(turn.questions_asked) < 2:
        return False
    new = {one["intent"] for one in turn.questions_asked}
    turn.remember(
        waiting=[*turn.questions_asked, *(one for one in _waiting(turn) if one["intent"] not in new)]
    )
    return True


def take_first(turn: Turn) -> None:
    """Go on with the first of this message's questions alone; the others wait until what is open is done."""
    if note_questions(turn):
        first, *rest = _waiting(turn)
        turn.remember(waiting=rest or None)
        _speak(turn, first)


def note_question(turn: Turn, question: dict[str, Any]) -> None:
    """Let a question (``text``, ``restored``, ``intent``, ``entities``) wait that another one came before."""
    if question["intent"] in LABELS and all(one["intent"] != question["intent"] for one in _waiting(turn)):
        turn.remember(waiting=[*_waiting(turn), question])


def forget_question(turn: Turn, intent: str) -> None:
    """It is answered by now, whoever asked for it."""
    turn.remember(waiting=[one for one in _waiting(turn) if one["intent"] != intent] or None)


def wants_the_rest(turn: Turn) -> bool | None:
    """Whether to go on with what waits; None where the message says something else, or which of it (先说征信吧)."""
    if any(one["intent"] == turn.intent for one in _waiting(turn)):
        return None
    if _ENOUGH.search(turn.bare_text):
        return False
    return True if _GO_ON.search(turn.bare_text) else yes_or_no(turn)


def go_on_with_rest(turn: Turn, answer: Answer) -> None:
    """Answer what waits while nothing else is open and it is not too much at once; then name what is left.

    One that asks something of its own in turn comes last. What needs the identity waits with all behind it for the
    check. What says nothing new is dropped.
    """
    postponed: set[str] = set()
    if _waiting(turn) and not _goes_on(turn):
        turn.utterances = [one for one in turn.utterances if one.response != _WHAT_ELSE]
    while _waiting(turn) and not _goes_on(turn):
        first, *rest = _waiting(turn)
        before = _Before.of(turn)
        turn.remember(waiting=rest or None)
        answer_one(turn, first, answer)
        asks = turn.asked and turn.question not in IDENTITY
        if before.utterances and _says_again(turn):
            before.restore(turn, waiting=rest or None)
        elif asks and any(one["intent"] not in {*postponed, _UNCLEAR} for one in rest):
            postponed.add(first["intent"])
            before.restore(turn, waiting=[*rest, first])
        elif before.utterances and _too_long(turn):
            before.restore(turn, waiting=[first, *rest])
            break
    if _waiting(turn) and not _goes_on(turn):
        _name_the_rest(turn)


def answer_short_ones(turn: Turn, answer: Answer) -> None:
    """Answer in the middle of a form what waits and asks nothing in turn, as far as it can be listened to.

    The form stands as it stood; what asks something, or is too long, waits until it is done.
    """
    left: list[dict[str, Any]] = []
    for question in _waiting(turn):
        before = _Before.of(turn)
        turn.remember(waiting=None)
        answer_one(turn, question, answer)
        if turn.asked or turn.question != before.memory.get("question") or _too_long(turn):
            before.restore(turn, waiting=None)
            left.append(question)
        else:
            turn.memory = before.memory | {"context": turn.memory.get("context")}
    turn.remember(waiting=left or None)


def _name_the_rest(turn: Turn) -> None:
    topics = [LABELS[one["intent"]] for one in _waiting(turn) if one["intent"] in LABELS]
    if topics:
        turn.ask("rest", rest="，".join(topics[:MOST_NAMED]))
    else:
        turn.remember(waiting=None)
        say_unclear(turn)


def say_unclear(turn: Turn) -> None:
    """One of the questions was not understood: it is asked for again."""
    turn.say("utter_one_unclear")
    turn.asked = True


def _waiting(turn: Turn) -> list[dict[str, Any]]:
    return list(turn.memory.get("waiting") or ())


def answer_one(turn: Turn, question: dict[str, Any], answer: Answer) -> None:
    """Answer a question in the words in which it came, whatever the message at hand says."""
    whole = turn.text, turn.restored, turn.intent, turn.entities
    _speak(turn, question)
    answer(turn)
    turn.text, turn.restored, turn.intent, turn.entities = whole


def _speak(turn: Turn, question: dict[str, Any]) -> None:
    turn.text, turn.restored, turn.intent = question["text"], question["restored"], question["intent"]
    turn.entities = tuple(question["entities"])


def _goes_on(turn: Turn) -> bool:
    """Whether the reply ends in a question, or with the end of the call, or something else is open."""
    ends = any(one.payload.get("next") for one in turn.utterances)
    return turn.asked or ends or turn.question is not None or bool(turn.memory.get("suspended"))


def _says_again(turn: Turn) -> bool:
    said = [one.response for one in turn.utterances]
    return len(set(said)) < len(said)


def _too_long(turn: Turn) -> bool:
    words = "".join(sentence for one in turn.utterances for sentence in worded(one))
    most = (
        (SENTENCES_BEFORE_THE_REST, CHARACTERS_BEFORE_THE_REST)
        if _waiting(turn) and not turn.asked
        else (MOST_SENTENCES, MOST_CHARACTERS)
    )
    return words.count("。") > most[0] or len(words) > most[1]
