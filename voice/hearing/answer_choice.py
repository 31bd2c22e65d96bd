"""Answer choice: which of all thinkable answers was said, by Whisper's word and by how well each fits the sound."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from voice.hearing.answer_forms import bare, has_form, other_readings
from voice.hearing.answer_grammar import is_usual
from voice.hearing.answer_search import best_answers
from voice.hearing.closed_answers import YES_NO_ANSWERS
from voice.hearing.digit_head import Floats
from voice.hearing.expectation import ExpectationKind
from voice.hearing.sound_head import fits

_WHISPERS_SHARE = 1.0
"""How much a nat of Whisper's counts against a nat of the sound head's."""

_EXPECTED = 30.0
"""What an answer of the expected form has ahead of any other words. A sentence bent into one loses 50 to 200."""

_USUAL = 10.0
"""What an answer has ahead of that that is whole as the grammar has it, with no other word: 贷 and not 代."""

_UNHEARD = 1.0
"""What a reading that Whisper did not think of lies behind the least likely one that it did."""

LEAST_FIT = -2.0
"""Nats a frame below which nothing of the list was said."""

_SEARCHED = 6
"""Answers of the grammar that are looked at, whatever Whisper wrote."""

_BASES = 3
"""Readings of which others are looked for."""

_SCALE = 6.0
"""Nats that make a lead of one: turns scores into a confidence."""

Heard = tuple[str, float]
"""A reading of Whisper's with the log probability of the whole."""


@dataclass(frozen=True)
class Reading:
    """One thinkable answer."""

    text: str
    score: float
    fit: float
    """How well it fits the sound (voice/hearing/sound_head.py)."""
    expected: bool
    """It has the form that was asked for."""


def ranked(
    sounds: Floats, free: Sequence[Heard], listed: Sequence[Heard], kind: ExpectationKind
) -> list[Reading]:
    """Return what may have been said, likeliest first.

    ``sounds`` are the sound head's scores, ``free`` Whisper's readings among all words and ``listed`` among those of
    the answers alone; simplified characters.
    """
    whispered = _whispered([*free, *listed])
    if not whispered:
        return []
    closed = YES_NO_ANSWERS if kind is ExpectationKind.YES_NO else ()
    searched = best_answers(sounds, kind, _SEARCHED)
    first = _weighed(sounds, dict.fromkeys([*closed, *searched, *whispered]), whispered, kind)
    more = {text for base in first[:_BASES] for text in other_readings(base.text, kind)}
    known = {reading.text for reading in first}
    return sorted(
        [*first, *_weighed(sounds, [text for text in more if text not in known], whispered, kind)],
        key=lambda reading: -reading.score,
    )


def confidence(readings: Sequence[Reading]) -> float:
    """Return the share of the best reading among all, 0..1."""
    scores = np.array([reading.score for reading in readings[:8]]) / _SCALE
    return float(1 / np.exp(scores - scores[0]).sum())


def _weighed(
    sounds: Floats, texts: Iterable[str], whispered: dict[str, float], kind: ExpectationKind
) -> list[Reading]:
    texts = list(texts)
    if not texts:
        return []
    floor = min(whispered.values()) - _UNHEARD
    readings = []
    for text, fit in zip(texts, fits(sounds, texts), strict=True):
        usual = is_usual(text, kind)
        expected = usual or has_form(text, kind)
        if kind is ExpectationKind.YES_NO:
            usual = text in YES_NO_ANSWERS
        score = fit + _WHISPERS_SHARE * whispered.get(text, floor) + _EXPECTED * expected + _USUAL * usual
        readings.append(Reading(text, float(score), float(fit), expected))
    return sorted(readings, key=lambda reading: -reading.score)


def _whispered(heard: Iterable[Heard]) -> dict[str, float]:
    best: dict[str, float] = {}
    for text, total in heard:
        if bare(text):
            best[bare(text)] = max(best.get(bare(text), total), total)
    return best
