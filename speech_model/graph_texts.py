"""Graph texts: what the language model reads. data/, figures as borrowers say them, and general words."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from speech_model.decoding_graph import Costs, write_graph
from speech_model.language_model import LanguageModel
from speech_model.lexicon import Lexicon, segmenter, words_of
from speech_model.texts import domain_sentences, figure_sayings, filled, pieces, variants

_FIGURES = 3000
_TERM_SHARE = 1 / 20_000
"""Frequency of a lender's term among general words, besides what the sentences say of it."""


@dataclass(frozen=True)
class GraphTexts:
    """Sentences cut into words, and general words with their frequency, the lender's terms among them."""

    sentences: list[list[str]]
    general: dict[str, float]


def graph_texts(
    data: Path, terms: Path, say: Callable[[str], str], general: Sequence[tuple[str, int]], seed: int = 0
) -> GraphTexts:
    """Return what the language model of a lender reads.

    ``say`` writes figures out as they are spoken; ``general`` are general words and characters with their frequency.
    """
    chance = random.Random(seed)
    tokenizer = segmenter(terms)
    plain = [piece for text in domain_sentences(data) for piece in pieces(say(filled(text, chance)))]
    said = [piece for text in variants(plain, chance) for piece in pieces(text)]
    figures = [piece for text in figure_sayings(_FIGURES, chance) for piece in pieces(say(text))]
    sentences = words_of(tokenizer, [*plain, *plain, *said, *figures])
    frequencies = {word: float(count) for word, count in general}
    least = sum(frequencies.values()) * _TERM_SHARE
    for line in terms.read_text("utf-8").splitlines():
        if line.strip():
            word = line.split()[0]
            frequencies[word] = frequencies.get(word, 0) + least
    return GraphTexts(sentences, frequencies)


def write_whole_graph(folder: Path, texts: GraphTexts, costs: Costs) -> int:
    """Write the graph of a model with our units; return the number of words."""
    lexicon = Lexicon()
    lexicon.learn(texts.sentences)
    lexicon.learn_words(texts.general)
    return write_graph(folder, LanguageModel(texts.sentences, texts.general), lexicon, costs)
