"""HeardWords: what the bot's own ears make of the sound that reached the caller, and whether words are in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from pypinyin import lazy_pinyin

from voice.hearing.clean_words import simplified
from voice.hearing.expectation import OPEN
from voice.hearing.recognizer import Recognizer
from voice.sound.audio import BYTES_PER_SAMPLE, FRAME_MS, AudioFrame, silence
from voice.sound.g711 import SAMPLE_RATE
from voice.speech.spoken_text import spoken

_QUIET = 160
"""Largest sample of a frame between two clauses."""

_GAP_MS = 200
_LONGEST_MS = 12_000
_FRAME = SAMPLE_RATE * FRAME_MS // 1000
_HALF_FRAME_AROUND_MS = 100


@dataclass(frozen=True)
class Words:
    """A piece of the bot's speech and when it sounded (milliseconds of the call)."""

    start_ms: int
    end_ms: int
    text: str


async def recognised(pcm: bytes, start_ms: int, recognizer: Recognizer) -> list[Words]:
    """Recognise s16le at 8 kHz that begins at ``start_ms``, piece by piece between pauses."""
    pieces = _pieces(pcm)
    texts = [await _words(pcm, first, last, recognizer) for first, last in pieces]
    return [
        Words(start_ms + first * FRAME_MS, start_ms + last * FRAME_MS, text)
        for (first, last), text in zip(pieces, texts, strict=True)
    ]


_FIGURE = re.compile("[0-9零一二两三四五六七八九十百千万]")
_PEOPLE_FOR_MONEY = re.compile(r"(?<=[零一二两三四五六七八九十百千万])人")
_ONE_WRONG_IN = 6
"""Syllables of a sentence, one of which may be misheard, as people piece it together: a fresh clone speaks all clips
anew, and the voice never speaks a sentence twice alike."""


def is_heard(wanted: str, words: Iterable[Words]) -> bool:
    """Whether ``wanted`` was heard: by its syllables, for who hears a voice cannot tell 权 from 全.

    A figure is heard whole or not at all.
    """
    syllables = _syllables("".join(one.text for one in words))
    sought = _syllables(wanted)
    most = 0 if _FIGURE.search(wanted) else len(sought) // _ONE_WRONG_IN
    return any(
        sum(one != other for one, other in zip(syllables[at:], sought, strict=False)) <= most
        for at in range(len(syllables) - len(sought) + 1)
    )


def _syllables(text: str) -> list[str]:
    """Toneless, with numbers as they are said (3250 and 三千二百五十 are the same).

    -n and -ng after e and i count as one, as for half the country's speakers: no numeral depends on it. Behind a
    numeral Whisper likes to write 人 for 元 on a telephone line; no reply counts people.
    """
    said = _PEOPLE_FOR_MONEY.sub("元", spoken(simplified(text)))
    characters = "".join(char for char in said if "\u4e00" <= char <= "\u9fff")
    syllables = [syllable.replace("liang", "er") for syllable in lazy_pinyin(characters)]
    return [
        syllable.removesuffix("g") if syllable.endswith(("eng", "ing")) else syllable
        for syllable in syllables
    ]


def _pieces(pcm: bytes) -> list[tuple[int, int]]:
    """First and last frame of every stretch of sound, stretches of up to twelve seconds taken together."""
    samples = np.abs(np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype="<i2").astype(np.int32))
    loud = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME).max(axis=1, initial=0) > _QUIET
    pieces: list[tuple[int, int]] = []
    for frame in np.flatnonzero(loud):
        at = int(frame)
        if pieces and (at - pieces[-1][1]) * FRAME_MS <= _GAP_MS:
            pieces[-1] = (pieces[-1][0], at + 1)
        else:
            pieces.append((at, at + 1))
    return _joined(pieces)


def _joined(pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A recogniser hears whole sentences better than clauses: take as many together as it hears at once."""
    joined: list[tuple[int, int]] = []
    for first, last in pieces:
        if joined and (last - joined[-1][0]) * FRAME_MS <= _LONGEST_MS:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


async def _words(pcm: bytes, first: int, last: int, recognizer: Recognizer) -> str:
    size = _FRAME * BYTES_PER_SAMPLE
    around = silence(_HALF_FRAME_AROUND_MS, SAMPLE_RATE)
    sound = around + pcm[first * size : last * size] + around
    stream = recognizer.start_stream(SAMPLE_RATE, OPEN)
    for at in range(0, len(sound), size):
        await stream.accept(AudioFrame(sound[at : at + size], SAMPLE_RATE, at // size * FRAME_MS))
    return (await stream.finish()).text
