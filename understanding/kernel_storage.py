"""Kernel storage: a trained kernel machine as arrays and JSON, never as a pickle."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import scipy.sparse

from understanding.kernel_machine import Features, KernelMachine, KernelWeights


def write_machine(machine: KernelMachine, folder: Path) -> None:
    """Write ``machine.json``, ``machine.npz`` and one file for each table of counts."""
    about = {
        "classes": machine.classes,
        "weights": asdict(machine.weights),
        "scale": machine.scale,
        "temperature": machine.temperature,
    }
    (folder / "machine.json").write_text(json.dumps(about), encoding="utf-8")
    arrays = {f"idf_{place}": idf for place, idf in enumerate(machine.idf)}
    vectors = machine.examples.vectors
    np.savez(
        folder / "machine.npz",
        vectors=vectors,
        alpha=machine.alpha,
        prior=machine.prior,
        centre=machine.centre,
        **arrays,
    )
    for place, table in enumerate(machine.examples.counts):
        scipy.sparse.save_npz(folder / f"counts_{place}.npz", table.tocsr())


def read_machine(folder: Path) -> KernelMachine:
    """Read what ``write_machine`` wrote."""
    about = json.loads((folder / "machine.json").read_text(encoding="utf-8"))
    weights = KernelWeights(**(about["weights"] | {"counts": tuple(about["weights"]["counts"])}))
    tables = tuple(
        scipy.sparse.load_npz(folder / f"counts_{place}.npz") for place in range(len(weights.counts))
    )
    with np.load(folder / "machine.npz", allow_pickle=False) as arrays:
        return KernelMachine(
            classes=tuple(about["classes"]),
            weights=weights,
            idf=tuple(arrays[f"idf_{place}"] for place in range(len(weights.counts))),
            centre=arrays["centre"],
            scale=about["scale"],
            examples=Features(tables, arrays["vectors"]),
            alpha=arrays["alpha"],
            prior=arrays["prior"],
            temperature=about["temperature"],
        )
