"""Percentiles of measured times."""

from statistics import median


def p50_p95(values: list[float]) -> tuple[int, int]:
    """Return (median, 95th percentile) rounded to whole units; the list must not be empty."""
    return round(median(values)), round(percentile(values, 0.95))


def percentile(values: list[float], share: float) -> float:
    """Return the value that this share of the others does not exceed; the list must not be empty."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
