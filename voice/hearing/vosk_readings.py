"""Vosk readings: what may have been said, likeliest first, and how sure each word of the likeliest is."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from voice.hearing.recognizer import Word

UNKNOWN = "[unk]"


@dataclass(frozen=True)
class VoskReading:
    """One reading; ``total`` is the logarithm of its likelihood: sounds and the engine's language model together."""

    words: tuple[Word, ...]
    total: float

    @property
    def text(self) -> str:
        """The words with blanks between."""
        return " ".join(word.text for word in self.words)


def vosk_readings(final: Mapping[str, Any]) -> list[VoskReading]:
    """Read a final result; none where nothing was heard. Times are in ms from the stream's beginning.

    With SetMaxAlternatives the engine gives readings with a likelihood and no confidences: a word of the first is as
    sure as the readings together that have it at the same time. Else it gives one reading with confidences.
    """
    if "alternatives" not in final:
        words = tuple(_word(entry) for entry in final.get("result", ()) if entry["word"] != UNKNOWN)
        return [VoskReading(words, 0.0)] if words else []
    found = []
    for alternative in final["alternatives"]:
        words = tuple(_word(entry) for entry in alternative.get("result", ()) if entry["word"] != UNKNOWN)
        found.append(VoskReading(words, float(alternative["confidence"])))
    if not found or not found[0].words:
        return []
    return [replace(found[0], words=_with_confidences(found)), *found[1:]]


def _with_confidences(readings: Sequence[VoskReading]) -> tuple[Word, ...]:
    best = max(reading.total for reading in readings)
    shares = [math.exp(reading.total - best) for reading in readings]
    return tuple(
        replace(
            word,
            confidence=sum(
                share
                for share, reading in zip(shares, readings, strict=True)
                if any(_same(word, other) for other in reading.words)
            )
            / sum(shares),
        )
        for word in readings[0].words
    )


def _same(word: Word, other: Word) -> bool:
    return word.text == other.text and word.start_ms < other.end_ms and other.start_ms < word.end_ms


def _word(entry: Mapping[str, Any]) -> Word:
    start_ms, end_ms = round(entry["start"] * 1000), round(entry["end"] * 1000)
    return Word(str(entry["word"]), start_ms, end_ms, float(entry.get("conf", 1.0)))
