"""Restorer: the likeliest words behind a text whose characters were misheard or mistyped by their sound.

The noisy channel (Shannon 1948; for spelling: Kernighan, Church, Gale 1990): a path through the words that sound
like the text, found by Viterbi with a beam. Characters stay as they are unless they are clearly improbable.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from understanding.sounds import blurred, is_chinese, sound, syllables
from understanding.word_model import END, START, WordModel

_MISHEARD = 0.03
"""Share of characters that are wrong, as believed beforehand."""
_HOMOPHONES = 20
"""Characters that could stand for one by its sound."""
_BLURRED_AS_LIKELY = 0.03
"""How often a wrong character has a blurred sound (zh for z), against the same sound."""
_KEPT = math.log(1 - _MISHEARD)
_CHANGED = math.log(_MISHEARD / _HOMOPHONES)
_BLURRED = _CHANGED + math.log(_BLURRED_AS_LIKELY)

LONGEST_WORD = 4
_MOST_ALIKE = 14
"""Words of one sound that are tried, the commonest first."""
_BEAM = 6
"""Ways that are followed at each place."""
_LONGEST_TEXT = 120
"""Characters that are restored; what follows is left as it is, so that the cost has a bound."""

Candidates = dict[str, list[str]]
"""Words by their sound, syllables with blanks between."""


@dataclass(frozen=True)
class Restored:
    """What was most likely meant."""

    text: str
    """As long as the original: characters are replaced one by one."""
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Step:
    """The best way to a word that ends at some place."""

    score: float
    place: int
    before: str
    written: str


def tokens_of(words: Iterable[str]) -> Iterator[str]:
    """Words as the word model counts them: whatever is not Chinese is one kind of word."""
    for chinese, run in groupby(words, key=lambda word: all(map(is_chinese, word))):
        if chinese:
            yield from run
        else:
            yield _other("".join(run))


def candidates(model: WordModel) -> tuple[Candidates, Candidates]:
    """All words by their exact and by their blurred sound; a word read otherwise than its characters has both."""
    exact: dict[str, list[str]] = defaultdict(list)
    near: dict[str, list[str]] = defaultdict(list)
    known = {word for word in (*model.words, *model.general) if word != END and _is_word(word)}
    for word in sorted(known, key=lambda word: (-model.alone(word), word)):
        for key in dict.fromkeys((tuple(map(sound, word)), syllables(word))):
            _add(exact, key, word)
            if len(word) > 1:
                _add(near, tuple(map(blurred, key)), word)
    return dict(exact), dict(near)


def _add(table: dict[str, list[str]], key: tuple[str, ...], word: str) -> None:
    alike = table[" ".join(key)]
    if len(alike) < _MOST_ALIKE and word not in alike:
        alike.append(word)


class Restorer:
    """Read-only, shared by all conversations; about half a millisecond a sentence."""

    def __init__(self, model: WordModel, exact: Candidates, near: Candidates) -> None:
        self._model = model
        self._exact = exact
        self._near = near

    def restore(self, text: str) -> Restored:
        """Replace misheard characters; a text of known words stays what it is."""
        head, rest = text[:_LONGEST_TEXT], text[_LONGEST_TEXT:]
        if not head:
            return Restored("", ())
        sounds = [sound(sign) if is_chinese(sign) else "" for sign in head]
        ways: list[dict[str, _Step]] = [{} for _ in range(len(head) + 1)]
        ways[0][START] = _Step(0.0, 0, "", "")
        for place in range(len(head)):
            known = sorted(ways[place].items(), key=lambda way: -way[1].score)[:_BEAM]
            if known:
                self._extend(head, sounds, place, known, ways)
        words = self._way_back(ways)
        restored = "".join(words) + rest
        return Restored(restored, tuple(words) + ((rest,) if rest else ()))

    def _extend(
        self,
        text: str,
        sounds: list[str],
        place: int,
        known: list[tuple[str, _Step]],
        ways: list[dict[str, _Step]],
    ) -> None:
        for written, word, cost in self._words_at(text, sounds, place):
            alone = self._model.alone(word)
            score, before = max(
                (step.score + self._model.after(before, word, alone), before) for before, step in known
            )
            reached = ways[place + len(written)]
            if word not in reached or score + cost > reached[word].score:
                reached[word] = _Step(score + cost, place, before, written)

    def _words_at(self, text: str, sounds: list[str], place: int) -> Iterator[tuple[str, str, float]]:
        """What may have been meant from here on: as it is written, as the model counts it, and what it costs."""
        if not sounds[place]:
            end = next((at for at in range(place, len(text)) if sounds[at]), len(text))
            yield text[place:end], _other(text[place:end]), 0.0
            return
        for end in range(place + 1, min(place + LONGEST_WORD, len(text)) + 1):
            if not sounds[end - 1]:
                return
            heard, key = text[place:end], sounds[place:end]
            exact = self._exact.get(" ".join(key), [])
            near = self._near.get(" ".join(map(blurred, key)), []) if len(key) > 1 else []
            if len(key) == 1 or heard in self._model.words or heard in self._model.general:
                yield heard, heard, len(key) * _KEPT
            for word in dict.fromkeys((*exact, *near)):
                if word != heard:
                    yield word, word, _cost(word, heard, word in exact)

    def _way_back(self, ways: list[dict[str, _Step]]) -> list[str]:
        alone = self._model.alone(END)
        last = ways[-1]
        word = max(last, key=lambda word: last[word].score + self._model.after(word, END, alone))
        step, found = last[word], []
        while step.before:
            found.append(step.written)
            step = ways[step.place][step.before]
        return found[::-1]


def _cost(word: str, heard: str, exact: bool) -> float:
    return sum(
        _KEPT if meant == sign else _CHANGED if exact or sound(meant) == sound(sign) else _BLURRED
        for meant, sign in zip(word, heard, strict=True)
    )


def _is_word(word: str) -> bool:
    return len(word) <= LONGEST_WORD and all(map(is_chinese, word))


def _other(text: str) -> str:
    return re.sub(r"\d+", "0", text)
