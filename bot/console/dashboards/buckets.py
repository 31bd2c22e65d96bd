"""Buckets: many measured times as a few counts, and percentiles out of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import case
from sqlalchemy.sql.elements import ColumnElement

_FINE_MS, _MIDDLE_MS = 1_000, 10_000
_LONGEST_MS = 600_000
LATENCY_STEPS = ((_FINE_MS, 10), (_MIDDLE_MS, 100), (_LONGEST_MS, 1_000))
"""(below, width) in ms: a time is kept to 10 ms below a second, to 100 ms below ten, to a second beyond."""


def bucket_of(column: Any) -> ColumnElement[Any]:
    """SQL: the lower edge of the bucket that a time in ms falls into."""
    fine, middle, coarse = (column - column % width for _, width in LATENCY_STEPS)
    return case(
        (column < _FINE_MS, fine),
        (column < _MIDDLE_MS, middle),
        (column < _LONGEST_MS, coarse),
        else_=_LONGEST_MS,
    )


def percentile(buckets: Mapping[int, int], share: float) -> int | None:
    """The time in ms that this share (0 to 1) of the measured ones does not exceed, at the middle of its bucket.

    Nearest rank (ISO 2602 leaves the choice; no interpolation between buckets). None: nothing was measured.
    """
    total = sum(buckets.values())
    if not total:
        return None
    rank, counted = max(1, -(-int(share * 1_000_000) * total // 1_000_000)), 0
    for edge in sorted(buckets):
        counted += buckets[edge]
        if counted >= rank:
            break
    return edge + width_at(edge) // 2


def width_at(edge: int) -> int:
    """How wide the bucket with this lower edge is, in ms."""
    return next((width for below, width in LATENCY_STEPS if edge < below), 0)
