"""Two questions: 还剩几期，利率是多少 is answered on both, where both answers together are short enough to be heard."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from actions.questions import IDENTITY
from actions.turn import Turn
from actions.wordings import worded

MOST_SENTENCES, MOST_CHARACTERS = 3, 150
"""Of a reply to two questions, one at its own end not counted: a sentence more than a reply to one may have."""


@dataclass(frozen=True)
class _Before:
    """Where a conversation stood, to go back to."""

    memory: dict[str, Any]
    utterances: int

    @staticmethod
    def of(turn: Turn) -> "_Before":
        return _Before(dict(turn.memory), len(turn.utterances))

    def restore(self, turn: Turn) -> None:
        turn.memory = dict(self.memory)
        del turn.utterances[self.utterances :]
        turn.asked = False


def answer_both(turn: Turn, answer: Callable[[Turn], None]) -> bool:
    """Answer the two questions of this message with ``answer``; False where there are not two.

    One that asks something in turn comes last. What needs the identity first waits with the other for the check.
    Where both would be too much at once, the first is answered alone.
    """
    if len(turn.questions_asked) != 2:
        return False
    first, second = turn.questions_asked
    start = _Before.of(turn)
    _answer_one(turn, first, answer)
    if turn.question in IDENTITY:
        turn.remember(second=second)
        return True
    if not _goes_on(turn):
        _add(turn, second, answer)
        return True
    start.restore(turn)
    _answer_one(turn, second, answer)
    if _goes_on(turn):
        start.restore(turn)
    _answer_one(turn, first, answer)
    if _too_long(turn):
        start.restore(turn)
        _answer_one(turn, first, answer)
    return True


def answer_waiting(turn: Turn, second: dict[str, Any] | None, answer: Callable[[Turn], None]) -> None:
    """The identity is checked and the first question answered: now the one that waited with it, if there is room."""
    if second is not None and not _goes_on(turn):
        _add(turn, second, answer)


def _add(turn: Turn, question: dict[str, Any], answer: Callable[[Turn], None]) -> None:
    """Answer one more, unless that makes the reply too long or says nothing new."""
    before = _Before.of(turn)
    _answer_one(turn, question, answer)
    said = [one.response for one in turn.utterances]
    if _too_long(turn) or len(set(said)) < len(said):
        asked = turn.asked
        before.restore(turn)
        turn.asked = turn.asked and not asked


def _answer_one(turn: Turn, question: dict[str, Any], answer: Callable[[Turn], None]) -> None:
    whole = turn.text, turn.intent, turn.entities
    turn.text, turn.intent = question["text"], question["intent"]
    turn.entities = tuple(question["entities"])
    answer(turn)
    turn.text, turn.intent, turn.entities = whole


def _goes_on(turn: Turn) -> bool:
    """Whether the reply ends in a question, or with the end of the call."""
    return turn.asked or any(one.payload.get("next") for one in turn.utterances)


def _too_long(turn: Turn) -> bool:
    words = "".join(sentence for one in turn.utterances for sentence in worded(one))
    return words.count("。") > MOST_SENTENCES or len(words) > MOST_CHARACTERS
