"""Foreground: is it the caller, or people behind him? Told by loudness, where it is loud behind him."""

import audioop
import math
from collections import deque

import numpy as np

from voice.sound.audio import BYTES_PER_SAMPLE, AudioFrame

_SMOOTHED_MS = 160.0
"""A syllable: within it the level is one."""

_EVERY_MS = 100.0
_REMEMBERED_S = 8.0
"""How long, and in which steps, the level behind the caller is looked back at."""

_QUIETER_SHARE = 30
"""Percentile of those levels that is the background: a caller who is not noticed speaks in less than the rest."""

_ABOVE_BACKGROUND_DB = 6.0
"""Five people talking at once swell by 4 dB at most, over their own background as measured here."""

_QUIETEST_SHARE = 10
"""Percentile of the levels of all those seconds, the caller's too, that tells whether the place is loud."""

_LOUD_PLACE_DB = 26.0
"""A place whose quieter moments are fainter than the caller's loudest by more than this is quiet: all is his there."""

_FORGOTTEN_DB_PER_S = 0.5
"""How fast the caller's loudest is forgotten: he may put the receiver further away."""


class Foreground:
    """One line. Stateful: feed it every frame in order."""

    def __init__(self, margin_db: float) -> None:
        """``margin_db``: what is fainter than the caller's loudest by more, in a loud place, is not he; 0 is off."""
        self._margin_db = margin_db
        self._power = 0.0
        self._counted_ms = 0.0
        steps = round(_REMEMBERED_S * 1000 / _EVERY_MS)
        self._behind: deque[float] = deque(maxlen=steps)
        self._all: deque[float] = deque(maxlen=steps)
        self._background_db = -math.inf
        self._quietest_db = -math.inf
        self._loudest_db = -math.inf

    def is_callers(self, frame: AudioFrame, in_utterance: bool, is_speech: bool = True) -> bool:
        """Return whether a frame that holds speech is loud enough to be the caller's own.

        One without speech (``is_speech`` False: a knock at the end of his turn) says nothing about his loudness.
        """
        level = self._level_of(frame)
        self._loudest_db -= _FORGOTTEN_DB_PER_S * frame.duration_ms / 1000
        self._listen_behind(level, frame.duration_ms, in_utterance)
        if self._margin_db == 0 or level < self._least():
            return self._margin_db == 0
        if in_utterance and is_speech:
            self._loudest_db = max(self._loudest_db, level)
        return True

    def _level_of(self, frame: AudioFrame) -> float:
        """The smoothed level in decibels above one step of 16-bit sound."""
        share = min(1.0, frame.duration_ms / _SMOOTHED_MS)
        power = float(audioop.rms(frame.pcm, BYTES_PER_SAMPLE)) ** 2
        self._power += (power - self._power) * share
        return 10 * math.log10(self._power + 1.0)

    def _listen_behind(self, level: float, duration_ms: float, in_utterance: bool) -> None:
        self._counted_ms += duration_ms
        if self._counted_ms < _EVERY_MS:
            return
        self._counted_ms = 0.0
        self._all.append(level)
        self._quietest_db = _share(self._all, _QUIETEST_SHARE)
        if not in_utterance:
            self._behind.append(level)
            self._background_db = _share(self._behind, _QUIETER_SHARE)

    def _least(self) -> float:
        """The level that is still the caller's."""
        over_background = self._background_db + _ABOVE_BACKGROUND_DB
        if self._quietest_db < self._loudest_db - _LOUD_PLACE_DB:
            return over_background
        return max(over_background, self._loudest_db - self._margin_db)


def _share(levels: deque[float], percentile: int) -> float:
    """The percentile of these levels; none (-inf) while less than half of the time was heard."""
    if 2 * len(levels) < (levels.maxlen or 0):
        return -math.inf
    return float(np.percentile(list(levels), percentile))
