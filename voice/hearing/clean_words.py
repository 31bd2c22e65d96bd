"""Clean words: what an engine wrote with domain terms set right, and numbers as digits where they are meant."""

import re
from functools import lru_cache
from pathlib import Path

import opencc

from voice.hearing.expectation import Expectation, ExpectationKind
from voice.hearing.numerals import dates, digit_runs
from voice.hearing.pinyin_correction import PinyinCorrection, load_terms
from voice.hearing.spoken_digits import with_digits

_BACKCHANNEL_WORDS = (
    "嗯嗯|嗯哼|嗯|哦哦|哦|噢|喔|啊|呃|额|唔|诶|欸|哎|唉|哈|好的好的|好的|好好|好吧|好|对对对|对对|对的|对|是是|是的|是|行行|行|"
    "明白了|明白|知道了|知道|了解|这样啊|这样|那个|就是|然后"
)
_BACKCHANNEL = re.compile(f"(?:{_BACKCHANNEL_WORDS})+")
_MARKS = re.compile(r"[\s，。、！？；：,.!?;:…“”\"'~—-]+")
_BETWEEN_CHINESE = re.compile(r"(?<=[一-鿿〇，？！；])\s+(?=[一-鿿〇])")
_LAST_MARKS = re.compile(r"[\s，。、；：,.;:…]+$")
_ZHE = re.compile(r"(?<![名原巨土专编论译显昭卓遗合])著(?![名作称述者书录])")
"""Traditional 著 stands for 着 after a verb; OpenCC leaves it as it is."""

_LATIN_MARKS = str.maketrans({",": "，", "?": "？", "!": "！", ";": "；"})


class CleanWords:
    """The last step of recognition. Read-only, shared by all calls; without terms it only cleans."""

    def __init__(self, correction: PinyinCorrection | None = None) -> None:
        self._correction = correction

    def understand(self, heard: str, expects: Expectation) -> str:
        """Return an engine's text as the dialogue should read it."""
        text = simplified(heard)
        if expects.kind is ExpectationKind.DIGITS:
            return with_digits(text, expects.count)
        if self._correction is not None:
            text = self._correction.correct(text)
        if expects.kind is ExpectationKind.DATE:
            return dates(text)
        # Amounts stay in words: the dialogue reads them, and 三四个月 as figures would be 34.
        return digit_runs(text)


def load_clean_words(terms_path: Path) -> CleanWords:
    """Load the vocabulary of ``data/jieba/loan_terms.txt``; 0.7 s, once a process."""
    return CleanWords(PinyinCorrection(load_terms(terms_path)))


def simplified(text: str) -> str:
    """Return simplified characters with Chinese punctuation, without marks at the end or blanks inside."""
    text = _ZHE.sub("着", _converter().convert(text)).translate(_LATIN_MARKS)
    return _LAST_MARKS.sub("", _BETWEEN_CHINESE.sub("", text)).strip()


def traditional(text: str) -> str:
    """Return the traditional characters of a text; engines write either."""
    return str(opencc.OpenCC("s2t").convert(text))


def is_backchannel(text: str) -> bool:
    """Return whether this is only listening aloud (嗯, 哦, 好的): no turn of its own when nothing was asked."""
    words = _MARKS.sub("", text)
    return bool(words) and _BACKCHANNEL.fullmatch(words) is not None


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
