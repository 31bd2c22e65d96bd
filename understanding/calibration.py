"""Calibration: from what a classifier claims to the share of such answers that is right.

Isotonic regression by pooling adjacent violators (Zadrozny, Elkan, "Transforming classifier scores into accurate
multiclass probability estimates", 2002), of the likeliest class; the others share what is left as they did.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.floating[Any]]

_GROUPS = 20
_LEAST_IN_GROUP = 30
"""Answers: a share of fewer would be chance."""
_SUREST = 1 - 1e-6


@dataclass(frozen=True)
class Calibration:
    """A rising line of claimed confidence against right answers; between its knots it is straight."""

    claimed: Matrix
    right: Matrix

    @staticmethod
    def fit(claimed: Matrix, right: NDArray[np.bool_]) -> "Calibration":
        """From the confidences of answers that were held out, and whether each was right."""
        groups = max(1, min(_GROUPS, len(claimed) // _LEAST_IN_GROUP))
        pooled: list[tuple[float, float, int]] = []
        for places in np.array_split(np.argsort(claimed, kind="stable"), groups):
            pooled.append((float(claimed[places].mean()), float(right[places].mean()), len(places)))
            while len(pooled) > 1 and pooled[-2][1] >= pooled[-1][1]:
                pooled[-2:] = [_together(*pooled[-2:])]
        knots = [(0.0, 0.0, 0), *pooled, (1.0, pooled[-1][1], 0)]
        return Calibration(np.array([knot[0] for knot in knots]), np.array([knot[1] for knot in knots]))

    def of(self, shares: Matrix) -> Matrix:
        """Sentences x classes, rows sum to 1 before and after; the order of the classes may change at the head."""
        places = np.arange(len(shares)), shares.argmax(axis=1)
        claimed = shares[places]
        told = np.clip(np.interp(claimed, self.claimed, self.right), 1 - _SUREST, _SUREST)
        found: Matrix = shares * ((1 - told) / np.maximum(1 - claimed, 1 - _SUREST))[:, None]
        found[places] = told
        sums: Matrix = found.sum(axis=1, keepdims=True)
        return found / sums


def _together(one: tuple[float, float, int], other: tuple[float, float, int]) -> tuple[float, float, int]:
    n = one[2] + other[2]
    claimed = (one[0] * one[2] + other[0] * other[2]) / n
    return claimed, (one[1] * one[2] + other[1] * other[2]) / n, n
