"""Error rates: how far a transcript is from what was said, in characters and in syllables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from voice.hearing import simplified
from voice.numerals import digits_written_out, written_out
from voice.pinyin_correction import syllables_of

_CHINESE = re.compile("[一-鿿]")


@dataclass(frozen=True)
class Errors:
    """Edit distances of one item, with the lengths they count against."""

    characters: int
    character_count: int
    syllables: int
    syllable_count: int

    @property
    def right(self) -> bool:
        """Nothing is wrong in it."""
        return self.characters == 0


def errors(said: str, heard: str, digits: bool = False) -> Errors:
    """Compare what was said with what was heard.

    Figures are written out as they are spoken on both sides (with ``digits`` one by one, 幺 as 一), then Chinese
    characters alone count; the X of an ID card counts as a character where digits are compared.
    """
    said, heard = comparable(said, digits), comparable(heard, digits)
    said_syllables, heard_syllables = syllables_of(said), syllables_of(heard)
    return Errors(
        edit_distance(said, heard),
        len(said),
        edit_distance(said_syllables, heard_syllables),
        len(said_syllables),
    )


def comparable(text: str, digits: bool = False) -> str:
    """Return the characters that are compared."""
    text = simplified(text)
    text = digits_written_out(text.upper()) if digits else written_out(text)
    return "".join(char for char in text if _CHINESE.match(char) or char == "〇" or (digits and char == "X"))


def edit_distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the least number of insertions, deletions and substitutions (Levenshtein)."""
    row = list(range(len(other) + 1))
    for index, left in enumerate(one):
        above, row = row, [index + 1]
        for column, right in enumerate(other):
            row.append(min(above[column] + (left != right), above[column + 1] + 1, row[column] + 1))
    return row[-1]
