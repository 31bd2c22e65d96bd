"""Lines: what is to be said, as Kokoro's tokens with the unit that every token sounds like."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NO_UNIT = -1
"""A token that is a gap between words or a punctuation mark."""


@dataclass(frozen=True)
class Line:
    """One thing to say. ``tokens`` are without the padding at both ends; ``units`` has one number a token."""

    text: str
    tokens: list[int]
    units: list[int]


def read_script(path: Path) -> Iterator[Line]:
    """Yield the lines of a script (one JSON object a line)."""
    with path.open(encoding="utf-8") as file:
        for row in file:
            yield Line(**json.loads(row))
