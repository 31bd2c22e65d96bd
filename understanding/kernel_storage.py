"""Kernel storage: a trained kernel machine as arrays and JSON, never as a pickle."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from understanding.calibration import Calibration
from understanding.kernel_machine import KernelMachine, KernelWeights


def write_machine(machine: KernelMachine, folder: Path) -> None:
    """Write ``machine.json`` and ``machine.npz``."""
    about = {
        "classes": machine.classes,
        "weights": asdict(machine.weights),
        "scale": machine.scale,
        "temperature": machine.temperature,
    }
    (folder / "machine.json").write_text(json.dumps(about), encoding="utf-8")
    arrays = {f"idf_{place}": idf for place, idf in enumerate(machine.idf)}
    arrays |= {f"linear_{place}": linear for place, linear in enumerate(machine.linear)}
    arrays |= {"alpha": machine.alpha, "prior": machine.prior, "centre": machine.centre}
    arrays |= {"examples": machine.examples}
    arrays |= {"claimed": machine.calibration.claimed, "right": machine.calibration.right}
    # Single precision halves the file, and the time of an answer.
    np.savez(folder / "machine.npz", **{name: array.astype(np.float32) for name, array in arrays.items()})


def read_machine(folder: Path) -> KernelMachine:
    """Read what ``write_machine`` wrote."""
    about = json.loads((folder / "machine.json").read_text(encoding="utf-8"))
    weights = KernelWeights(**(about["weights"] | {"counts": tuple(about["weights"]["counts"])}))
    tables = range(len(weights.counts))
    with np.load(folder / "machine.npz", allow_pickle=False) as arrays:
        return KernelMachine(
            classes=tuple(about["classes"]),
            weights=weights,
            idf=tuple(arrays[f"idf_{place}"] for place in tables),
            linear=tuple(arrays[f"linear_{place}"] for place in tables),
            centre=arrays["centre"],
            scale=about["scale"],
            examples=arrays["examples"],
            alpha=arrays["alpha"],
            prior=arrays["prior"],
            temperature=about["temperature"],
            calibration=Calibration(arrays["claimed"], arrays["right"]),
        )
