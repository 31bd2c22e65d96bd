"""Digit answers: what the digit head and Whisper's own words say together, and when that is sure enough."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from voice.hearing.digit_head import Floats, counted_digits, posteriors
from voice.hearing.spoken_digits import spoken_digits

_MARKS = re.compile(r"[\s，。、！？,.!?]+")

_UNITS = re.compile("[十百千万块元点月号日年期]")
"""What makes a number of digits."""

_HEAD_SHARE = 0.6
"""How much the head counts against Whisper's readings."""

LEAST_MARGIN = 0.1
"""The best string must lead the next by this share; below it the caller is asked which of the two it is."""

LEAST_OTHER = 0.02
"""Share of a second string that is worth a question."""

MARGIN_OF_SHORT, MARGIN_ALONE = 0.2, 0.5
"""The same where Whisper's free words hold no digits: as many syllables as digits, or more (likely a sentence)."""

LEAST_FIT = -6.0
"""Log probability that counting may cost against what the head hears without counting; sentences lose more."""


_MISSING = 3
"""Digits fewer than were asked for that are a part of the number: the head counts right, give or take one."""

_LEAST_PART = 3
"""Digits of a part: fewer may be heard in any words."""

_SWALLOWED = 2
"""Syllables that Whisper heard more than the head heard digits: the head takes 0000 said in one rush for 0."""


def are_a_part(digits: str, others: int, free: str, count: int) -> bool:
    """Return whether these digits are the part of a number of ``count`` digits: 1990000 where eleven are asked for.

    ``digits`` and ``others`` are what the digit head hears, ``free`` Whisper's free words, simplified.
    """
    if not _LEAST_PART <= len(digits) <= count - _MISSING:
        return False
    if others > 1 and spoken_digits(free, None) is None:
        return False  # a sentence
    return len(_MARKS.sub("", free)) < len(digits) + _SWALLOWED


@dataclass(frozen=True)
class DigitAnswer:
    """The likeliest digits."""

    digits: str
    share: float
    """0..1, of all strings that were thought of."""
    margin: float
    """How much of it the next string has not."""
    fit: float
    """Log probability lost by insisting on so many digits; 0 where they are just what the head hears."""
    others: tuple[str, ...] = ()
    """The second likeliest string, where it may well have been said."""

    def are_digits(self, free: str, heard: str = "", others: int = 0) -> bool:
        """Whether so many digits were said at all, and no sentence or sum. ``free``: Whisper's free words, simplified.

        ``heard``: digits that the head hears where no number of them is insisted on; ``others``: its other syllables.
        """
        count = len(self.digits)
        if self.fit < LEAST_FIT:
            return False
        if spoken_digits(free, count) is not None:
            return True
        spoken = len(_MARKS.sub("", free))
        if heard == self.digits and spoken <= count + others + 1 and not _UNITS.search(free):
            return True
        short = spoken <= count + 1
        return self.margin >= (MARGIN_OF_SHORT if short else MARGIN_ALONE)

    @property
    def sure(self) -> bool:
        """Whether they may be read back to the caller as what he said."""
        return self.margin >= LEAST_MARGIN


def digit_answer(log_posteriors: Floats, whispered: Mapping[str, float], count: int) -> DigitAnswer | None:
    """Return the answer of exactly ``count`` digits, or None where the head hears none.

    ``whispered`` holds Whisper's readings with their shares.
    """
    strings = counted_digits(log_posteriors, count)
    if not strings:
        return None
    heard = posteriors(strings)
    shares = {
        digits: _HEAD_SHARE * heard.get(digits, 0.0) + (1 - _HEAD_SHARE) * whispered.get(digits, 0.0)
        for digits in {*heard, *whispered}
    }
    best = max(shares, key=lambda digits: shares[digits])
    rest = sorted((digits for digits in shares if digits != best), key=lambda digits: -shares[digits])
    second = shares[rest[0]] if rest else 0.0
    free = float(log_posteriors.max(axis=1).sum())
    others = tuple(rest[:1]) if second >= LEAST_OTHER else ()
    return DigitAnswer(best, shares[best], shares[best] - second, strings[0][1] - free, others)
