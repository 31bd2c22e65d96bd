"""Language model: word trigrams with absolute discounting (Ney et al. 1994), general words behind them."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from speech_model.fst_binary import Arc, Transducer

START, END = "<s>", "</s>"
_DISCOUNT = 0.65
_LEAST = 1e-9

History = tuple[str, ...]


class LanguageModel:
    """Probabilities of a word after at most two others. ``general`` is a plain frequency of words."""

    def __init__(
        self, sentences: Iterable[Sequence[str]], general: Mapping[str, float], general_share: float = 0.1
    ) -> None:
        self.counts: dict[History, Counter[str]] = defaultdict(Counter)
        for words in sentences:
            padded = [START, *words, END]
            for place in range(1, len(padded)):
                for order in range(3):
                    if place - order >= 0:
                        self.counts[tuple(padded[place - order : place])][padded[place]] += 1
        self._unigrams = _mixed(self.counts[()], general, general_share)

    @property
    def words(self) -> list[str]:
        """All words that can be recognised."""
        return [word for word in self._unigrams if word != END]

    def probability(self, word: str, history: History) -> float:
        """Interpolated probability; history () is the word by itself."""
        if not history:
            return self._unigrams.get(word, _LEAST)
        shorter = self.probability(word, history[1:])
        seen = self.counts.get(history)
        if not seen:
            return shorter
        total = sum(seen.values())
        return max(seen[word] - _DISCOUNT, 0) / total + self.backoff(history) * shorter

    def backoff(self, history: History) -> float:
        """Share of a history's probability that words never seen after it get."""
        seen = self.counts[history]
        return _DISCOUNT * len(seen) / sum(seen.values())

    def histories(self, least: int) -> list[History]:
        """Return the histories worth a state: all single words, and pairs seen ``least`` times."""
        found = [history for history in self.counts if len(history) == 1]
        pairs = [
            history
            for history, seen in self.counts.items()
            if len(history) == 2 and sum(seen.values()) >= least
        ]
        return [(), *found, *pairs]


def grammar(model: LanguageModel, numbers: Mapping[str, int], least: int = 2) -> Transducer:
    """Return the model as an acceptor over word numbers; backing off is an arc without a label.

    Words without a number (no reading) are left out; ``least`` is how often a pair of words must have been seen.
    """
    histories = model.histories(least)
    state = {history: place for place, history in enumerate(histories)}
    arcs: list[list[Arc]] = []
    finals: dict[int, float] = {}
    for place, history in enumerate(histories):
        followers = model.counts[history] if history else dict.fromkeys([*model.words, END], 1)
        leaving: list[Arc] = []
        for word in followers:
            cost = -math.log(model.probability(word, history))
            if word == END:
                finals[place] = cost
            elif word in numbers:
                leaving.append((numbers[word], numbers[word], cost, _next(state, history, word)))
        if history:
            leaving.append((0, 0, -math.log(model.backoff(history)), state[history[1:]]))
        arcs.append(leaving)
    return Transducer(arcs, finals, start=state[(START,)])


def _next(state: Mapping[History, int], history: History, word: str) -> int:
    """The state of the longest history that a word ends."""
    longer = (*history, word)[-2:]
    while longer not in state:
        longer = longer[1:]
    return state[longer]


def _mixed(seen: Counter[str], general: Mapping[str, float], share: float) -> dict[str, float]:
    total, general_total = sum(seen.values()), sum(general.values())
    share = share if general_total else 0.0
    words = {**dict.fromkeys(seen), **dict.fromkeys(general)}
    return {
        word: (1 - share) * seen[word] / total + share * general.get(word, 0) / (general_total or 1)
        for word in words
    }
