"""Word model: how likely a word is after another, from the examples and from jieba's dictionary of general Chinese.

A bigram model with absolute discounting (Ney, Essen, Kneser, "On structuring probabilistic dependences in stochastic
language modelling", 1994) over the examples, falling back on word frequencies.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

START = "^"
END = "$"

_OWN_SHARE = 0.85
"""Weight of the examples against the general dictionary, in the frequency of a single word."""
_DISCOUNT = 0.5
_TRUST = 5.0
"""A word seen this often as the first of a pair is believed half by its pairs, half by plain frequency."""
_LEAST = 1e-9
"""Probability of a word that neither knows."""


@dataclass(frozen=True)
class WordModel:
    """Counts. Read-only, shared by all conversations."""

    words: dict[str, int]
    """Of the examples; END is one of them."""
    pairs: dict[tuple[str, str], int]
    general: dict[str, int]
    """Of the dictionary."""

    @staticmethod
    def learn(sentences: Iterable[Sequence[str]], general: dict[str, int]) -> "WordModel":
        """Count the words of the examples."""
        words: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        for sentence in sentences:
            told = [*sentence, END]
            words.update(told)
            pairs.update(zip([START, *sentence], told, strict=True))
        return WordModel(dict(words), dict(pairs), general)

    def alone(self, word: str) -> float:
        """Probability of the word, whatever stands before it."""
        own = self.words.get(word, 0) / self._told
        common = self.general.get(word, 0) / self._general_total
        return max(_LEAST, _OWN_SHARE * own + (1 - _OWN_SHARE) * common)

    def after(self, before: str, word: str, alone: float) -> float:
        """Logarithm of the probability of ``word`` after ``before``; ``alone`` is its probability alone."""
        count, kinds = self._firsts.get(before, (0, 0))
        if not count:
            return math.log(alone)
        seen = max(self.pairs.get((before, word), 0) - _DISCOUNT, 0.0)
        return math.log((seen + (_DISCOUNT * kinds + _TRUST) * alone) / (count + _TRUST))

    @cached_property
    def _told(self) -> int:
        return sum(self.words.values()) or 1

    @cached_property
    def _general_total(self) -> int:
        return sum(self.general.values()) or 1

    @cached_property
    def _firsts(self) -> dict[str, tuple[int, int]]:
        """How often a word begins a pair, and how many different pairs."""
        counts: Counter[str] = Counter()
        kinds: Counter[str] = Counter()
        for (before, _), count in self.pairs.items():
            counts[before] += count
            kinds[before] += 1
        return {word: (count, kinds[word]) for word, count in counts.items()}
