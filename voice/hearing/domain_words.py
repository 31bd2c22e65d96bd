"""Domain words: a small 3-gram of what is said in calls about loans, to stand beside the general one.

Absolute discounting (Ney, Essen, Kneser 1994), interpolated down to single words; what was never seen is left to the
general model, with which it is mixed (Jelinek and Mercer 1980).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

START, END = "<s>", "</s>"
_DISCOUNT = 0.7

Before = tuple[str, str]
"""The two words before."""


class DomainWords:
    """How likely a word is after two others, among sentences about loans. Read-only, shared by all workers."""

    def __init__(self, sentences: Iterable[Sequence[str]], share: float) -> None:
        """``sentences``: as words. ``share`` (0..1): how much they count beside the general model."""
        self._share = share
        self._after: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for words in sentences:
            padded = [START, START, *words, END]
            for at in range(2, len(padded)):
                for order in range(3):
                    self._after[tuple(padded[at - order : at])][padded[at]] += 1
        self._totals = {before: sum(seen.values()) for before, seen in self._after.items()}

    @property
    def words(self) -> list[str]:
        """All words of the sentences."""
        return [word for word in self._after[()] if word != END]

    def probability(self, word: str, before: tuple[str, ...]) -> float:
        """How likely it is, 0 for words that are in no sentence."""
        if not before:
            return self._after[()][word] / max(self._totals.get((), 0), 1)
        shorter = self.probability(word, before[1:])
        total = self._totals.get(before)
        if not total:
            return shorter
        seen = self._after[before]
        return max(seen[word] - _DISCOUNT, 0) / total + _DISCOUNT * len(seen) / total * shorter

    def mixed(self, general: float, word: str, before: Before) -> float:
        """The natural logarithm of both models' probability together; ``general`` is the other one's logarithm."""
        own = self.probability(word, before)
        return math.log((1 - self._share) * math.exp(general) + self._share * own)
