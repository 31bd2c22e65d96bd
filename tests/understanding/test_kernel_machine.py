"""The kernel machine learns, says how sure it is, and is the same after it was stored."""

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse

from understanding.kernel_machine import Features, KernelMachine, KernelWeights
from understanding.kernel_storage import read_machine, write_machine

WEIGHTS = KernelWeights(counts=(0.5,), meaning=3.0, gamma=1.5, ridge=0.5)


def sentences(n: int, seed: int, overlap: float) -> tuple[Features, list[str]]:
    """Three clouds of meaning; the same word goes with the same label."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, 3, n)
    vectors = np.eye(3, 8)[truth] + overlap * random.normal(size=(n, 8))
    counts = scipy.sparse.csr_matrix(np.eye(3)[truth] * random.integers(1, 3, n)[:, None])
    return Features((counts,), vectors), [("ask", "pay", "other")[place] for place in truth]


def test_it_tells_sentences_of_different_meaning_apart() -> None:
    machine = KernelMachine.train(*sentences(120, seed=1, overlap=0.2), WEIGHTS)
    asked, meant = sentences(60, seed=2, overlap=0.2)
    said = [machine.classes[place] for place in machine.probabilities(asked).argmax(axis=1)]
    assert said == meant


def test_the_confidences_of_a_sentence_sum_to_one() -> None:
    machine = KernelMachine.train(*sentences(60, seed=1, overlap=0.4), WEIGHTS)
    shares = machine.probabilities(sentences(20, seed=2, overlap=0.4)[0])
    assert shares.sum(axis=1) == pytest.approx(np.ones(20))
    assert (shares >= 0).all()


def test_a_confidence_is_near_the_share_of_right_answers() -> None:
    """Trained where the classes overlap, the machine must not claim more than it gets right."""
    random = np.random.default_rng(3)
    truth = random.integers(0, 3, 600)
    vectors = np.eye(3, 8)[truth] + 0.9 * random.normal(size=(600, 8))
    nothing = scipy.sparse.csr_matrix((600, 1))
    labels = [str(place) for place in truth]
    machine = KernelMachine.train(Features((nothing[:400],), vectors[:400]), labels[:400], WEIGHTS)
    shares = machine.probabilities(Features((nothing[400:],), vectors[400:]))
    right = np.mean([machine.classes[place] for place in shares.argmax(axis=1)] == np.array(labels[400:]))
    assert right < 0.95
    assert shares.max(axis=1).mean() == pytest.approx(right, abs=0.1)


def test_a_sentence_without_any_known_ngram_is_judged_by_its_meaning() -> None:
    machine = KernelMachine.train(*sentences(120, seed=1, overlap=0.2), WEIGHTS)
    none = scipy.sparse.csr_matrix((1, 3))
    shares = machine.probabilities(Features((none,), np.eye(3, 8)[:1]))
    assert machine.classes[int(shares.argmax())] == "ask"


def test_a_stored_machine_answers_as_before(tmp_path: Path) -> None:
    machine = KernelMachine.train(*sentences(60, seed=1, overlap=0.4), WEIGHTS)
    asked, _ = sentences(20, seed=2, overlap=0.4)
    write_machine(machine, tmp_path)
    assert read_machine(tmp_path).probabilities(asked) == pytest.approx(
        machine.probabilities(asked), abs=1e-3
    )
