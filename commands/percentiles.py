"""Percentiles of measured times."""

from statistics import median


def p50_p95(values: list[float]) -> tuple[int, int]:
    """Return (median, 95th percentile) rounded to whole units; the list must not be empty."""
    ordered = sorted(values)
    return round(median(ordered)), round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))])
