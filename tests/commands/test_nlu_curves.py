"""Figures of calibration and of thresholds mean what they say."""

import pytest

from commands.nlu_curves import Answers, calibration_error, configured, cost, reliability


def ranking(*ranked: tuple[str, float]) -> list[dict[str, object]]:
    return [{"name": name, "confidence": confidence} for name, confidence in ranked]


@pytest.fixture
def answers() -> Answers:
    """Two sure and right, one sure and wrong, one torn between two services, one refused."""
    return Answers(
        ["ask_term", "ask_term", "ask_term", "ask_interest", "out_of_scope"],
        [
            ranking(("ask_term", 0.95), ("ask_interest", 0.05)),
            ranking(("ask_term", 0.95), ("ask_interest", 0.05)),
            ranking(("ask_interest", 0.95), ("ask_term", 0.05)),
            ranking(("ask_term", 0.5), ("ask_interest", 0.4)),
            ranking(("out_of_scope", 0.65), ("ask_term", 0.3)),
        ],
    )


def test_a_bin_tells_what_was_claimed_and_what_was_right(answers: Answers) -> None:
    assert reliability(answers) == [
        {"confidence": 0.5, "right": 0.0, "n": 1},
        {"confidence": 0.65, "right": 1.0, "n": 1},
        {"confidence": 0.95, "right": 0.6667, "n": 3},
    ]
    assert calibration_error(answers) == pytest.approx((0.5 + 0.35 + 3 * 0.2833) / 5, abs=1e-3)


def test_thresholds_cost_what_the_bot_would_do(answers: Answers) -> None:
    without = cost(answers, 0.0, 0.0)
    assert (without["accuracy"], without["asked_back"], without["served_wrong"]) == (0.6, 0.0, 0.4)
    torn = cost(answers, 0.0, 0.2)
    assert (torn["accuracy"], torn["asked_back"], torn["served_wrong"]) == (0.7, 0.2, 0.2)
    assert torn["out_of_scope_recall"] == 1.0


def test_the_thresholds_are_read_from_the_configuration() -> None:
    least, gap = configured()
    assert 0 < least < 1
    assert 0 < gap < 1
