"""What a whole utterance loses against all others, compared with a sum over every row of units written out."""

import itertools
import math

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed: training is not tested here")

from speech_model.corpus import IGNORED  # noqa: E402
from speech_model.sequence_loss import SCALE, SequenceLoss  # noqa: E402

UNITS = 3
LABELS = [np.array([0, 0, 1, 1, 2, 2, 0], np.uint8), np.array([0, 2, 2, 1, 0], np.uint8)]


def loss_of(labels: list[np.ndarray] = LABELS) -> SequenceLoss:
    return SequenceLoss(labels, torch.tensor([0.5, 0.25, 0.25]), 0.6, torch.device("cpu"))


def test_the_forward_sum_is_the_sum_over_all_rows() -> None:
    torch.manual_seed(0)
    loss, scores, said = loss_of(), torch.randn(1, 4, UNITS), [0, 1, 1, 2]
    weighed = SCALE * (scores[0] - loss._priors)

    def total(allowed: list[set[int]]) -> float:
        rows = [
            row
            for row in itertools.product(range(UNITS), repeat=4)
            if all(unit in units for unit, units in zip(row, allowed, strict=True))
        ]
        steps = [list(zip([0, *row[:-1]], row, range(4), strict=True)) for row in rows]
        return math.log(
            sum(
                math.prod(float(loss._next[a, b]) * math.exp(float(weighed[t, b])) for a, b, t in step)
                for step in steps
            )
        )

    expected = total([set(range(UNITS))] * 4) - total([{0, 1}, {0, 1}, {1, 2}, {1, 2}])
    assert float(loss(scores, torch.tensor([said]))) == pytest.approx(expected / 4, abs=1e-4)


def test_it_falls_where_what_was_said_is_made_likelier_and_outputs_that_do_not_count_teach_nothing() -> None:
    torch.manual_seed(1)
    scores = torch.randn(2, 6, UNITS, requires_grad=True)
    labels = torch.tensor([[0, 1, 1, 2, 2, 0], [0, 2, 1, 1, IGNORED, IGNORED]])
    before = loss_of()(scores, labels)
    before.backward()
    assert scores.grad is not None
    assert float(scores.grad[1, 4:].abs().max()) == 0.0
    assert float(loss_of()((scores - 0.5 * scores.grad).detach(), labels)) < float(before.detach())


def test_a_row_that_is_often_said_loses_less() -> None:
    usual, scores = loss_of([LABELS[0]] * 20 + [LABELS[1]]), torch.zeros(1, 4, UNITS)
    often = float(usual(scores, torch.tensor([[0, 1, 2, 0]])))
    assert often < float(usual(scores, torch.tensor([[0, 2, 1, 0]])))
