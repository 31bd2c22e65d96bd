"""Evaluation: the model before and the candidate side by side, on sentences that neither was taught."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from commands.nlu_scores import Decision, scores
from teaching.examples import Example, key_of
from teaching.likeness import alike, pairs_of

SHOWN = 12
"""Sentences that are given as examples of one kind of change."""


@dataclass(frozen=True)
class Label:
    """A sentence whose meaning a person has confirmed, and where it was said (empty: of the committed set)."""

    intent: str
    text: str
    conversation: str = ""


@dataclass(frozen=True)
class HeldOut:
    """What may be measured on, and how many labels may not."""

    labels: list[Label]
    same_conversation: int
    same_words: int


def held_out(labels: Iterable[Label], taught: Sequence[Example], conversations: frozenset[str]) -> HeldOut:
    """The labels that say something: none of a conversation that gave an example, none like a taught sentence.

    ``taught`` is everything new since the checkout's own data; two sentences are alike by template
    (teaching/likeness.py) or when they differ in punctuation only.
    """
    keys, pairs = {key_of(one.text) for one in taught}, [pairs_of(one.text) for one in taught]
    kept: dict[str, Label] = {}
    by_conversation = by_words = 0
    for label in labels:
        own = pairs_of(label.text)
        if label.conversation in conversations:
            by_conversation += 1
        elif key_of(label.text) in keys or any(alike(own, other) for other in pairs):
            by_words += 1
        else:
            kept.setdefault(key_of(label.text), label)
    return HeldOut(list(kept.values()), by_conversation, by_words)


def compared(
    labels: Sequence[Label], before: Sequence[Decision], after: Sequence[Decision]
) -> dict[str, Any]:
    """Accuracy before and after, the intents that changed, and the sentences that did."""
    meant = [label.intent for label in labels]
    if not meant:
        return {"n": 0, "before": None, "after": None, "intents": [], "better": [], "worse": []}
    better: list[dict[str, str]] = []
    worse: list[dict[str, str]] = []
    for label, old, new in zip(labels, before, after, strict=True):
        gain = new.credit(label.intent) - old.credit(label.intent)
        flip = {"text": label.text, "intent": label.intent, "before": _said(old), "after": _said(new)}
        if gain:
            (better if gain > 0 else worse).append(flip)
    return {
        "n": len(meant),
        "before": _told(scores(meant, before)),
        "after": _told(scores(meant, after)),
        "intents": _intents(labels, before, after),
        "better": better[:SHOWN],
        "worse": worse[:SHOWN],
        "better_n": len(better),
        "worse_n": len(worse),
    }


def regressions(
    tests: Sequence[Example], before: Sequence[Decision], after: Sequence[Decision]
) -> dict[str, Any]:
    """Which corrected sentences are understood now; an ask-back that offers the meaning is no pass."""
    failed = [
        {"text": one.text, "intent": one.intent, "after": _said(new)}
        for one, new in zip(tests, after, strict=True)
        if new.intent != one.intent
    ]
    passed_before = sum(old.intent == one.intent for one, old in zip(tests, before, strict=True))
    return {
        "n": len(tests),
        "passed": len(tests) - len(failed),
        "passed_before": passed_before,
        "failed": failed[:SHOWN],
    }


def moved(texts: Sequence[str], before: Sequence[Decision], after: Sequence[Decision]) -> dict[str, Any]:
    """What of recent customers' sentences, unlabelled, would be taken for something else now."""
    flips = [(_said(old), _said(new), text) for text, old, new in zip(texts, before, after, strict=True)]
    flips = [flip for flip in flips if flip[0] != flip[1]]
    kinds = Counter((old, new) for old, new, _ in flips)
    return {
        "n": len(texts),
        "changed": len(flips),
        "kinds": [
            {
                "before": old,
                "after": new,
                "n": n,
                "examples": [text for one, two, text in flips if (one, two) == (old, new)][:3],
            }
            for (old, new), n in kinds.most_common(SHOWN)
        ],
    }


def _intents(
    labels: Sequence[Label], before: Sequence[Decision], after: Sequence[Decision]
) -> list[dict[str, Any]]:
    """Of every intent whose sentences are answered otherwise: how many there are, right before and right now."""
    found = []
    for intent in sorted({label.intent for label in labels}):
        pairs = [
            (old.credit(intent), new.credit(intent))
            for label, old, new in zip(labels, before, after, strict=True)
            if label.intent == intent
        ]
        if any(old != new for old, new in pairs):
            right = {"before": sum(old for old, _ in pairs), "after": sum(new for _, new in pairs)}
            found.append({"intent": intent, "n": len(pairs)} | right)
    return found


def _said(decision: Decision) -> str:
    """The intent, or the two that are asked back about."""
    return "/".join(decision.offered) or decision.intent


def _told(all_scores: dict[str, Any]) -> dict[str, Any]:
    return {key: all_scores[key] for key in ("accuracy", "macro_f1", "ask_back", "false_reject")}
