"""General words: homophones in open speech set right by a Chinese 3-gram, where one is installed (docs/recognition.md).

Whisper hears the sounds and picks wrong characters. Each reading becomes a lattice of all words that sound like it,
and the way through it that the model finds likeliest, with a bonus for every character that stays, wins.
"""

import importlib
import json
import re
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jieba
from pypinyin import Style, lazy_pinyin, pinyin

from install.jieba_cache import private_jieba_folder
from voice.hearing.answer_forms import bare
from voice.hearing.domain_sentences import as_words, chinese_runs, example_texts
from voice.hearing.domain_words import START, Before, DomainWords
from voice.hearing.pinyin_correction import load_terms, syllables_of

FOLDER, MODEL, WORDS = "general-words", "zh_CN.lm", "words_by_sound.json"
"""In the models' folder: the 3-gram, and the words that it knows by their syllables."""

_LONGEST_WORD = 4
_LEAST_FREQUENCY = 3
_MOST_ALIKE = 24
"""Words of one sound that are tried, the commonest first."""

_BEAM = 5
_LONGEST = 60
"""Characters of a stretch that is looked at; longer ones stay as they are, so that the cost has a bound."""

_NAT = 2.302585
"""The model counts in powers of ten."""

_NUMERALS = frozenset("零一二三四五六七八九十百千万亿两点幺")
_CHINESE = re.compile("[一-鿿]+|[^一-鿿]+")


@dataclass(frozen=True)
class Trust:
    """What an engine's own choice counts for."""

    kept: float
    """Nats for a character that stays as it was heard."""
    share: float
    """How much a nat of the engine's counts against one of the model's."""


TRUST_IN_WHISPER = Trust(kept=4.0, share=5.0)

TIE = 3.0
"""Nats by which words may be behind the likeliest and still be told to the dialogue (bot/channels/best_reading.py)."""

DOMAIN_SHARE = 0.5
"""How much what is said of loans counts beside general Chinese."""


@dataclass(frozen=True)
class _Way:
    score: float
    text: str
    state: Any
    before: Before = (START, START)


class GeneralWords:
    """A KenLM model over words, and the words by their sound. Read-only, shared by all workers.

    With ``domain`` what is said of loans counts besides.
    """

    def __init__(
        self, kenlm: Any, model: Any, words: Mapping[str, Sequence[str]], domain: DomainWords | None = None
    ) -> None:
        self._kenlm, self._model, self._words, self._domain = kenlm, model, words, domain

    def likeliest(
        self, readings: Sequence[tuple[str, float]], trust: Trust = TRUST_IN_WHISPER
    ) -> tuple[str, ...]:
        """Return what was most likely meant by an engine's readings (simplified, log probability of the whole).

        Behind it what is about as likely and differs by more than marks.
        """
        found = sorted(
            ((*self.rewritten(text, trust.kept), trust.share * total) for text, total in readings),
            key=lambda one: -(one[0] + one[2]),
        )
        best = found[0][0] + found[0][2]
        meant: dict[str, str] = {}
        for score, words, of_engine in found:
            if score + of_engine >= best - TIE:
                meant.setdefault(bare(words), words)
        return tuple(meant.values())

    def rewritten(self, text: str, kept: float = TRUST_IN_WHISPER.kept) -> tuple[float, str]:
        """Return the likeliest homophones of a text and how likely they are; numbers and letters stay."""
        parts = [
            self._best_way(part, kept) if "一" <= part[0] <= "鿿" and len(part) <= _LONGEST else (0.0, part)
            for part in _CHINESE.findall(text)
        ]
        return sum(score for score, _ in parts), "".join(meant for _, meant in parts)

    def _best_way(self, text: str, kept: float) -> tuple[float, str]:
        sounds = syllables_of(text)
        start = self._kenlm.State()
        self._model.BeginSentenceWrite(start)
        ways: list[list[_Way]] = [[] for _ in range(len(text) + 1)]
        ways[0] = [_Way(0.0, "", start)]
        for at in range(len(text)):
            for way in _best(ways[at]):
                for end in range(at + 1, min(at + _LONGEST_WORD, len(text)) + 1):
                    ways[end] += [
                        self._further(way, word, text[at:end], kept)
                        for word in self._alike(text[at:end], " ".join(sounds[at:end]))
                    ]
        ended = [(self._further(way, "</s>", "", kept).score, way.text) for way in ways[-1]]
        return max(ended)

    def _alike(self, heard: str, sound: str) -> list[str]:
        if not _NUMERALS.isdisjoint(heard):
            return [heard] if len(heard) == 1 or heard in self._model else []
        words = list(self._words.get(sound, ()))
        if heard not in words and (len(heard) == 1 or heard in self._model):
            words.append(heard)
        return words

    def _further(self, way: _Way, word: str, heard: str, kept: float) -> _Way:
        state = self._kenlm.State()
        same = sum(one == other for one, other in zip(word, heard, strict=False))
        likely = _NAT * self._model.BaseScore(way.state, word, state)
        if self._domain is not None:
            likely = self._domain.mixed(likely, word, way.before)
        text = way.text + (word if heard else "")
        return _Way(way.score + likely + kept * same, text, state, (way.before[1], word))


def load_general_words(models_dir: Path, domain: DomainWords | None = None) -> GeneralWords | None:
    """Load what set-up put into the models' folder (install/general_model.py), or return None where it could not."""
    folder, kenlm = models_dir / FOLDER, load_kenlm()
    if kenlm is None or not (folder / WORDS).is_file():
        return None
    words: dict[str, list[str]] = json.loads((folder / WORDS).read_text(encoding="utf-8"))
    for word in domain.words if domain is not None else ():
        if 1 < len(word) <= _LONGEST_WORD:
            alike = words.setdefault(" ".join(lazy_pinyin(word)), [])
            alike += [word] if word not in alike else []
    return GeneralWords(kenlm, kenlm.Model(str(folder / MODEL)), words, domain)


def load_domain_words(data: Path, terms: Path, held_back: Container[str] = ()) -> DomainWords:
    """Count what is said of loans in ``data/*/nlu.yml``; once a process.

    ``held_back``: sentences (their Chinese characters alone) that are measured with, and must not be known.
    """
    texts = (text for text in example_texts(data) if "".join(chinese_runs(text)) not in held_back)
    return DomainWords(as_words(texts, load_terms(terms)), DOMAIN_SHARE)


def load_kenlm() -> Any | None:
    """Return the module, or None where there is no wheel of it for this machine."""
    try:
        return importlib.import_module("kenlm")
    except ImportError:
        return None


def words_by_sound(known: Any) -> dict[str, list[str]]:
    """Return jieba's words that ``known`` holds by their toneless syllables, the commonest first."""
    dictionary = jieba.Tokenizer()
    dictionary.tmp_dir = private_jieba_folder()
    dictionary.initialize()
    found: dict[str, list[str]] = defaultdict(list)
    for word, frequency in sorted(dictionary.FREQ.items(), key=lambda pair: -pair[1]):
        if frequency < _LEAST_FREQUENCY or not re.fullmatch("[一-鿿]{1,4}", word) or word not in known:
            continue
        for sound in _readings(word):
            if len(found[sound]) < _MOST_ALIKE:
                found[sound].append(word)
    return dict(found)


def _readings(word: str) -> set[str]:
    usual = {" ".join(lazy_pinyin(word))}
    return usual | set(pinyin(word, style=Style.NORMAL, heteronym=True)[0]) if len(word) == 1 else usual


def _best(ways: Sequence[_Way]) -> list[_Way]:
    """The likeliest ways, one for each of the last four characters."""
    kept: dict[str, _Way] = {}
    for way in sorted(ways, key=lambda way: -way.score):
        kept.setdefault(way.text[-_LONGEST_WORD:], way)
        if len(kept) == _BEAM:
            break
    return list(kept.values())
