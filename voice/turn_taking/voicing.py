"""Voicing: does a sound repeat itself at the pitch of a voice? A lone 不 does; a click and a hiss do not."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

_LOWEST_HZ, _HIGHEST_HZ = 70, 400
"""The pitch of people's voices, children's and old men's included."""

_LEAST = 0.5
"""Normalised autocorrelation (Rabiner 1977, On the use of autocorrelation analysis for pitch detection)."""

_OF_A_TONE = 0.9
"""Share of that peak which a tone above the pitch of voices (450 Hz of ring-back) reaches at its own period too."""


def is_voiced(samples: Samples, rate: int) -> bool:
    """Return whether ``samples`` (40 ms at ``rate``: two periods of a low voice, at least) hold a voiced sound."""
    centred = samples - samples.mean()
    shortest, longest = rate // _HIGHEST_HZ, rate // _LOWEST_HZ
    if len(centred) < 2 * longest:
        return False
    likeness = _likeness(centred, longest + 1)
    peaks = [
        lag
        for lag in range(2, longest)
        if likeness[lag] >= likeness[lag - 1] and likeness[lag] > likeness[lag + 1]
    ]
    of_voices = [lag for lag in peaks if lag >= shortest]
    best = max((likeness[lag] for lag in of_voices), default=0.0)
    if best < _LEAST:
        return False
    return not any(likeness[lag] >= _OF_A_TONE * best for lag in peaks if lag < shortest)


def _likeness(samples: Samples, longest: int) -> NDArray[np.float64]:
    """Return the correlation of the sound with itself at each lag up to ``longest``, -1..1."""
    sound = samples.astype(np.float64)
    raw = np.correlate(sound, sound, "full")[len(sound) - 1 :][: longest + 1]
    energy = np.concatenate([[0.0], np.cumsum(np.square(sound))])
    lags = np.arange(longest + 1)
    heads, tails = energy[len(sound) - lags], energy[-1] - energy[lags]
    result: NDArray[np.float64] = raw / np.maximum(np.sqrt(heads * tails), 1e-9)
    return result
