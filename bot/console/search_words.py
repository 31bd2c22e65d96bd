"""Search words: Chinese text cut by jieba into what a search finds, and what somebody typed into what it asks for."""

import logging
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import jieba

from install.jieba_cache import private_jieba_folder

LOAN_TERMS = Path(__file__).parents[2] / "data" / "jieba" / "loan_terms.txt"
_PIECES = re.compile(r"[0-9a-z]+|[\u4e00-\u9fff]+")
"""Only these become words: each is one token for SQLite and for PostgreSQL, whatever surrounds it."""

_PHRASES = re.compile(r"[\"“”＂]([^\"“”＂]+)[\"“”＂]|「([^「」]+)」")
"""Words between quotation marks of whatever keyboard."""

WORDS_ASKED = 12
"""Of what somebody types, as many words count."""

PAIRS_ASKED = 20
"""Of a phrase, as many pairs of characters are looked up; the text itself is compared in any case."""

_lock = threading.Lock()
_cutters: list[jieba.Tokenizer] = []


@dataclass(frozen=True)
class Asked:
    """One word that must occur: itself, or else all of its parts. Or a phrase that must occur as it is."""

    word: str
    parts: tuple[str, ...] = ()
    exact: bool = False

    @property
    def tokens(self) -> tuple[str, ...]:
        """Of a phrase: what every text that holds it is found by."""
        found: dict[str, None] = {}
        for piece in _PIECES.findall(self.word):
            found |= dict.fromkeys([piece] if piece[0].isascii() or len(piece) == 1 else _pairs(piece))
        return tuple(found)[:PAIRS_ASKED]

    def occurs_in(self, text: str) -> bool:
        """Whether a text holds the phrase, in whatever case."""
        return self.word in text.lower()

    @property
    def marks(self) -> tuple[str, ...]:
        """What to highlight, longest first."""
        return (self.word, *sorted(self.parts, key=len, reverse=True))


@lru_cache(maxsize=50_000)
def words_of(text: str) -> frozenset[str]:
    """Everything that a text is found by: its words, the words within them, and its single characters.

    The characters find a part of a word (还 of 还款). Most replies come word for word from a few sentences: they are
    cut once.
    """
    found: set[str] = set()
    for piece in _PIECES.findall(text.lower()):
        if piece[0].isascii():
            found.add(piece)
        else:
            found.update(_cutter().cut_for_search(piece, HMM=False))
            found.update(piece)
    return frozenset(found)


@lru_cache(maxsize=5_000)
def pairs_of(text: str) -> frozenset[str]:
    """Neighbouring characters that are no word of the text: with the words they hold every phrase of it together."""
    pieces = [piece for piece in _PIECES.findall(text.lower()) if not piece[0].isascii()]
    return frozenset(pair for piece in pieces for pair in _pairs(piece)) - words_of(text)


def cut_whole(text: str) -> list[str]:
    """The words of a text one after the other; together they are the text."""
    return list(_cutter().cut(text, HMM=False))


def _pairs(piece: str) -> list[str]:
    return [piece[at : at + 2] for at in range(len(piece) - 1)]


def asked_words(text: str) -> tuple[Asked, ...]:
    """The phrases that a search demands, then its words, in the order they were typed; each once."""
    asked: dict[str, Asked] = {}
    for match in _PHRASES.finditer(text.lower()):
        phrase = " ".join((match[1] or match[2]).split())
        if _PIECES.search(phrase):
            asked.setdefault(phrase, Asked(phrase, exact=True))
    for piece in _PIECES.findall(_PHRASES.sub(" ", text.lower())):
        if piece[0].isascii():
            asked.setdefault(piece, Asked(piece))
            continue
        for word in _cutter().cut(piece, HMM=False):
            asked.setdefault(word, Asked(word, _parts(word)))
    return tuple(asked.values())[:WORDS_ASKED]


def _parts(word: str) -> tuple[str, ...]:
    """Shorter words that cover it: what a text that was cut elsewhere (还款日期) holds of it (还款日)."""
    if len(word) < 2:
        return ()
    shorter = [part for part in _cutter().cut_for_search(word, HMM=False) if part != word]
    covered = set("".join(shorter))
    return tuple(dict.fromkeys([*shorter, *(character for character in word if character not in covered)]))


def prefixed(prefix: str, words: Iterable[str]) -> set[str]:
    """The words as tokens of one kind: ``c_还款`` was said by the customer, ``b_还款`` by the bot."""
    return {f"{prefix}_{word}" for word in words}


def _cutter() -> jieba.Tokenizer:
    """A tokenizer of our own, made when it is first needed: others add words to jieba's, and an index must not change
    with who was loaded first."""
    if not _cutters:
        with _lock:
            if not _cutters:
                jieba.setLogLevel(logging.WARNING)
                cutter = jieba.Tokenizer()
                cutter.tmp_dir = private_jieba_folder()
                cutter.initialize()
                for line in LOAN_TERMS.read_text(encoding="utf-8").splitlines():
                    if line.strip():
                        cutter.add_word(line.split()[0])
                _cutters.append(cutter)
    return _cutters[0]
