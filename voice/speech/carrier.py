"""Carrier: a clause spoken once, with the place of every syllable in it, to join other clauses from."""

from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from voice.sound.resampling import resample
from voice.speech.phonemes import Syllable
from voice.speech.trimming import Samples, speech_span, to_pcm

CARRIER_HZ = 16_000
"""The best line's rate: more would be thrown away on every line."""

DURATION_UNIT = 600
"""Samples at 24 kHz that Kokoro's token durations count."""

_AHEAD_S = 0.045
"""Seconds by which the sound of a token runs ahead of its duration (measured: docs/voice.md)."""

_BACK_S, _UP_TO_S = 0.075, 0.005
"""Where, before the durations' boundary, the voice pauses for a voiceless consonant."""

_VOWEL_S = 0.15
"""Seconds before the boundary in which the vowel before it lies."""

_SMOOTHED_S = 0.008
_LOW_PASS_S = 0.001
"""A mean over 1 ms lets pass what is below about 450 Hz: voice, and neither bursts nor hissing."""

_VOICE_ENDS_DB = -15.0
"""Below its loudest, where a vowel is over."""

_VOICELESS = frozenset("ptkfxsʂɕʨʦꭧʈ")
"""First symbols of syllables that begin without voice."""

CUTTING = f"{_AHEAD_S}-{_BACK_S}-{_UP_TO_S}-{_VOWEL_S}-{_SMOOTHED_S}-{_LOW_PASS_S}-{_VOICE_ENDS_DB}"
"""These settings in short: carriers are kept under them."""

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
    ``joints`` as of voice/speech/joints.py.
    """
    inside, mark = without_last_mark(said)
    ends = np.cumsum(np.round(durations)).astype(np.int64) * DURATION_UNIT
    first, last, gain = speech_span(sound, sample_rate)
    voice = _voice_power(sound, sample_rate)
    cuts = [first]
    token = 1  # past the padding
    for place, syllable in enumerate(inside):
        spaces = 1 if syllable.begins_word and place else 0
        if place:
            voiceless = syllable.symbols[:1] in _VOICELESS
            begins = int(ends[token - 1 + spaces])
            cut = (
                _end_of_voice(voice, begins, sample_rate)
                if voiceless
                else begins - _samples(_AHEAD_S, sample_rate)
            )
            cuts.append(max(cuts[-1] + 1, cut))
        token += spaces + len(syllable.symbols)
    cuts.append(max(cuts[-1] + 1, last))
    levelled = to_pcm((sound[first : cuts[-1]] * np.float32(gain)).astype(np.float32))
    pcm = np.frombuffer(resample(levelled, sample_rate, CARRIER_HZ), dtype="<i2")
    scaled = (np.array(cuts) - first) * CARRIER_HZ // sample_rate
    return Carrier(inside, mark, np.minimum(scaled, len(pcm)).astype(np.int32), joints, pcm)


def _end_of_voice(voice: Samples, begins: int, sample_rate: int) -> int:
    """Where the vowel before a voiceless consonant is over: the left edge of the valley before ``begins``."""
    low, high = (max(0, begins - _samples(seconds, sample_rate)) for seconds in (_BACK_S, _UP_TO_S))
    if high <= low:
        return low
    valley = low + int(np.argmin(voice[low:high]))
    before = voice[max(0, begins - _samples(_VOWEL_S, sample_rate)) : valley + 1]
    over = max(float(before.max()) * 10 ** (_VOICE_ENDS_DB / 10), 2 * float(voice[valley]))
    voiced = np.flatnonzero(before > over)
    return valley - (len(before) - 1 - int(voiced[-1])) if len(voiced) else valley


def _voice_power(sound: Samples, sample_rate: int) -> Samples:
    """Power of the lowest frequencies around each sample."""
    box, window = _samples(_LOW_PASS_S, sample_rate), _samples(_SMOOTHED_S, sample_rate)
    low = np.convolve(sound, np.full(box, 1 / box, np.float32), "same")
    return np.asarray(np.convolve(low**2, np.full(window, 1 / window, np.float32), "same"), np.float32)


def _samples(seconds: float, sample_rate: int) -> int:
    return round(seconds * sample_rate)
