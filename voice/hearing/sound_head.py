"""Sound head: initials and finals, read from Whisper's encoder by a small layer of our own, frame by frame.

A hybrid acoustic model (Bourlard and Morgan 1994): a network's posteriors, divided by the units' frequencies. It says
how well a text fits the sound, whatever Whisper's own words are; tones are added up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pypinyin import Style, lazy_pinyin

from voice.hearing.digit_head import Floats, neighbouring
from voice.hearing.sound_units import FINALS, INITIALS, SILENCE, UNITS, SyllableUnknown, units_of

WEIGHTS = Path(__file__).with_name("sound_head.npz")
"""Made by ``python -m speech_model.train_sounds``; 0.7 MB."""

SOUNDS = (SILENCE, *INITIALS, *FINALS)
"""What the units come to without their tones."""

_PRIOR_SHARE = 0.3
"""Power of the units' frequencies that scores are divided by; 0.15 to 0.6 hear the same."""

_SHORTEST_FINAL = 3
"""Frames (20 ms each) of a final at least: a breath is no 的."""

_LEAST = 1e-5
_LEAST_PRIOR = 1e-4
_NEVER = -1e9

_SPELT = {"X": "埃克斯"}
"""Letters that are said in answers."""

_TWO_READINGS = {"还": "环孩"}
"""Characters that dictionaries read one way and callers another (先还三万), and what sounds like each."""


def _sound(unit: str) -> str:
    return unit if unit == SILENCE or unit in INITIALS else unit[:-1]


_PLACE = {sound: place for place, sound in enumerate(SOUNDS)}
SOUND_OF = np.array([_PLACE[_sound(unit)] for unit in UNITS])
"""The sound of each unit."""


@dataclass(frozen=True)
class SoundHead:
    """One hidden layer over three frames of the encoder. Read-only, shared by all workers."""

    weights: Mapping[str, Floats]

    def scores(self, states: Floats) -> Floats:
        """Return the scaled log likelihood of each sound in each frame of the encoder's states (frames x 512)."""
        w = self.weights
        hidden = np.maximum(neighbouring((states - w["mean"]) / w["deviation"]) @ w["in"] + w["in_bias"], 0)
        raw = hidden @ w["out"] + w["out_bias"]
        shares = np.exp(raw - raw.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        prior = np.maximum(_of_sounds(w["prior"]), _LEAST_PRIOR)
        result: Floats = np.log(np.maximum(_of_sounds(shares), _LEAST)) - _PRIOR_SHARE * np.log(prior)
        return result.astype(np.float32)


def load_sound_head(path: Path = WEIGHTS) -> SoundHead:
    """Read the weights; 10 ms."""
    with np.load(path) as stored:
        return SoundHead({name: stored[name].astype(np.float32) for name in stored.files})


def fits(scores: Floats, texts: Sequence[str]) -> NDArray[np.float64]:
    """Return how well each text fits the sound: its best path's log likelihood less that of the best sounds at all.

    0 is perfect, and a syllable too many or too few costs about 10 to 40. Silence may stand between syllables.
    Letters and marks that cannot be spelt are passed over.
    """
    spelt = [(number, spelling) for number, text in enumerate(texts) for spelling in _spellings(text)]
    paths = _best_paths(scores, [states_of(spelling) for _, spelling in spelt])
    best = np.full(len(texts), _NEVER)
    np.maximum.at(best, [number for number, _ in spelt], paths)
    return best - float(scores.max(axis=1).sum())


def _spellings(text: str) -> list[str]:
    for char, alike in _TWO_READINGS.items():
        if char in text:
            return [text.replace(char, other) for other in alike]
    return [text]


@lru_cache(maxsize=4096)
def states_of(text: str) -> tuple[int, ...]:
    """Return the states that a text goes through, silences too; a final is there once for each frame it needs."""
    states = [0]
    for syllable in lazy_pinyin("".join(_SPELT.get(char, char) for char in text), style=Style.TONE3):
        try:
            sounds = [_PLACE[_sound(unit)] for unit in units_of(syllable)]
        except SyllableUnknown:
            continue
        states += [*sounds[:-1], *[sounds[-1]] * _SHORTEST_FINAL, 0]
    return tuple(states)


def _best_paths(scores: Floats, chains: Sequence[tuple[int, ...]]) -> NDArray[np.float64]:
    """Viterbi for all chains at once: stay, go on, or pass over a silence."""
    count, longest = len(chains), max(map(len, chains))
    sounds = np.zeros((count, longest), dtype=np.int64)
    lengths = np.array([len(chain) for chain in chains])
    for number, chain in enumerate(chains):
        sounds[number, : len(chain)] = chain
    barred = np.ones((count, longest))
    barred[:, 2:] = np.where(sounds[:, 1:-1] == 0, 0.0, 1.0)
    best = np.full((count, longest + 2), _NEVER)  # two places before the first state, never reached
    best[:, 2] = scores[0, 0]
    spoken = lengths > 1
    best[spoken, 3] = scores[0, sounds[spoken, 1]]
    for frame in scores[1:]:
        passed = best[:, :-2] + barred * _NEVER
        best[:, 2:] = np.maximum(np.maximum(best[:, 2:], best[:, 1:-1]), passed) + frame[sounds]
    rows = np.arange(count)
    result: NDArray[np.float64] = np.maximum(best[rows, lengths + 1], best[rows, np.maximum(lengths, 2)])
    return result


def _of_sounds(by_unit: Floats) -> Floats:
    """Add up the units of each sound (last axis)."""
    together = np.zeros((*by_unit.shape[:-1], len(SOUNDS)), dtype=np.float32)
    for sound in range(len(SOUNDS)):
        together[..., sound] = by_unit[..., sound == SOUND_OF].sum(axis=-1)
    return together
