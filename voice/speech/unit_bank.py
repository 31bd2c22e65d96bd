"""UnitBank: every syllable of the carriers, with what decides how well it stands beside another."""

from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from voice.speech.carrier import CARRIER_HZ, Carrier
from voice.speech.phonemes import TONES, Syllable

_EDGE = CARRIER_HZ // 50
"""Samples on either side of a cut whose spectra are compared: 20 ms."""

_BANDS = 18
_LOWEST_HZ, _HIGHEST_HZ = 100.0, 6000.0

NOTHING = 0
"""The sound beyond the first and the last syllable."""

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


class UnitBank:
    """All units of all carriers, as columns. A unit goes on into the next of its carrier without a join."""

    def __init__(self, carriers: Iterable[Carrier]) -> None:
        self._carriers = tuple(carriers)
        self._places = [
            (carrier, place) for carrier in self._carriers for place in range(len(carrier.syllables))
        ]
        self._sounds: dict[tuple[str, str], int] = {}
        by_sound: dict[int, list[int]] = defaultdict(list)
        for unit, (carrier, place) in enumerate(self._places):
            by_sound[self._learn(carrier.syllables[place])].append(unit)
        self._by_sound = {sound: np.array(units, dtype=np.int64) for sound, units in by_sound.items()}
        edges = [_edges(carrier) for carrier in self._carriers]
        shape = (len(self._places), 2 * _BANDS)
        self.before = np.array([row for edge in edges for row in edge[:-1]], np.float32).reshape(shape)
        """Log spectra of the 20 ms before and after the cut where each unit begins, units x (2 * bands)."""
        self.after = np.array([row for edge in edges for row in edge[1:]], np.float32).reshape(shape)
        """The same of the cut where it ends."""
        self.from_start = self._column(lambda carrier, place: place)
        self.from_end = self._column(lambda carrier, place: len(carrier.syllables) - 1 - place)
        self.left = self._column(lambda carrier, place: self._beside(carrier, place - 1))
        """The number of the sound before the unit in its carrier."""
        self.right = self._column(lambda carrier, place: self._beside(carrier, place + 1))
        self.left_tone = self._column(lambda carrier, place: tone_of(_at(carrier, place - 1)))
        self.right_tone = self._column(lambda carrier, place: tone_of(_at(carrier, place + 1)))
        self.mark = self._column(lambda carrier, place: mark_number(carrier.mark))
        self.begins_joint = self._column(lambda carrier, place: int(carrier.joints[place])).astype(bool)
        """Whether another carrier's sound may come before the unit, or (``ends_joint``) after it."""
        self.ends_joint = self._column(lambda carrier, place: int(carrier.joints[place + 1])).astype(bool)

    def __len__(self) -> int:
        return len(self._places)

    def number(self, syllable: Syllable | None) -> int:
        """A sound's number; -1 where no carrier holds it."""
        return NOTHING if syllable is None else self._sounds.get(_said(syllable), -1)

    def saying(self, syllable: Syllable) -> Ints:
        """Units that say this character in this reading."""
        return self._by_sound.get(self.number(syllable), np.empty(0, np.int64))

    def sound(self, first: int, last: int) -> tuple[Floats, int, int]:
        """The sound (-1..1) of the carrier that holds units ``first`` to ``last``, and their samples in it."""
        carrier, begin = self._places[first]
        _, end = self._places[last]
        pcm = carrier.pcm.astype(np.float32) / np.float32(32768)
        return pcm, int(carrier.cuts[begin]), int(carrier.cuts[end + 1])

    def text(self, first: int, last: int) -> str:
        """The characters of units ``first`` to ``last``."""
        return "".join(carrier.syllables[place].text for carrier, place in self._places[first : last + 1])

    def _learn(self, syllable: Syllable) -> int:
        return self._sounds.setdefault(_said(syllable), len(self._sounds) + 1)

    def _beside(self, carrier: Carrier, place: int) -> int:
        return self.number(_at(carrier, place))

    def _column(self, value: Callable[[Carrier, int], int]) -> Ints:
        return np.array([value(carrier, place) for carrier, place in self._places], dtype=np.int64)


def _said(syllable: Syllable) -> tuple[str, str]:
    """Character and reading: 还 as huán is another than 还 as hái. Marks inside a clause are one pause."""
    return ("，", "") if syllable.is_pause else (syllable.text, syllable.symbols)


def mark_number(mark: str) -> int:
    """A clause that goes on and one that ends are spoken with another melody."""
    return {"": 1, "，": 1, "：": 1, "、": 1, "；": 1, "？": 2}.get(mark, 0)


def tone_of(syllable: Syllable | None) -> int:
    """1 to 4; 0 for the neutral tone and where there is no syllable."""
    if syllable is None:
        return 0
    return next((TONES.index(symbol) + 1 for symbol in syllable.symbols if symbol in TONES), 0)


def _at(carrier: Carrier, place: int) -> Syllable | None:
    return carrier.syllables[place] if 0 <= place < len(carrier.syllables) else None


def _edges(carrier: Carrier) -> Floats:
    """Log spectra on both sides of each cut, cuts x (2 * bands)."""
    padded = np.pad(carrier.pcm.astype(np.float32) / np.float32(32768), _EDGE)
    pieces = [padded[cut + side * _EDGE :][:_EDGE] for cut in carrier.cuts for side in (0, 1)]
    spectra = np.abs(np.fft.rfft(np.array(pieces) * np.hanning(_EDGE).astype(np.float32))) ** 2
    bands = np.log(spectra @ _filters() + 1e-3)
    return np.asarray(bands, np.float32).reshape(len(carrier.cuts), 2 * _BANDS)


def _filters() -> Floats:
    """Triangular bands, evenly apart on the mel scale (Stevens and Volkmann 1940)."""
    hertz = np.fft.rfftfreq(_EDGE, 1 / CARRIER_HZ)
    mel = 2595 * np.log10(1 + hertz / 700)
    low, high = (2595 * np.log10(1 + edge / 700) for edge in (_LOWEST_HZ, _HIGHEST_HZ))
    middles = np.linspace(low, high, _BANDS + 2)
    step = middles[1] - middles[0]
    return np.maximum(0.0, 1 - np.abs(mel[:, None] - middles[1:-1]) / step).astype(np.float32)
