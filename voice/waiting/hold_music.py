"""Hold music: a soft melody of our own, computed from this file; no recording of anybody is played."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from voice.sound.audio import FRAME_MS

_BEAT_MS = 480
_LEVEL = 0.09
"""Of full scale, the loudest moment: about -21 dBFS, well below the bot's voice."""

_MELODY = (
    (67, 2), (69, 1), (72, 1), (74, 2), (72, 2),
    (69, 2), (67, 1), (64, 1), (67, 4),
    (64, 2), (67, 1), (69, 1), (72, 2), (69, 2),
    (67, 1), (64, 1), (62, 2), (60, 4),
)  # fmt: skip
"""(MIDI note number, beats): a pentatonic tune (宫调式), 32 beats, 15.4 s, then from the beginning."""

_PARTIALS = ((1.0, 1.0), (2.0, 0.25), (3.01, 0.08))
"""(multiple of the fundamental, loudness): a soft bell."""

_RELEASE_S = 0.9
"""Seconds in which a note fades to a third."""


def music_frame(number: int, sample_rate: int) -> bytes:
    """The ``number``-th 20 ms of the melody, s16le mono."""
    melody = _melody(sample_rate)
    size = sample_rate * FRAME_MS // 1000 * 2
    at = number % (len(melody) // size) * size
    return melody[at : at + size]


@lru_cache(maxsize=2)
def _melody(sample_rate: int) -> bytes:
    """The whole tune, a whole number of frames; notes ring on into the next, the last into the first."""
    beat = sample_rate * _BEAT_MS // 1000
    total = sum(beats for _, beats in _MELODY) * beat
    sound: NDArray[np.float64] = np.zeros(total)
    start = 0
    for note, beats in _MELODY:
        ringing = _note(note, beat * (beats + 2), sample_rate)
        places = (np.arange(len(ringing)) + start) % total
        np.add.at(sound, places, ringing)
        start += beats * beat
    peak = float(np.abs(sound).max())
    return (sound / peak * _LEVEL * 32767).round().astype("<i2").tobytes()


def _note(midi: int, samples: int, sample_rate: int) -> NDArray[np.float64]:
    t = np.arange(samples) / sample_rate
    fundamental = 440.0 * 2 ** ((midi - 69) / 12)
    sound = sum(loud * np.sin(2 * np.pi * fundamental * multiple * t) for multiple, loud in _PARTIALS)
    attack = np.minimum(1.0, t / 0.02)
    fade = np.exp(-t / _RELEASE_S) * np.minimum(1.0, (samples - np.arange(samples)) / (0.2 * sample_rate))
    shaped: NDArray[np.float64] = sound * attack * fade
    return shaped
