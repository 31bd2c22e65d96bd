"""Boundaries: sentences that people mean in two ways, read from data/boundaries/two_meanings.yml."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from understanding.sounds import syllables

Meanings = tuple[str, str]
"""Two intents."""


@dataclass(frozen=True)
class Boundaries:
    """Patterns over syllables, so that homophones match as well, each with its two meanings."""

    patterns: tuple[tuple[re.Pattern[str], Meanings], ...]

    @staticmethod
    def read(path: Path) -> "Boundaries":
        """From the file that explains itself. Raises KeyError or ValueError where it is malformed."""
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        before, after = (f"(?:{_either(content[name])})*" for name in ("polite_before", "polite_after"))
        return Boundaries(
            tuple(
                (re.compile(before + _sentence(one["parts"]) + after), _meanings(one["between"]))
                for one in content["two_meanings"]
            )
        )

    def meanings(self, text: str) -> Meanings | None:
        """The two meanings of the whole text, or None when it is none of these sentences."""
        heard = _sounds(text)
        return next((both for pattern, both in self.patterns if pattern.fullmatch(heard)), None)


def _sentence(parts: list[list[str]]) -> str:
    return "".join(f"(?:{_either(part)})" for part in parts)


def _either(choices: list[str]) -> str:
    return "|".join(re.escape(_sounds(choice)) for choice in choices)


def _sounds(text: str) -> str:
    """Each syllable closed by a mark, so that none can match the beginning of another."""
    return "".join(f"{syllable}|" for syllable in syllables(text))


def _meanings(names: list[Any]) -> Meanings:
    first, second = map(str, names)
    return first, second
