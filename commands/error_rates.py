"""Error rates: how far a transcript is from what was said, in characters and in syllables."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from voice.hearing.clean_words import simplified
from voice.hearing.numerals import amounts_written_out, digits_written_out, written_out
from voice.hearing.pinyin_correction import syllables_of

_CHINESE = re.compile("[一-鿿]")
_DIGITS = re.compile("[零一二三四五六七八九X]+")
_WRITTEN_OUT: dict[str, Callable[[str], str]] = {
    "digits": lambda text: digits_written_out(text.upper()),
    "amount": amounts_written_out,
}
"""How figures become characters, by what was expected; elsewhere ``written_out``."""


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


def errors(said: str, heard: str, expect: str = "open") -> Errors:
    """Compare what was said with what was heard.

    Figures are written out as they are spoken on both sides, then Chinese characters alone count. Where digits are
    expected they go one by one (幺 as 一), the X of an ID card counts, and of something said with digits in it they
    alone do (尾号是 before them is no part of the answer); amounts are compared by their value.
    """
    said, heard = comparable(said, expect), comparable(heard, expect)
    if expect == "digits" and digits_of(said):
        said, heard = digits_of(said), digits_of(heard)
    said_syllables, heard_syllables = syllables_of(said), syllables_of(heard)
    return Errors(
        edit_distance(said, heard),
        len(said),
        edit_distance(said_syllables, heard_syllables),
        len(said_syllables),
    )


def comparable(text: str, expect: str = "open") -> str:
    """Return the characters that are compared."""
    text = _WRITTEN_OUT.get(expect, written_out)(simplified(text))
    return "".join(char for char in text if _CHINESE.match(char) or (expect == "digits" and char == "X"))


def digits_of(text: str) -> str:
    """Return the longest run of digits that are said one by one, and X, as characters: not the 四 of 后四位."""
    return max(_DIGITS.findall(comparable(text, "digits")), key=len, default="")


def edit_distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the least number of insertions, deletions and substitutions (Levenshtein)."""
    row = list(range(len(other) + 1))
    for index, left in enumerate(one):
        above, row = row, [index + 1]
        for column, right in enumerate(other):
            row.append(min(above[column] + (left != right), above[column + 1] + 1, row[column] + 1))
    return row[-1]
