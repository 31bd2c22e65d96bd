"""Alignment: which unit is said when, in a recording whose text is known (Viterbi, silence where words meet)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voice.hearing.sound_units import NUMBER, SILENCE

_SILENT = NUMBER[SILENCE]


class NotAlignable(Exception):
    """A recording is too short for its text (code ``not_alignable``)."""

    code = "not_alignable"


def align(log_posteriors: NDArray[np.float32], units: Sequence[int]) -> tuple[NDArray[np.int64], float]:
    """Return the unit of each frame, and the mean log posterior along the way.

    ``log_posteriors`` is frames x units of the model; ``units`` is what is said. Before, after and between the
    units there may be silence: finals may be followed by it, so that words may be apart. Raises NotAlignable.
    """
    path = [_SILENT]
    for unit in units:
        path += [unit, _SILENT]
    frames, places = len(log_posteriors), len(path)
    if frames < len(units):
        raise NotAlignable(f"{frames} frames cannot hold {len(units)} units")
    emitted = log_posteriors[:, path]
    score = np.full(places, -np.inf)
    score[:2] = emitted[0, :2]
    came = np.zeros((frames, places), np.int8)
    for frame in range(1, frames):
        steps = np.full((3, places), -np.inf)
        steps[0] = score
        steps[1, 1:] = score[:-1]
        steps[2, 3::2] = score[1:-2:2]
        came[frame] = steps.argmax(0)
        score = steps.max(0) + emitted[frame]
    place = places - 1 if score[-1] >= score[-2] else places - 2
    if not np.isfinite(score[place]):
        raise NotAlignable(f"{frames} frames cannot hold {len(units)} units")
    best = float(score[place]) / frames
    said = np.zeros(frames, np.int64)
    for frame in range(frames - 1, -1, -1):
        said[frame] = path[place]
        place -= int(came[frame, place])
    return said, best
