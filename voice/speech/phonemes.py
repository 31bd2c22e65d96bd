"""Phonemes: what Kokoro reads. Pinyin as IPA with tone arrows, letters of the alphabet as they are called."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from misaki.zh import ZHG2P

from voice.speech.pronunciation import pronounce

PAUSE_MARKS = {
    "，": ",",
    "、": ",",
    "。": ".",
    "！": "!",
    "？": "?",
    "；": ";",
    "：": ":",
    "…": "…",
    "—": "—",
}

LETTERS = {
    **{
        "A": "ˈA",
        "B": "bˈi",
        "C": "sˈi",
        "D": "dˈi",
        "E": "ˈi",
        "F": "ˈɛf",
        "G": "ʤˈi",
        "H": "ˈAʧ",
        "I": "ˈI",
    },
    **{
        "J": "ʤˈA",
        "K": "kˈA",
        "L": "ˈɛl",
        "M": "ˈɛm",
        "N": "ˈɛn",
        "O": "ˈO",
        "P": "pˈi",
        "Q": "kjˈu",
        "R": "ˈɑɹ",
    },
    **{"S": "ˈɛs", "T": "tˈi", "U": "jˈu", "V": "vˈi", "W": "dˈʌbᵊlju", "X": "ˈɛks", "Y": "wˈI", "Z": "zˈi"},
}
"""A letter by its English name, in Kokoro's alphabet (A = eɪ, I = aɪ, O = oʊ)."""

VOCABULARY_FILE = Path(__file__).with_name("kokoro_vocabulary.json")
"""Symbol to token number: the vocabulary of Kokoro-82M v1.0 (hexgrad, Apache-2.0); 0 is padding."""

SILENT = "\u032f"
"""The mark of a non-syllabic vowel, which misaki writes and Kokoro does not know."""

TONES = "→↗↓↘"
"""Kokoro's marks of the first to the fourth tone."""

_SEGMENT = re.compile(r"[\u4e00-\u9fff]+|[A-Za-z]+|[^\u4e00-\u9fffA-Za-z]")


@dataclass(frozen=True)
class Syllable:
    """One character as it is spoken, or a mark at which the voice pauses."""

    text: str
    symbols: str
    """Kokoro's symbols; empty where nothing is heard."""
    begins_word: bool
    """A space comes before it."""

    @property
    def is_pause(self) -> bool:
        """A mark, not a sound."""
        return self.text in PAUSE_MARKS


def syllables(spoken_text: str) -> list[Syllable]:
    """Turn text that holds no digits any more (voice.speech.spoken_text) into what is spoken, character by character.

    A character without a sound (brackets, emoji) is left out.
    """
    found: list[Syllable] = []
    for segment in _SEGMENT.findall(spoken_text):
        if "\u4e00" <= segment[0] <= "\u9fff":
            characters = iter(segment)
            for word in pronounce(segment):
                for place, syllable in enumerate(word):
                    symbols = ZHG2P.py2ipa(syllable).replace(SILENT, "")
                    found.append(Syllable(next(characters), symbols, place == 0))
        elif segment[0].isascii() and segment[0].isalpha():
            found += [Syllable(letter, LETTERS[letter], True) for letter in segment.upper()]
        elif segment in PAUSE_MARKS:
            found.append(Syllable(segment, PAUSE_MARKS[segment], False))
    return found


def phonemes(spoken_text: str) -> str:
    """Kokoro's symbols of a spoken text, words apart by spaces."""
    said = "".join(" " * each.begins_word + each.symbols for each in syllables(spoken_text))
    return said.strip()


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, int]:
    vocabulary: dict[str, int] = json.loads(VOCABULARY_FILE.read_text(encoding="utf-8"))
    return vocabulary


def tokens(symbols: str) -> list[int]:
    """Kokoro's token numbers, without the padding at both ends; symbols it does not know are left out."""
    vocabulary = _vocabulary()
    return [vocabulary[symbol] for symbol in symbols if symbol in vocabulary]
