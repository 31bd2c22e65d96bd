"""Carriers without a voice: every syllable sounds as a level of its own, so that a test can hear what was joined."""

from collections.abc import Iterable

import numpy as np

from voice.speech.carrier import CARRIER_HZ, Carrier, without_last_mark
from voice.speech.joints import joints_of
from voice.speech.phonemes import Syllable, syllables
from voice.speech.spoken_text import spoken
from voice.speech.trimming import Samples

SYLLABLE_MS = 100
_SAMPLES = CARRIER_HZ * SYLLABLE_MS // 1000
_STEP = 100
"""Sample values between the levels of two syllables."""


class Levels:
    """Gives each syllable its level."""

    def __init__(self) -> None:
        self._known: list[tuple[str, str]] = []

    def level(self, syllable: Syllable) -> int:
        """Sample value of a syllable, as it is read; all pauses inside a clause are one."""
        sound = ("，", "") if syllable.is_pause else (syllable.text, syllable.symbols)
        if sound not in self._known:
            self._known.append(sound)
        return _STEP * (self._known.index(sound) + 1)

    def carrier(self, clause: str, names: Iterable[str] = ()) -> Carrier:
        """A clause as its levels, one behind the other."""
        said, mark = without_last_mark(syllables(spoken(clause)))
        pcm = np.repeat([self.level(syllable) for syllable in said], _SAMPLES).astype(np.int16)
        cuts = np.arange(len(said) + 1, dtype=np.int32) * _SAMPLES
        return Carrier(said, mark, cuts, joints_of(clause, names), pcm)

    def heard(self, samples: Samples) -> list[tuple[str, str]]:
        """What is said in a joined clause: the level in the middle of each 100 ms."""
        count = round(len(samples) / _SAMPLES)
        middles = (np.arange(count) + 0.5) * len(samples) / max(1, count)
        values = samples[middles.astype(int)] * 32768
        return [self._known[round(float(value) / _STEP) - 1] for value in values]
