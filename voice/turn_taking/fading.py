"""Fading: since when the caller's sound has been gone while the voice activity network still says speech."""

import audioop

from voice.sound.audio import BYTES_PER_SAMPLE

_FADED_DB = 30.0
"""Decibels below the utterance's loudest frame from which on nothing is said any more: the tail of a vowel."""

_AT_MOST_MS = 160.0
"""The network notices an end 80 to 180 ms after it (140 in the middle, 32 sentences on a telephone line); less than
the shortest end silence that can be set."""

_FADED = 10 ** (-_FADED_DB / 20)


class Fading:
    """Follows one line. In noise that is less than 30 dB below the voice nothing fades: the network alone decides."""

    def __init__(self) -> None:
        self._loudest = 0
        self._faded_ms = 0.0

    def heard(self, pcm: bytes, duration_ms: float, is_speech: bool) -> float:
        """Take the next frame (s16le) with the network's verdict; return since how many milliseconds it is gone.

        0 in speech that is heard, and where nobody speaks.
        """
        if not is_speech:
            self._loudest, self._faded_ms = 0, 0.0
            return 0.0
        rms = audioop.rms(pcm, BYTES_PER_SAMPLE)
        self._loudest = max(self._loudest, rms)
        self._faded_ms = self._faded_ms + duration_ms if rms < self._loudest * _FADED else 0.0
        return min(self._faded_ms, _AT_MOST_MS)
