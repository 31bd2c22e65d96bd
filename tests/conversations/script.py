"""Script: a conversation written down in YAML; the format is explained in docs/dialogue.md."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_TURN_KEYS = {
    "user",
    "bot",
    "bot_not",
    "intent",
    "expects",
    "figures",
    "quote",
    "next",
    "verified",
    "uninterruptible",
    "quick_replies",
    "slow",
    "answers",
}
_SCRIPT_KEYS = {
    "story",
    "class",
    "channel",
    "line",
    "input",
    "about",
    "turns",
    "recorded",
    "then_dials_again",
}


CLASSES = (
    "happy",
    "correction",
    "cancellation",
    "digression",
    "disambiguation",
    "identity",
    "out_of_scope",
    "abuse_and_tricks",
    "fallback",
    "several_answers",
    "context",
    "dictation",
)
"""What a conversation is about, as a test: every class has several (test_scripts.py)."""


@dataclass(frozen=True)
class Step:
    """One utterance and what has to come back."""

    user: str
    bot: tuple[str, ...] = ()
    """Each must be in the reply."""
    bot_not: tuple[str, ...] = ()
    intent: str | None = None
    expects: str | None = None
    """``yes_no``, ``digits 4``, …"""
    figures: tuple[str, ...] = ()
    """Each must be among the turn's figures, with the database's own value; ``none`` = no figure at all."""
    quote: tuple[int, int] | None = None
    """Amount in fen and term in months: the figures of the cheapest quote."""
    next: str = "continue"
    verified: bool | None = None
    uninterruptible: str | None = None
    """Words that must stand in a message that cannot be interrupted."""
    quick_replies: int = 0
    """At least so many are offered."""
    slow: bool | None = None
    """Whether every message of the reply is to be said slowly."""
    input: str = "text"
    answers: int = 1
    """Questions of this utterance that the reply answers."""


@dataclass(frozen=True)
class Script:
    """A whole conversation."""

    name: str
    story: str
    kind: str
    """One of CLASSES."""
    channel: str
    line: str | None
    about: str | None
    """The person whose figures are true here."""
    steps: tuple[Step, ...]
    recorded: tuple[dict[str, Any], ...]
    """Service requests that must be there at the end, and no others. ``says``: words of the summary."""
    then_dials_again: tuple[Step, ...]
    """Steps of a second call from the same line."""


def read_script(path: Path) -> Script:
    """Read one file. Unknown keys are an error: a misspelt check would never fail."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(content) <= _SCRIPT_KEYS, f"{path.name}: unknown keys {set(content) - _SCRIPT_KEYS}"
    assert content.get("class") in CLASSES, (
        f"{path.name}: class {content.get('class')!r} is none of {CLASSES}"
    )
    default_input = content.get("input", "text")
    return Script(
        name=path.stem,
        story=content["story"],
        kind=content["class"],
        channel=content.get("channel", "chat"),
        line=content.get("line"),
        about=content.get("about"),
        steps=tuple(_step(turn, default_input) for turn in content["turns"]),
        recorded=tuple(content.get("recorded", ())),
        then_dials_again=tuple(_step(turn, default_input) for turn in content.get("then_dials_again", ())),
    )


def _step(turn: dict[str, Any], default_input: str) -> Step:
    kinds = _TURN_KEYS | {"input"}
    assert set(turn) <= kinds, f"unknown keys {set(turn) - kinds}"
    assert len(turn) > 1, f"a turn without a check can't fail: {turn}"
    lists = {key: tuple(_listed(turn[key])) for key in ("bot", "bot_not", "figures") if key in turn}
    quote = tuple(turn["quote"]) if "quote" in turn else None
    rest = {key: value for key, value in turn.items() if key not in lists and key != "quote"}
    return Step(**({"input": default_input} | rest | lists), quote=quote)


def _listed(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
