"""Script: each thing to say as Kokoro's tokens, with the unit that every token sounds like."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

import jieba
from misaki.zh import ZHG2P

from speech_model.lines import NO_UNIT, Line
from voice.hearing.sound_units import NUMBER, SyllableUnknown, units_of
from voice.speech.phonemes import LETTERS, PAUSE_MARKS, SILENT, phonemes, tokens
from voice.speech.pronunciation import pronounce

_INITIAL_SYMBOLS = (
    *("ʨʰ", "ʨ", "ꭧʰ", "ꭧ", "ʦʰ", "ʦ", "pʰ", "p", "tʰ", "t", "kʰ", "k"),
    *("x", "ɕ", "ʂ", "ɻ", "f", "s", "m", "n", "l"),
)
"""How misaki writes the initials, longest first."""

_MARKS = set("，。？！；：、")
_APART = _MARKS | set(LETTERS)


class ScriptMismatch(Exception):
    """The tokens of a text are not those that the voice would read (code ``script_mismatch``)."""

    code = "script_mismatch"


def line_of(text: str) -> Line:
    """Return a text with its tokens. Raises SyllableUnknown, and ScriptMismatch where the phonemes differ."""
    symbols: list[str] = []
    units: list[int] = []

    def add(some: str, unit: int) -> None:
        symbols.extend(some)
        units.extend([unit] * len(some))

    segments = _segments(text)
    for index, segment in enumerate(segments):
        if segment in _MARKS:
            add(PAUSE_MARKS[segment], NO_UNIT)
            if index < len(segments) - 1:
                add(" ", NO_UNIT)
            continue
        if index and segments[index - 1] not in _MARKS:
            add(" ", NO_UNIT)
        if segment in LETTERS:  # no Mandarin sound
            add(LETTERS[segment], NO_UNIT)
            continue
        words = pronounce(segment)
        for place, word in enumerate(words):
            for syllable in word:
                _add_syllable(syllable, add)
            if place < len(words) - 1:
                add(" ", NO_UNIT)
    joined = "".join(symbols)
    if joined != phonemes(text):
        raise ScriptMismatch(f"{text}: {joined} is not {phonemes(text)}")
    numbers = [tokens(symbol) for symbol in symbols]
    kept = [(number[0], unit) for number, unit in zip(numbers, units, strict=True) if number]
    return Line(text, [number for number, _ in kept], [unit for _, unit in kept])


def general_words(most: int, characters: int = 0) -> list[tuple[str, int]]:
    """Return the most frequent words of jieba's dictionary (2 to 4 characters) with their frequency.

    ``characters`` is how many single characters follow them.
    """
    found: list[tuple[str, int]] = []
    with (Path(jieba.__file__).parent / "dict.txt").open(encoding="utf-8") as file:
        for row in file:
            word, frequency, _ = row.split()
            if len(word) <= 4 and all("\u4e00" <= char <= "\u9fff" for char in word):
                found.append((word, int(frequency)))
    found.sort(key=lambda pair: -pair[1])
    words = [pair for pair in found if len(pair[0]) > 1][:most]
    return words + [pair for pair in found if len(pair[0]) == 1][:characters]


def write_script(path: Path, texts: Iterable[str]) -> int:
    """Write one JSON object a line; texts with a syllable that is no Mandarin are left out. Returns the count."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for text in texts:
            try:
                line = line_of(text)
            except (SyllableUnknown, ScriptMismatch):
                continue
            file.write(json.dumps(asdict(line), ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count


def _segments(text: str) -> list[str]:
    segments: list[str] = []
    for char in text:
        if segments and not {char, segments[-1]} & _APART:
            segments[-1] += char
        else:
            segments.append(char)
    return segments


def _add_syllable(syllable: str, add: Callable[[str, int], None]) -> None:
    symbols = ZHG2P.py2ipa(syllable).replace(SILENT, "")
    units = units_of(syllable)
    initial = (
        next((one for one in _INITIAL_SYMBOLS if symbols.startswith(one)), "") if len(units) == 2 else ""
    )
    if initial:
        add(initial, NUMBER[units[0]])
    add(symbols[len(initial) :], NUMBER[units[-1]])
