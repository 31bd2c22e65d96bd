"""CTC training: the digit head learnt from whole recordings, without knowing where each digit lies (numpy only)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.hearing.digit_head import LABELS, NEIGHBOURS, DigitHead, Floats, neighbouring

_NEVER = -1e9
_BATCH = 24
_DROPPED_IN, _DROPPED = 0.1, 0.2
_AVERAGED = 0.25
"""Share of the last epochs whose weights are averaged (Izmailov et al. 2018, stochastic weight averaging)."""
_DECAY = 1e-4
_STEP = 1.5e-3
_WARM_UP = 20


@dataclass(frozen=True)
class Example:
    """The encoder's states of one recording, and the labels of what is said in it, in order."""

    states: NDArray[np.float16]
    labels: tuple[int, ...]


def train(
    examples: Sequence[Example], hidden: int, epochs: int, seed: int = 0
) -> Iterator[tuple[float, DigitHead]]:
    """Yield the mean loss and the head after each epoch (Adam, a falling step, dropout, the last epochs' mean)."""
    random = np.random.default_rng(seed)
    weights = _first_weights(examples, hidden, random)
    learnt = ("in", "in_bias", "out", "out_bias")
    mean, square, total = ({name: np.zeros_like(weights[name]) for name in learnt} for _ in range(3))
    step, averaged = 0, 0
    for epoch in range(epochs):
        loss = 0.0
        for batch in _batches(examples, random):
            lost, gradients = _batch_gradients(weights, batch, random)
            loss, step = loss + lost, step + 1
            size = _STEP * min(1.0, step / _WARM_UP) * (1 - epoch / epochs) ** 0.5
            for name in learnt:
                gradient = gradients[name] + _DECAY * weights[name]
                mean[name] = 0.9 * mean[name] + 0.1 * gradient
                square[name] = 0.99 * square[name] + 0.01 * gradient**2
                spread = np.sqrt(square[name] / (1 - 0.99**step)) + 1e-8
                weights[name] = weights[name] - size * (mean[name] / (1 - 0.9**step)) / spread
        if epoch >= epochs * (1 - _AVERAGED):
            averaged += 1
            for name in learnt:
                total[name] += weights[name]
        means = {name: total[name] / averaged for name in learnt} if averaged else {}
        yield loss / len(examples), DigitHead(weights | means)


def ctc_gradient(
    log_posteriors: NDArray[np.float64], lengths: NDArray[np.int64], labels: Sequence[tuple[int, ...]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the loss of each recording and the gradient by the scores before the softmax.

    ``log_posteriors`` is recordings x frames x labels, filled up behind each recording's length. No recording
    may be without labels.
    """
    lattice, skips, ends = _lattice(labels)
    count, frames, _ = log_posteriors.shape
    wide = np.broadcast_to(lattice[:, None, :], (count, frames, lattice.shape[1]))
    emitted = np.take_along_axis(log_posteriors, wide, 2)
    forward = _forward(emitted, skips)
    backward = _backward(emitted, skips, ends, lengths)
    every = np.arange(count)
    whole = np.logaddexp(forward[every, lengths - 1, ends], forward[every, lengths - 1, ends - 1])
    shares = np.exp(np.minimum(forward + backward - whole[:, None, None], 0.0))
    occupied = np.zeros_like(log_posteriors)
    for place in range(lattice.shape[1]):
        at = (every[:, None], np.arange(frames)[None], lattice[:, place][:, None])
        np.add.at(occupied, at, shares[:, :, place] * (place <= ends)[:, None])
    inside = (np.arange(frames)[None] < lengths[:, None])[:, :, None]
    return -whole, (np.exp(log_posteriors) - occupied) * inside


def _lattice(
    labels: Sequence[tuple[int, ...]],
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Labels with a blank on each side; where a blank may be skipped (0, else never); the last place of each."""
    width = 2 * max(map(len, labels)) + 1
    lattice = np.zeros((len(labels), width), dtype=np.int64)
    for row, one in enumerate(labels):
        lattice[row, 1 : 2 * len(one) : 2] = one
    skips = np.full((len(labels), width), _NEVER)
    skips[:, 3::2] = np.where(lattice[:, 3::2] != lattice[:, 1:-2:2], 0.0, _NEVER)
    return lattice, skips, np.array([2 * len(one) for one in labels])


def _forward(emitted: NDArray[np.float64], skips: NDArray[np.float64]) -> NDArray[np.float64]:
    result = np.full_like(emitted, _NEVER)
    result[:, 0, :2] = emitted[:, 0, :2]
    for frame in range(1, emitted.shape[1]):
        before = result[:, frame - 1]
        reached = np.logaddexp(before, _shifted(before, 1))
        result[:, frame] = np.logaddexp(reached, _shifted(before, 2) + skips) + emitted[:, frame]
    return result


def _backward(
    emitted: NDArray[np.float64],
    skips: NDArray[np.float64],
    ends: NDArray[np.int64],
    lengths: NDArray[np.int64],
) -> NDArray[np.float64]:
    result = np.full_like(emitted, _NEVER)
    every, skips_ahead = np.arange(len(ends)), _shifted(skips, -2)
    finished = np.full_like(skips, _NEVER)
    finished[every, ends] = finished[every, ends - 1] = 0.0
    for frame in range(emitted.shape[1] - 1, -1, -1):
        result[:, frame] = finished
        if frame < emitted.shape[1] - 1:
            after = result[:, frame + 1] + emitted[:, frame + 1]
            reached = np.logaddexp(after, _shifted(after, -1))
            reached = np.logaddexp(reached, _shifted(after, -2) + skips_ahead)
            last = (lengths - 1 == frame)[:, None]
            result[:, frame] = np.where(last, finished, reached)
    return result


def _shifted(rows: NDArray[np.float64], by: int) -> NDArray[np.float64]:
    result = np.full_like(rows, _NEVER)
    if by > 0:
        result[:, by:] = rows[:, :-by]
    else:
        result[:, :by] = rows[:, -by:]
    return result


def _first_weights(
    examples: Sequence[Example], hidden: int, random: np.random.Generator
) -> dict[str, Floats]:
    states = np.concatenate([example.states for example in examples[:: max(1, len(examples) // 400)]]).astype(
        np.float32
    )
    inputs = states.shape[1] * (2 * NEIGHBOURS + 1)
    return {
        "mean": states.mean(0),
        "deviation": states.std(0) + np.float32(1e-3),
        "in": random.normal(0, (2 / inputs) ** 0.5, (inputs, hidden)).astype(np.float32),
        "in_bias": np.zeros(hidden, np.float32),
        "out": random.normal(0, hidden**-0.5, (hidden, len(LABELS))).astype(np.float32),
        "out_bias": np.zeros(len(LABELS), np.float32),
    }


def _batches(examples: Sequence[Example], random: np.random.Generator) -> list[list[Example]]:
    """Recordings of about one length together, in random order."""
    order = sorted(range(len(examples)), key=lambda at: len(examples[at].states) + random.normal(0, 10))
    starts = random.permutation(np.arange(0, len(order), _BATCH))
    return [[examples[at] for at in order[start : start + _BATCH]] for start in starts]


def _batch_gradients(
    weights: dict[str, Floats], batch: list[Example], random: np.random.Generator
) -> tuple[float, dict[str, Floats]]:
    lengths = np.array([len(example.states) for example in batch])
    states = np.zeros((len(batch), lengths.max(), batch[0].states.shape[1]), np.float32)
    for row, example in enumerate(batch):
        states[row, : len(example.states)] = example.states
    read = neighbouring((states - weights["mean"]) / weights["deviation"])
    read *= random.random(read.shape, dtype=np.float32) > _DROPPED_IN
    hidden = np.maximum(read @ weights["in"] + weights["in_bias"], 0)
    hidden *= (random.random(hidden.shape, dtype=np.float32) > _DROPPED) / np.float32(1 - _DROPPED)
    scores = (hidden @ weights["out"] + weights["out_bias"]).astype(np.float64)
    scores -= scores.max(-1, keepdims=True)
    scores -= np.log(np.exp(scores).sum(-1, keepdims=True))
    losses, by_score = ctc_gradient(scores, lengths, [example.labels for example in batch])
    rows = (by_score / len(batch)).astype(np.float32).reshape(-1, len(LABELS))
    flat = hidden.reshape(len(rows), -1).astype(np.float32)
    by_hidden = (rows @ weights["out"].T) * (flat > 0)
    return float(losses.sum()), {
        "out": flat.T @ rows,
        "out_bias": rows.sum(0),
        "in": read.reshape(len(rows), -1).T @ by_hidden,
        "in_bias": by_hidden.sum(0),
    }
