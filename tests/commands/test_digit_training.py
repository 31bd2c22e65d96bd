"""The digit head learns: CTC's gradient is the true one, and a toy alphabet of states becomes readable."""

import numpy as np
import pytest
from numpy.typing import NDArray

from commands.ctc_training import Example, ctc_gradient, train
from commands.digit_recordings import Spoken, texts
from voice.digit_head import LABELS, OTHER, counted_digits


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
    labels = Spoken("身份证后四位是幺，四X", np.zeros(1, np.float32)).labels
    assert labels == (OTHER,) * 7 + (LABELS.index("幺"), LABELS.index("四"), LABELS.index("X"))


def test_texts_are_the_same_for_a_seed_and_hold_every_kind() -> None:
    said = list(texts(40, 20, 10, seed=3))
    assert said == list(texts(40, 20, 10, seed=3))
    assert len(said) == 70
    assert any("，" in one for one in said) and any("X" in one for one in said) and "尾号是" in "".join(said)
