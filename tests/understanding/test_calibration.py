"""Confidences are what they claim: the share of such answers that is right."""

import numpy as np
import pytest

from understanding.calibration import Calibration


def boaster(n: int = 4000) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Claims c, and is right in c squared of the cases."""
    random = np.random.default_rng(2)
    claimed = random.uniform(0.2, 1.0, n)
    return claimed, random.uniform(size=n) < claimed**2


def test_who_claims_too_much_is_told_what_is_true() -> None:
    line = Calibration.fit(*boaster())
    shares = np.array([[0.9, 0.1], [0.5, 0.5], [0.3, 0.7]])
    told = line.of(shares)
    assert told.sum(axis=1) == pytest.approx(np.ones(3))
    assert told[0, 0] == pytest.approx(0.81, abs=0.05)
    assert told[2, 1] == pytest.approx(0.49, abs=0.05)


def test_more_claimed_is_never_told_as_less() -> None:
    line = Calibration.fit(*boaster(300))
    assert (np.diff(line.claimed) >= 0).all()
    assert (np.diff(line.right) >= 0).all()


def test_the_other_classes_share_the_rest_as_before() -> None:
    line = Calibration(np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.8, 1.0]))
    told = line.of(np.array([[0.5, 0.4, 0.1]]))
    assert told[0] == pytest.approx([0.8, 0.16, 0.04])


def test_answers_that_were_always_right_do_not_make_it_quite_sure() -> None:
    line = Calibration.fit(np.full(100, 0.99), np.ones(100, dtype=bool))
    told = line.of(np.array([[0.999, 0.001], [1.0, 0.0]]))
    assert 0.999 < told[0, 0] < 1
    assert np.isfinite(told).all()
