"""OwnWords: did the bot hear itself? What no canceller took out comes back as words that the bot has just said."""

from collections import deque

from voice.hearing.pinyin_correction import syllables_of
from voice.sound.audio import FRAME_MS
from voice.speech.spoken_text import spoken

_LEAST_SYLLABLES = 5
"""Shorter words may well be a caller's who repeats them: 转人工, 提前还款, 是的."""

_MISHEARD = 4
"""One syllable in so many may have been misheard: an echo is faint."""

_CLAUSES = 6
"""Clauses that may still come back: an echo is late by a second at most."""

_STRETCHES = 16
"""Stretches of the bot's speech in which words may have begun that are only known now."""


class OwnWords:
    """What the bot of one call has said of late, and when it was to be heard."""

    def __init__(self) -> None:
        self._clauses: deque[str] = deque(maxlen=_CLAUSES)
        self._sounded: deque[tuple[float, float]] = deque(maxlen=_STRETCHES)
        self._judged: tuple[str, float, bool] = ("", 0.0, False)
        self.came_back = False
        """The bot has heard itself in this call: sound alone, over its own voice, tells nothing."""

    def sounds(self, clause: str, audio_ms: float) -> None:
        """Twenty milliseconds of this clause go out at this moment of the line."""
        if not self._clauses or self._clauses[-1] != clause:
            self._clauses.append(clause)
        start_ms, end_ms = self._sounded.pop() if self._sounded else (audio_ms, audio_ms)
        if audio_ms - end_ms > FRAME_MS:
            self._sounded.append((start_ms, end_ms))
            start_ms = audio_ms
        self._sounded.append((start_ms, audio_ms))

    def are(self, text: str, since_ms: float) -> bool:
        """Whether words that began at ``since_ms`` are the bot's own: begun within its speech, and the same.

        Who repeats what he was asked waits for its end; who chooses what was named says little more than its name.
        """
        if self._judged[:2] != (text, since_ms):  # asked each frame while the words are known
            self._judged = (text, since_ms, self._came_back_as(text, since_ms))
            self.came_back |= self._judged[2]
        return self._judged[2]

    def _came_back_as(self, text: str, since_ms: float) -> bool:
        if not any(start_ms <= since_ms <= end_ms + FRAME_MS for start_ms, end_ms in self._sounded):
            return False
        heard = _syllables(text)
        if len(heard) < _LEAST_SYLLABLES:
            return False
        return _least_errors(heard, _syllables("".join(self._clauses))) * _MISHEARD <= len(heard)


def _syllables(text: str) -> list[str]:
    return [syllable for syllable in syllables_of(spoken(text)) if syllable.isalnum()]


def _least_errors(sought: list[str], within: list[str]) -> int:
    """Return the errors with which ``sought`` stands somewhere in ``within`` (Sellers, 1980)."""
    row = [0] * (len(within) + 1)
    for number, syllable in enumerate(sought, start=1):
        diagonal, row[0] = row[0], number
        for at, other in enumerate(within, start=1):
            diagonal, row[at] = row[at], min(diagonal + (syllable != other), row[at] + 1, row[at - 1] + 1)
    return min(row)
