"""Pinyin correction: words that sound like a term of lending, and make no sense as heard, become that term."""

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

import jieba
from pypinyin import Style, lazy_pinyin, pinyin

from install.jieba_cache import private_jieba_folder

_MAX_TERM = 8
"""Characters of the longest term looked for."""

_RARE_WORD = 60
"""A dictionary word of at most this frequency (jieba's counts, of 60 million) gives way to a term that sounds alike."""

_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("h", "f"), ("r", "l"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"), ("uang", "uan"))
"""Initials and finals that speakers from many regions, and telephone lines, do not keep apart."""

_CHANGED_TERM_SYLLABLES = 3
"""From this length on a term is also recognised by blurred sounds; shorter ones only by exact syllables."""


_CONFUSED = {
    "与其": ("逾期", re.compile("不如|宁|莫若|还不|倒不")),
    "放宽": ("放款", re.compile("政策|条件|限制|要求|标准|期限|心")),
    "胜于": ("剩余", re.compile("[不好强大高优]")),
    "带过款": ("贷过款", re.compile("款[项式]")),
}
"""Common words that borrowers nearly never mean, with what shows that this time they do."""


@dataclass(frozen=True)
class _Token:
    start: int
    end: int
    frequency: int


class PinyinCorrection:
    """The terms of one vocabulary file, looked up by toneless pinyin. Read-only: shared by all calls."""

    def __init__(self, terms: list[str]) -> None:
        self._words = jieba.Tokenizer()
        self._words.tmp_dir = private_jieba_folder()
        jieba.setLogLevel("ERROR")
        self._words.initialize()
        self._general = dict.copy(self._words.FREQ)
        self._terms = {term for term in terms if 2 <= len(term) <= _MAX_TERM and _is_chinese(term)}
        for term in self._terms:
            self._words.add_word(term)
        self._exact: dict[str, str] = {}
        self._blurred: dict[str, str] = {}
        for term in sorted(self._terms, key=len):
            for syllables in _readings(term):
                self._exact.setdefault(" ".join(syllables), term)
                if len(syllables) >= _CHANGED_TERM_SYLLABLES:
                    self._blurred.setdefault(_blur(syllables), term)

    def correct(self, text: str) -> str:
        """Return ``text`` with misheard terms set right; anything that reads as ordinary words stays."""
        for heard, (meant, unless) in _CONFUSED.items():
            if heard in text and not unless.search(text):
                text = text.replace(heard, meant)
        if len(text) < 2:
            return text
        syllables = syllables_of(text)
        tokens = self._tokens(text)
        corrected, at = "", 0
        while at < len(text):
            end, term = self._term_at(text, syllables, tokens, at)
            corrected += term or text[at]
            at = end if term else at + 1
        return corrected

    def _term_at(
        self, text: str, syllables: list[str], tokens: list[_Token], at: int
    ) -> tuple[int, str | None]:
        for end in range(min(at + _MAX_TERM, len(text)), at + 1, -1):
            heard = text[at:end]
            if heard in self._terms:
                return end, heard
            if not _is_chinese(heard):
                continue
            term = self._exact.get(" ".join(syllables[at:end])) or self._blurred.get(_blur(syllables[at:end]))
            if term is not None and self._may_replace(tokens, at, end, text, term):
                return end, term
        return at, None

    def _may_replace(self, tokens: list[_Token], start: int, end: int, text: str, term: str) -> bool:
        """Only what the dictionary cannot explain: no word may cross the edges, no common word be changed."""
        for token in tokens:
            if token.end <= start or token.start >= end or token.end - token.start == 1:
                continue
            if token.start < start or token.end > end:
                return False
            if term[token.start - start : token.end - start] == text[token.start : token.end]:
                continue
            filled = token.end - token.start == end - start
            most = _RARE_WORD if filled or end - start < _CHANGED_TERM_SYLLABLES else 20 * _RARE_WORD
            if token.frequency > most:
                return False
        return True

    def _tokens(self, text: str) -> list[_Token]:
        tokens = []
        for word, start, end in self._words.tokenize(text, HMM=False):
            known = _RARE_WORD + 10**9 if word in self._terms else self._general.get(word, 0)
            tokens.append(_Token(start, end, known))
        return tokens


def syllables_of(text: str) -> list[str]:
    """Return one toneless syllable a Chinese character; any other character stands for itself."""
    syllables: list[str] = []
    for stretch in re.findall("[一-鿿]+|[^一-鿿]+", text):
        syllables += lazy_pinyin(stretch) if _is_chinese(stretch) else list(stretch)
    return syllables


def load_terms(path: Path) -> list[str]:
    """Return the words of a jieba user dictionary (``word freq tag`` a line); an absent file has none."""
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]


def _readings(term: str) -> list[tuple[str, ...]]:
    """Return the toneless readings of a term: 还款 is huan kuan, but recognisers that write 海款 heard hai kuan."""
    each = [list(dict.fromkeys(options)) for options in pinyin(term, style=Style.NORMAL, heteronym=True)]
    usual = tuple(lazy_pinyin(term))
    return [usual, *itertools.islice(itertools.product(*(options[:2] for options in each)), 8)]


def _blur(syllables: tuple[str, ...] | list[str]) -> str:
    return " ".join(_blurred_syllable(syllable) for syllable in syllables)


def _blurred_syllable(syllable: str) -> str:
    for long, short in _FINALS:
        if syllable.endswith(long):
            syllable = syllable[: -len(long)] + short
            break
    for initial, other in _ALIKE:
        if syllable.startswith(initial):
            return other + syllable[len(initial) :]
    return syllable


def _is_chinese(text: str) -> bool:
    return all("一" <= char <= "鿿" for char in text)
