"""Digit head: digits of a known count, read from Whisper's encoder by a small layer of our own (CTC)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.hearing.spoken_digits import well_formed

Floats = NDArray[np.float32]

WEIGHTS = Path(__file__).with_name("digit_head.npz")
"""Made by ``python -m speech_model.train_digits``; 0.4 MB."""

BLANK, OTHER = 0, 14
LABELS = ("", *"零一二三四五六七八九幺", "X", "叉", "其他")
"""What a frame may hold: nothing new, a digit by either of its names, or a syllable that is no digit."""

DIGIT_OF = dict(enumerate("0123456789", start=1)) | {11: "1", 12: "X", 13: "X"}

NEIGHBOURS = 1
"""Frames (20 ms) on each side that are read together with a frame."""

_BEAM = 24
_NEGLIGIBLE = -9.0
_NEVER = -1e9

Labels = tuple[int, ...]


@dataclass(frozen=True)
class DigitHead:
    """One hidden layer over three frames of the encoder. Read-only, shared by all workers."""

    weights: Mapping[str, Floats]

    def log_posteriors(self, states: Floats) -> Floats:
        """Return the log probability of each label in each frame of the encoder's states (frames x 512)."""
        w = self.weights
        hidden = np.maximum(neighbouring((states - w["mean"]) / w["deviation"]) @ w["in"] + w["in_bias"], 0)
        scores = hidden @ w["out"] + w["out_bias"]
        scores -= scores.max(axis=-1, keepdims=True)
        result: Floats = scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))
        return result


def load_digit_head(path: Path = WEIGHTS) -> DigitHead:
    """Read the weights; 5 ms."""
    with np.load(path) as stored:
        return DigitHead({name: stored[name].astype(np.float32) for name in stored.files})


def neighbouring(states: Floats) -> Floats:
    """Return each frame joined with its neighbours (..., frames, size x 3); the outermost frames repeat."""
    around = [(0, 0)] * (states.ndim - 2) + [(NEIGHBOURS, NEIGHBOURS), (0, 0)]
    padded, count = np.pad(states, around, mode="edge"), states.shape[-2]
    return np.concatenate([padded[..., at : at + count, :] for at in range(2 * NEIGHBOURS + 1)], axis=-1)


def counted_digits(log_posteriors: Floats, count: int) -> list[tuple[str, float]]:
    """Return the likeliest strings of exactly ``count`` digits with their log probabilities, best first.

    Words may stand before the first and after the last digit. 幺 and 一, X and 叉 add up.
    """
    found: dict[str, float] = {}
    for labels, score in _label_strings(log_posteriors.astype(np.float64), count):
        digits = "".join(DIGIT_OF[label] for label in labels if label != OTHER)
        if len(digits) == count and well_formed(digits, count):
            found[digits] = float(np.logaddexp(found.get(digits, _NEVER), score))
    return sorted(found.items(), key=lambda pair: -pair[1])


def heard_digits(log_posteriors: Floats) -> tuple[str, int]:
    """Return the digits that are heard where no number of them is insisted on, and how many other syllables.

    The likeliest label of each frame, runs as one (greedy CTC).
    """
    labels = log_posteriors.argmax(axis=-1)
    begins = np.concatenate([[True], labels[1:] != labels[:-1]])
    heard = [int(label) for label in labels[begins]]
    return "".join(DIGIT_OF.get(label, "") for label in heard), heard.count(OTHER)


def posteriors(strings: list[tuple[str, float]]) -> dict[str, float]:
    """Return the share of each string, given that one of them was said."""
    if not strings:
        return {}
    scores = np.array([score for _, score in strings])
    shares = np.exp(scores - scores.max())
    return {digits: float(share) for (digits, _), share in zip(strings, shares / shares.sum(), strict=True)}


def _label_strings(rows: NDArray[np.float64], count: int) -> list[tuple[Labels, float]]:
    """Prefix beam search: for each string of labels, the sum over all ways of placing it in time."""
    beam: dict[Labels, tuple[float, float]] = {
        (): (0.0, _NEVER)
    }  # (ending in a pause, ending in its last label)
    for row in rows:
        likely = [int(label) for label in np.flatnonzero(row > _NEGLIGIBLE) if label != BLANK]
        after: dict[Labels, tuple[float, float]] = {}
        for labels, (paused, held) in beam.items():
            either = np.logaddexp(paused, held)
            _add(after, labels, either + row[BLANK], held + row[labels[-1]] if labels else _NEVER)
            for label in likely:
                if _may_follow(labels, label, count):
                    again = (
                        bool(labels) and label == labels[-1]
                    )  # a doubled digit needs a gap between the two
                    _add(after, (*labels, label), _NEVER, (paused if again else either) + row[label])
        beam = dict(sorted(after.items(), key=lambda pair: -np.logaddexp(*pair[1]))[:_BEAM])
    return [(labels, float(np.logaddexp(*ends))) for labels, ends in beam.items()]


def _may_follow(labels: Labels, label: int, count: int) -> bool:
    digits = sum(one != OTHER for one in labels)
    return digits in (0, count) if label == OTHER else digits < count


def _add(beam: dict[Labels, tuple[float, float]], labels: Labels, paused: float, held: float) -> None:
    before = beam.get(labels, (_NEVER, _NEVER))
    beam[labels] = (float(np.logaddexp(before[0], paused)), float(np.logaddexp(before[1], held)))
