"""Dialogue: what a call asks of whoever understands the caller and decides the reply."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from voice.hearing.expectation import OPEN, Expectation


@dataclass(frozen=True)
class Figure:
    """A number that was computed and disclosed to the customer."""

    name: str
    """snake_case, e.g. ``next_repayment_amount``."""

    value: int | str
    """Money is integer fen; rates are decimal strings ("0.1080"); dates are ISO strings; counts are integers."""

    unit: str
    """``fen``, ``rate_per_year``, ``date``, ``instalments``, ``days``, ``count``."""

    inputs: dict[str, Any] = field(default_factory=dict)
    """What it was computed from: loan id, policy version, amount asked and so on. No personal data in clear."""


@dataclass(frozen=True)
class Message:
    """One thing to say or show."""

    text: str
    interruptible: bool = True
    """False for the opening notice and for clauses with a price: barge-in does not cut them."""

    quick_replies: tuple[str, ...] = ()
    """Suggested answers, shown by the widget, never spoken."""

    slow: bool = False
    """Said more slowly than usual: the caller asked for it. Nothing changes where it is read."""


class NextStep(str, Enum):
    """What happens to the line once the messages were said."""

    CONTINUE = "continue"
    TRANSFER = "transfer"
    HANG_UP = "hang_up"
    RATE = "rate"
    """Hang up, after asking how satisfied he is whoever was helped."""


@dataclass(frozen=True)
class DialogueTurn:
    """The reply to one utterance, with what was understood."""

    messages: tuple[Message, ...]
    intent: str | None = None
    confidence: float = 0.0
    """0..1, of ``intent``."""

    intent_ranking: tuple[tuple[str, float], ...] = ()
    entities: tuple[dict[str, Any], ...] = ()
    actions: tuple[str, ...] = ()
    """Names of the actions that ran, in order."""

    expects: Expectation = OPEN
    figures: tuple[Figure, ...] = ()
    foreseen: tuple[str, ...] = ()
    """Sentences with figures that the caller will likely hear next; the voice may make them ahead."""

    next: NextStep = NextStep.CONTINUE
    verified: bool = False
    """Whether the conversation's identity is verified after this turn."""

    understood_text: str = ""
    """The caller's words as they may be stored: identity digits masked."""


class DialogueUnavailable(Exception):
    """The dialogue core did not answer in time or answered with an error (code ``dialogue_unavailable``)."""

    code = "dialogue_unavailable"


class Dialogue(Protocol):
    """One dialogue core serves many conversations; ``sender`` is the conversation's id."""

    async def start(self, sender: str, metadata: dict[str, Any]) -> DialogueTurn:
        """Open the conversation and return the greeting. Raises DialogueUnavailable."""
        ...

    async def send(self, sender: str, text: str, metadata: dict[str, Any]) -> DialogueTurn:
        """Send one utterance and return the reply. Raises DialogueUnavailable.

        ``metadata`` holds ``input``: ``voice`` | ``text`` | ``keypad``, ``expects`` (Expectation.to_json()), and
        of speech also ``confidence`` (0..1, the recogniser's) and, where it is so, ``unasked``: the words came before
        the last reply's question was heard, so that a yes among them is no answer; ``others``: what may have been said
        as well, likeliest first, digits or words (where ``text`` is not understood, one of these may be gone on with
        and is ``understood_text``); ``unsure``: the first of them is as likely as ``text``.
        """
        ...
