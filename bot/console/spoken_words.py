"""Spoken words: when each word of an utterance sounds, as far as that can be told from its beginning and its end.

Neither the recognisers nor the synthesiser give the times of words, so the known time of an utterance is spread over
its syllables: every Chinese character, digit and letter is one, a comma or a full stop of the bot's is a pause of one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.console.search_words import cut_whole

_SYLLABLE = re.compile(r"[\u4e00-\u9fff]|\d|[A-Za-z]|\*")
_PAUSE = re.compile(r"[，。！？；：、]")
_MASK = re.compile(r"(〔[^〕]*〕)")
_MASKED_SYLLABLES = 4
"""Of a number that is masked: four of its digits are the least."""


@dataclass(frozen=True)
class SpokenWord:
    """A word, and the milliseconds of the call's recording in which it sounds."""

    text: str
    start_ms: int
    end_ms: int


def spread(text: str, start_ms: int, end_ms: int, pauses: bool) -> list[SpokenWord]:
    """The words of an utterance over its time; punctuation stays with the word before it."""
    words = words_with_signs(text)
    weights = [_weight(word, pauses) for word in words]
    total, done, spoken = sum(weights) or 1, 0, list[SpokenWord]()
    length = max(0, end_ms - start_ms)
    for word, weight in zip(words, weights, strict=True):
        begin, done = done, done + weight
        spoken.append(SpokenWord(word, start_ms + begin * length // total, start_ms + done * length // total))
    return spoken


def words_with_signs(text: str) -> list[str]:
    """The words of a text, all its characters kept: a word takes the signs and blanks behind it along."""
    words: list[str] = []
    for piece in _MASK.split(text):
        for word in [piece] if piece.startswith("〔") else cut_whole(piece):
            if words and not _SYLLABLE.search(word):
                words[-1] += word
            elif word:
                words.append(word)
    return words


def lines_of(words: Sequence[SpokenWord], lines: Sequence[str]) -> list[list[SpokenWord]]:
    """Words of several lines, spread as one, given back to their lines."""
    found: list[list[SpokenWord]] = []
    at = 0
    for line in lines:
        held, length = list[SpokenWord](), 0
        while at < len(words) and length < len(line):
            held.append(words[at])
            length += len(words[at].text)
            at += 1
        found.append(held)
    return found


def _weight(word: str, pauses: bool) -> int:
    syllables = _MASKED_SYLLABLES if word.startswith("〔") else len(_SYLLABLE.findall(word))
    return syllables + (len(_PAUSE.findall(word)) if pauses else 0)
