"""Lexicon: the words that can be recognised, and the units each is spoken with."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import jieba

from install.jieba_cache import private_jieba_folder
from speech_model.texts import bare
from voice.hearing.sound_units import NUMBER, SyllableUnknown, units_of
from voice.speech.pronunciation import pronounce

Pronunciation = tuple[int, ...]
"""Unit numbers."""

_RARE = 0.05
"""A reading that fewer than this share of a word's appearances have is left out."""


def segmenter(terms: Path) -> jieba.Tokenizer:
    """Return a tokeniser that knows the lender's terms (``word frequency tag`` a line)."""
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = private_jieba_folder()
    for line in terms.read_text("utf-8").splitlines():
        if line.strip():
            word, frequency, *_ = line.split()
            tokenizer.add_word(word, int(frequency))
    return tokenizer


def words_of(tokenizer: jieba.Tokenizer, sentences: Iterable[str]) -> list[list[str]]:
    """Cut sentences into words; letters and marks fall out."""
    return [
        [word for word in tokenizer.lcut(bare(text), HMM=False) if word] for text in sentences if bare(text)
    ]


class Lexicon:
    """Words with their readings, as isolated words and as the sentences have them."""

    def __init__(self) -> None:
        self._seen: dict[str, Counter[Pronunciation]] = {}

    def learn(self, sentences: Iterable[Sequence[str]]) -> None:
        """Take the readings that words have in sentences."""
        for words in sentences:
            syllables = [syllable for word in pronounce("".join(words)) for syllable in word]
            at = 0
            for word in words:
                self._add(word, syllables[at : at + len(word)])
                at += len(word)

    def learn_words(self, words: Iterable[str]) -> None:
        """Take the readings of words by themselves."""
        for word in words:
            if word not in self._seen:
                self._add(word, [syllable for part in pronounce(word) for syllable in part])

    def readings(self, word: str) -> list[Pronunciation]:
        """Return a word's readings, the usual ones first; none for a word that no Mandarin syllables spell."""
        seen = self._seen.get(word, Counter())
        least = _RARE * sum(seen.values())
        return [reading for reading, count in seen.most_common(4) if count >= least]

    def __contains__(self, word: str) -> bool:
        return word in self._seen

    def _add(self, word: str, syllables: Sequence[str]) -> None:
        if not re.fullmatch(r"[\u4e00-\u9fff]+", word):
            return
        try:
            reading = tuple(NUMBER[unit] for syllable in syllables for unit in units_of(syllable))
        except SyllableUnknown:
            return
        self._seen.setdefault(word, Counter())[reading] += 1
