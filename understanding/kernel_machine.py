"""Kernel machine: regularised least squares over several kinds of features, with calibrated probabilities.

A regularised least-squares classifier (Rifkin, Yeo, Poggio, "Regularized Least-Squares Classification", 2003). What
it answers to examples that were left out of the training has a closed form, so the probabilities are calibrated on
answers that no example gave to itself, and training takes seconds. Measured in docs/understanding.md.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.linalg
import scipy.sparse
from numpy.typing import NDArray

from understanding.calibration import Calibration

_FOLDS = 5
"""Parts of the examples that are left out in turn, to see how sure the machine may be."""

Matrix = NDArray[np.floating[Any]]
"""Single precision when read from a model, double precision in training."""

_TEMPERATURES = (
    0.5,
    1.0,
    1.5,
    2.0,
    2.5,
    3.0,
    4.0,
    5.0,
    6.0,
    7.0,
    8.0,
    9.0,
    10.0,
    12.0,
    14.0,
    17.0,
    20.0,
    25.0,
    30.0,
)


@dataclass(frozen=True)
class KernelWeights:
    """How much each kind of features counts, and how near two sentences must be in meaning to speak together."""

    counts: tuple[float, ...] = (0.5, 0.5, 0.5)
    """One weight for each table of n-gram counts."""

    meaning: float = 3.0
    """Weight of the embeddings' Gaussian kernel."""

    gamma: float = 1.5
    """Its narrowness, in units of the mean squared distance from the centre."""

    ridge: float = 0.5
    """Regularisation: the larger, the less a single example is believed."""


@dataclass(frozen=True)
class Features:
    """Rows are sentences: tables of n-gram counts, and embeddings."""

    counts: tuple[scipy.sparse.csr_matrix, ...]
    vectors: Matrix


@dataclass(frozen=True)
class KernelMachine:
    """Trained: weights of n-grams, and example sentences in the space of meanings with their weights, by class."""

    classes: tuple[str, ...]
    weights: KernelWeights
    idf: tuple[Matrix, ...]
    linear: tuple[Matrix, ...]
    """N-grams x classes, one for each table of counts: that part of the kernel is linear and needs no examples."""
    centre: Matrix
    scale: float
    examples: Matrix
    """Embeddings of the examples, centred and scaled."""
    alpha: Matrix
    """Examples x classes."""
    prior: Matrix
    temperature: float
    calibration: Calibration

    @staticmethod
    def train(features: Features, labels: list[str], weights: KernelWeights) -> "KernelMachine":
        """Solve the least squares; then temperature and calibration by what is answered to examples left out.

        Needs memory for two square matrices of the examples: 0.5 GB for 5,000.
        """
        classes = tuple(sorted(set(labels)))
        truth = np.array([classes.index(label) for label in labels])
        idf = tuple(_idf(table) for table in features.counts)
        tables = tuple(_unit_rows(table, factor) for table, factor in zip(features.counts, idf, strict=True))
        centre = features.vectors.mean(axis=0)
        scale = float(np.linalg.norm(features.vectors - centre, axis=1).mean()) or 1.0
        vectors = (features.vectors.astype(np.float64) - centre) / scale
        targets = np.eye(len(classes))[truth]
        prior = targets.mean(axis=0)
        inverse = _regularised_inverse(tables, vectors, weights)
        alpha = inverse @ (targets - prior)
        left_out = _left_out(inverse, alpha, targets)
        temperature = min(_TEMPERATURES, key=lambda t: _surprise(left_out * t, truth))
        shares = _softmax(left_out * temperature)
        calibration = Calibration.fit(shares.max(axis=1), shares.argmax(axis=1) == truth)
        linear = tuple(
            weight * (table.T @ alpha) for weight, table in zip(weights.counts, tables, strict=True)
        )
        return KernelMachine(
            classes, weights, idf, linear, centre, scale, vectors, alpha, prior, temperature, calibration
        )

    def probabilities(self, features: Features) -> Matrix:
        """Sentences x classes, rows sum to 1."""
        vectors = (features.vectors - self.centre) / self.scale
        nearness = _nearness(vectors, self.examples, self._lengths, self.weights)
        scores = self.prior + nearness @ self.alpha
        for table, factor, linear in zip(features.counts, self.idf, self.linear, strict=True):
            # The same precision on both sides: scipy would copy the whole table of weights to the wider one.
            scores = scores + _unit_rows(table, factor).astype(linear.dtype) @ linear
        return self.calibration.of(_softmax(scores.astype(np.float64) * self.temperature))

    @cached_property
    def _lengths(self) -> Matrix:
        return _squared_lengths(self.examples)


def _regularised_inverse(
    tables: tuple[scipy.sparse.csr_matrix, ...], vectors: Matrix, weights: KernelWeights
) -> Matrix:
    kernel = _nearness(vectors, vectors, _squared_lengths(vectors), weights)
    for weight, table in zip(weights.counts, tables, strict=True):
        kernel += weight * (table @ table.T).toarray()
    kernel[np.diag_indices_from(kernel)] += weights.ridge
    inverse: Matrix = scipy.linalg.inv(kernel, overwrite_a=True)
    return inverse


def _left_out(inverse: Matrix, alpha: Matrix, targets: Matrix) -> Matrix:
    """What a machine without a fifth of the examples answers to that fifth, from the one inverse of all of them."""
    order = np.random.default_rng(1).permutation(len(targets))
    found = np.empty_like(targets)
    for places in np.array_split(order, min(_FOLDS, len(order))):
        found[places] = targets[places] - scipy.linalg.solve(inverse[np.ix_(places, places)], alpha[places])
    return found


def _idf(table: scipy.sparse.csr_matrix) -> Matrix:
    seen = np.bincount(table.indices, minlength=table.shape[1])
    found: Matrix = np.log((1 + table.shape[0]) / (1 + seen)) + 1
    return found


def _unit_rows(table: scipy.sparse.csr_matrix, factor: Matrix) -> scipy.sparse.csr_matrix:
    """Logarithmic counts times idf, each sentence of length 1."""
    values = (1 + np.log(table.data)) * factor[table.indices]
    rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    length = np.sqrt(np.bincount(rows, weights=values**2, minlength=table.shape[0]))
    values = values / np.maximum(length, 1e-12)[rows]
    return scipy.sparse.csr_matrix((values, table.indices, table.indptr), shape=table.shape)


def _squared_lengths(vectors: Matrix) -> Matrix:
    lengths: Matrix = (vectors**2).sum(axis=1)
    return lengths


def _nearness(asked: Matrix, known: Matrix, known_lengths: Matrix, weights: KernelWeights) -> Matrix:
    distance = asked @ known.T
    distance *= -2
    distance += _squared_lengths(asked)[:, None]
    distance += known_lengths[None, :]
    np.maximum(distance, 0, out=distance)
    distance *= -weights.gamma
    nearness: Matrix = np.exp(distance, out=distance)
    nearness *= weights.meaning
    return nearness


def _softmax(scores: Matrix) -> Matrix:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _surprise(scores: Matrix, truth: NDArray[np.int64]) -> float:
    likelihood = _softmax(scores)[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(likelihood, 1e-12)).mean())
