"""Kernel machine: regularised least squares over several kinds of features, with calibrated probabilities.

A regularised least-squares classifier (Rifkin, Yeo, Poggio, "Regularized Least-Squares Classification", 2003). Its
leave-one-out outputs have a closed form, so the probabilities are calibrated on answers that no example gave to
itself, and training takes seconds. Measured against logistic regression in docs/understanding.md.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

_TEMPERATURES = (3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0, 14.0, 17.0, 20.0, 25.0, 30.0)


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
    """Regularisation: the weight of an example's own answer is 1 / (1 + ridge)-like."""


@dataclass(frozen=True)
class Features:
    """Rows are sentences: tables of n-gram counts, and embeddings."""

    counts: tuple[scipy.sparse.csr_matrix, ...]
    vectors: Matrix


@dataclass(frozen=True)
class KernelMachine:
    """Trained: example sentences with their weights for each class."""

    classes: tuple[str, ...]
    weights: KernelWeights
    idf: tuple[Matrix, ...]
    centre: Matrix
    scale: float
    examples: Features
    """Counts already weighted by idf and of length 1, vectors centred and scaled."""
    alpha: Matrix
    """Examples x classes."""
    prior: Matrix
    temperature: float

    @staticmethod
    def train(features: Features, labels: list[str], weights: KernelWeights) -> "KernelMachine":
        """Solve the least squares, then choose the temperature by the leave-one-out likelihood."""
        classes = tuple(sorted(set(labels)))
        truth = np.array([classes.index(label) for label in labels])
        idf = tuple(_idf(table) for table in features.counts)
        centre = features.vectors.mean(axis=0)
        scale = float(np.linalg.norm(features.vectors - centre, axis=1).mean()) or 1.0
        known = _prepare(features, idf, centre, scale)
        kernel = _kernel(known, known, weights)
        targets = np.eye(len(classes))[truth]
        prior = targets.mean(axis=0)
        inverse = np.linalg.inv(kernel + weights.ridge * np.eye(len(labels)))
        alpha = inverse @ (targets - prior)
        held_out = targets - alpha / np.diag(inverse)[:, None]
        temperature = min(_TEMPERATURES, key=lambda t: _surprise(held_out * t, truth))
        return KernelMachine(classes, weights, idf, centre, scale, known, alpha, prior, temperature)

    def probabilities(self, features: Features) -> Matrix:
        """Sentences x classes, rows sum to 1."""
        asked = _prepare(features, self.idf, self.centre, self.scale)
        return _softmax(
            (_kernel(asked, self.examples, self.weights) @ self.alpha + self.prior) * self.temperature
        )


def held_out_probabilities(features: Features, labels: list[str], weights: KernelWeights) -> Matrix:
    """What the machine says about each example when it has learnt from all the others."""
    machine = KernelMachine.train(features, labels, weights)
    kernel = _kernel(machine.examples, machine.examples, weights)
    inverse = np.linalg.inv(kernel + weights.ridge * np.eye(len(labels)))
    truth = np.array([machine.classes.index(label) for label in labels])
    held_out = np.eye(len(machine.classes))[truth] - machine.alpha / np.diag(inverse)[:, None]
    return _softmax(held_out * machine.temperature)


def _idf(table: scipy.sparse.csr_matrix) -> Matrix:
    seen = np.bincount(table.tocsr().indices, minlength=table.shape[1])
    found: Matrix = np.log((1 + table.shape[0]) / (1 + seen)) + 1
    return found


def _prepare(features: Features, idf: tuple[Matrix, ...], centre: Matrix, scale: float) -> Features:
    counts = tuple(_unit_rows(table, factor) for table, factor in zip(features.counts, idf, strict=True))
    return Features(counts, (features.vectors - centre) / scale)


def _unit_rows(table: scipy.sparse.csr_matrix, factor: Matrix) -> scipy.sparse.csr_matrix:
    weighted = table.tocsr().astype(np.float64)
    weighted.data = (1 + np.log(weighted.data)) * factor[weighted.indices]
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    length[length == 0] = 1.0
    return scipy.sparse.diags(1 / length) @ weighted


def _kernel(asked: Features, known: Features, weights: KernelWeights) -> Matrix:
    square = (asked.vectors**2).sum(axis=1)[:, None] + (known.vectors**2).sum(axis=1)[None, :]
    distance = np.maximum(square - 2 * asked.vectors @ known.vectors.T, 0)
    kernel: Matrix = weights.meaning * np.exp(-weights.gamma * distance)
    for weight, left, right in zip(weights.counts, asked.counts, known.counts, strict=True):
        kernel += weight * (left @ right.T).toarray()
    return kernel


def _softmax(scores: Matrix) -> Matrix:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _surprise(scores: Matrix, truth: NDArray[np.int64]) -> float:
    likelihood = _softmax(scores)[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(likelihood, 1e-12)).mean())
