"""Joints: where in a clause another carrier's sound may go on: in and beside its figures, and at the ends of names."""

import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from voice.speech.carrier import without_last_mark
from voice.speech.phonemes import syllables
from voice.speech.spoken_text import spoken

_WRITTEN = re.compile(r"「[^「」]*」|(?:[0-9][0-9.,]*[元%年月日号]?)+")
"""A figure as it is written, with the units that are said within it."""


def figure_spans(clause: str) -> list[tuple[int, int]]:
    """Where the figures of a written clause lie in its spoken form (characters); the words between are the same."""
    words = _WRITTEN.split(clause)
    match = re.fullmatch("(.+?)".join(re.escape(spoken(word)) for word in words), spoken(clause))
    return [match.span(number) for number in range(1, len(words))] if match else []


def joints_of(clause: str, names: Iterable[str] = ()) -> npt.NDArray[np.bool_]:
    """For each cut of a written clause, both ends included, whether it is a joint: fixed words are never torn apart."""
    said, _ = without_last_mark(syllables(spoken(clause)))
    joints = np.zeros(len(said) + 1, dtype=bool)
    for start, end in figure_spans(clause):
        joints[start : end + 1] = True
    text = "".join(syllable.text for syllable in said)
    for name in names:
        for match in re.finditer(re.escape(name), text):
            joints[[match.start(), match.end()]] = True
    return joints
