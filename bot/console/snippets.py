"""Snippets: the sentence of a conversation that a search found, with the words that it found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.console.search_words import Asked

AROUND = 12
"""Characters shown before the first word found: few enough that a tablet's narrow line still shows that word."""
LONGEST = 90


@dataclass(frozen=True)
class Snippet:
    """A piece of what somebody said: texts in turn plain and found, so that a template needs to trust nothing."""

    speaker: str
    """``customer`` or ``bot``."""
    parts: tuple[tuple[str, bool], ...]
    """(text, whether it was searched for)."""


def best_snippet(said: Sequence[tuple[str, str]], asked: Sequence[Asked]) -> Snippet | None:
    """The earliest of the sentences with the most of the words; None when none has any."""
    best: tuple[int, str, str] | None = None
    for speaker, text in said:
        lower = text.lower()
        found = sum(10 if one.word in lower else any(part in lower for part in one.parts) for one in asked)
        if found and (best is None or found > best[0]):
            best = (found, speaker, text)
    if best is None:
        return None
    _, speaker, text = best
    return Snippet(speaker, _parts(text, _pattern(text.lower(), asked)))


def _pattern(text: str, asked: Sequence[Asked]) -> re.Pattern[str]:
    """What to mark: the words themselves; the parts only of words that are not there as a whole."""
    marks = [mark for one in asked for mark in ((one.word,) if one.word in text else one.parts)]
    return re.compile("|".join(map(re.escape, sorted(marks, key=len, reverse=True))), re.IGNORECASE)


def _parts(text: str, pattern: re.Pattern[str]) -> tuple[tuple[str, bool], ...]:
    first = pattern.search(text)
    start = max(0, (first.start() if first else 0) - AROUND)
    shown = (
        ("…" if start else "") + text[start : start + LONGEST] + ("…" if start + LONGEST < len(text) else "")
    )
    parts: list[tuple[str, bool]] = []
    at = 0
    for match in pattern.finditer(shown):
        if match.start() > at:
            parts.append((shown[at : match.start()], False))
        parts.append((match.group(), True))
        at = match.end()
    if at < len(shown):
        parts.append((shown[at:], False))
    return tuple(parts)
