"""Carrier: a clause spoken once, with the place of every syllable in it, to join other clauses from."""

from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from voice.phonemes import Syllable
from voice.resampling import resample
from voice.trimming import Samples, speech_span, to_pcm

CARRIER_HZ = 16_000
"""The best line's rate: more would be thrown away on every line."""

DURATION_UNIT = 600
"""Samples at 24 kHz that Kokoro's token durations count."""

_WINDOW_S = 0.008
"""Seconds over which loudness is measured where a boundary is looked for."""

_AROUND_S = 0.02
"""Seconds by which a boundary may move from where the durations put it: they count in steps of 25 ms."""


_PARTS = ("words", "mark", "cuts", "joints", "pcm")


class CarrierDamaged(Exception):
    """A stored carrier cannot be read (code ``carrier_damaged``)."""

    code = "carrier_damaged"


@dataclass(frozen=True)
class Carrier:
    """Sound and its cuts. Syllable ``i`` lies between ``cuts[i]`` and ``cuts[i + 1]`` (samples)."""

    syllables: tuple[Syllable, ...]
    """Without the mark at the end, whose silence is trimmed."""
    mark: str
    """The mark at the end."""
    cuts: npt.NDArray[np.int32]
    joints: npt.NDArray[np.bool_]
    """Cuts at which another carrier may go on: within figures and beside them, and at the ends of names."""
    pcm: npt.NDArray[np.int16]
    """Mono, CARRIER_HZ, levelled as all clips are."""

    def packed(self) -> bytes:
        """As a file's content."""
        words = [(each.text, each.symbols, " "[: each.begins_word]) for each in self.syllables]
        content = BytesIO()
        np.savez(
            content,
            words=np.array(words),
            mark=np.array(self.mark),
            cuts=self.cuts,
            joints=self.joints,
            pcm=self.pcm,
        )
        return content.getvalue()

    @staticmethod
    def unpacked(content: bytes) -> "Carrier":
        """Raises CarrierDamaged."""
        try:
            with np.load(BytesIO(content), allow_pickle=False) as file:
                words, mark, cuts, joints, pcm = (file[name] for name in _PARTS)
        except (OSError, KeyError, ValueError, EOFError, BadZipFile) as error:
            raise CarrierDamaged(str(error)) from error
        if not len(cuts) == len(joints) == len(words) + 1 or cuts[-1] > len(pcm):
            raise CarrierDamaged("the cuts do not fit the words")
        said = tuple(Syllable(str(text), str(symbols), bool(space)) for text, symbols, space in words)
        return Carrier(said, str(mark), cuts, joints, pcm)


def without_last_mark(said: list[Syllable]) -> tuple[tuple[Syllable, ...], str]:
    """Part the mark at the end from the syllables before it."""
    return (tuple(said[:-1]), said[-1].text) if said and said[-1].is_pause else (tuple(said), "")


def cut_carrier(
    said: list[Syllable],
    sound: Samples,
    durations: npt.NDArray[np.float32],
    sample_rate: int,
    joints: npt.NDArray[np.bool_],
) -> Carrier:
    """Find the syllables in a clause just spoken.

    ``durations`` are Kokoro's own, one a token, the padding before and after included, in DURATION_UNITs.
    ``joints`` as of voice/joints.py.
    """
    inside, mark = without_last_mark(said)
    ends = np.cumsum(np.round(durations)).astype(np.int64) * DURATION_UNIT
    first, last, gain = speech_span(sound, sample_rate)
    cuts = [first]
    token = 1  # past the padding
    for place, syllable in enumerate(inside):
        spaces = 1 if syllable.begins_word and place else 0
        if place:
            low, high = int(ends[token - 1]), int(ends[token - 1 + spaces])
            cuts.append(max(cuts[-1] + 1, _quietest(sound, low, high, sample_rate)))
        token += spaces + len(syllable.symbols)
    cuts.append(max(cuts[-1] + 1, last))
    levelled = to_pcm((sound[first : cuts[-1]] * np.float32(gain)).astype(np.float32))
    pcm = np.frombuffer(resample(levelled, sample_rate, CARRIER_HZ), dtype="<i2")
    scaled = (np.array(cuts) - first) * CARRIER_HZ // sample_rate
    return Carrier(inside, mark, np.minimum(scaled, len(pcm)).astype(np.int32), joints, pcm)


def _quietest(sound: Samples, low: int, high: int, sample_rate: int) -> int:
    """The sample between ``low`` and ``high`` (and a little around) where the voice is softest."""
    around, window = int(_AROUND_S * sample_rate), int(_WINDOW_S * sample_rate)
    begin, end = max(0, low - around), min(len(sound), high + around)
    if end - begin <= window:
        return (low + high) // 2
    power = np.convolve(sound[begin:end] ** 2, np.ones(window, np.float32), "valid")
    return begin + int(np.argmin(power)) + window // 2
