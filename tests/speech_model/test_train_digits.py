"""The digit head learns: CTC's gradient is the true one, and a toy alphabet of states becomes readable."""

import random

import numpy as np
import pytest
from numpy.typing import NDArray

from speech_model.ctc_training import Example, ctc_gradient, train
from speech_model.digit_sayings import dictated, digits_in, labels_of
from voice.hearing.digit_head import LABELS, OTHER, counted_digits


def log_softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    return scores - np.log(np.exp(scores).sum(-1, keepdims=True))


@pytest.mark.parametrize("place", [(0, 3, 3), (1, 6, 2), (0, 8, 0), (1, 8, 2)])
def test_the_gradient_is_what_small_changes_show(place: tuple[int, int, int]) -> None:
    scores = np.random.default_rng(0).normal(0, 1, (2, 9, len(LABELS)))
    labels, lengths = [(3, 3, 5), (1, 2)], np.array([9, 7])
    _, gradient = ctc_gradient(log_softmax(scores), lengths, labels)
    losses = []
    for change in (-1e-5, 1e-5):
        moved = scores.copy()
        moved[place] += change
        losses.append(ctc_gradient(log_softmax(moved), lengths, labels)[0][place[0]])
    assert gradient[place] == pytest.approx((losses[1] - losses[0]) / 2e-5, abs=1e-5)


def toy(random: np.random.Generator) -> Example:
    """Each digit is a direction in the states, held for three frames, with a gap after it."""
    digits = [int(one) for one in random.integers(1, 11, 4)]
    frames = np.repeat([label for digit in digits for label in (digit, 0)], 3)
    states = np.eye(16)[frames] * 3 + random.normal(0, 0.3, (len(frames), 16))
    return Example(states.astype(np.float16), tuple(digits))


def test_a_head_learns_to_read_digits_it_was_not_shown() -> None:
    random = np.random.default_rng(5)
    loss, head = list(train([toy(random) for _ in range(240)], hidden=24, epochs=60))[-1]
    unseen = [toy(random) for _ in range(20)]
    read = [counted_digits(head.log_posteriors(one.states.astype(np.float32)), 4)[0][0] for one in unseen]
    right = [
        digits == "".join(str(label - 1) for label in one.labels)
        for digits, one in zip(read, unseen, strict=True)
    ]
    assert loss < 2
    assert sum(right) >= 18


def test_the_four_of_a_lead_is_no_digit() -> None:
    assert labels_of("身份证后四位是幺，四X") == (
        *(OTHER,) * 7,
        LABELS.index("幺"),
        LABELS.index("四"),
        LABELS.index("X"),
    )


def test_what_is_said_around_digits_teaches_that_it_is_none() -> None:
    assert labels_of("嗯，一二，谢谢") == (OTHER, LABELS.index("一"), LABELS.index("二"), OTHER, OTHER)
    assert digits_in("想借五万块分十二期") == 2
    assert digits_in("好的谢谢") == 0


def test_digits_are_dictated_the_same_for_a_seed_and_in_every_way() -> None:
    chance = random.Random(3)
    said = [dictated(chance) for _ in range(300)]
    chance = random.Random(3)
    assert said == [dictated(chance) for _ in range(300)]
    assert any("，" in one for one in said) and any("尾号" in one for one in said)
    assert any(one.endswith("X") for one in said) and any(one.endswith("叉") for one in said)
    counts = [digits_in(one) for one in said]
    assert counts.count(4) > 150 and counts.count(11) > 30
    assert all(labels_of(one) for one in said)
