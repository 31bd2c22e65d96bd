"""`make fuzz`: spoiled messages for every parser that faces the network; none of them may raise or be slow."""

import argparse
import hashlib
import json
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from commands.fuzz_inputs import Mutator
from commands.fuzz_targets import TARGETS, Target
from commands.options import OptionInvalid, OptionParser
from install.paths import var_dir

_STEP = 1_000
_MOST_KEPT = 10
_BAD_INPUT = 2


@dataclass
class Outcome:
    """What became of one target's inputs."""

    inputs: int = 0
    accepted: int = 0
    crashed: int = 0
    slowest_ms: float = 0.0
    """The input that took longest; the wall time of a busy machine is in it."""
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """For the last line."""
        return {
            "inputs": self.inputs,
            "accepted": self.accepted,
            "refused": self.inputs - self.accepted - self.crashed,
            "crashed": self.crashed,
            "slowest_ms": round(self.slowest_ms, 1),
            "seconds": round(self.seconds, 1),
        }


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz all targets and print one JSON object; 1 when something crashed, 2 for bad options."""
    try:
        options = _parse(arguments)
    except OptionInvalid as error:
        print(json.dumps({"error": {"code": error.code, "message": str(error)}}, ensure_ascii=False))
        return _BAD_INPUT
    folder = var_dir() / "fuzz"
    outcomes: dict[str, Outcome] = {}
    with Progress(console=Console(stderr=True)) as progress:
        for target in (one for one in TARGETS if options.target in ("", one.name)):
            bar = progress.add_task(target.name, total=options.inputs)
            outcomes[target.name] = fuzz(
                target,
                options.inputs,
                options.seed,
                folder,
                lambda done, bar=bar: progress.advance(bar, done),
            )
    crashed = sum(outcome.crashed for outcome in outcomes.values())
    found = {name: outcome.to_json() for name, outcome in outcomes.items()}
    print(json.dumps({"seed": options.seed, "inputs": options.inputs, "crashed": crashed, "targets": found}))
    return 1 if crashed else 0


def fuzz(target: Target, inputs: int, seed: int, folder: Path, on_progress: Any) -> Outcome:
    """Feed ``inputs`` spoiled messages; those that crash are kept in ``folder``."""
    mutator, outcome = Mutator(target.seeds, seed), Outcome()
    began = time.perf_counter()
    feed = target.start()
    for number in range(inputs):
        if number % target.life == 0:
            feed = target.start()
        data = mutator.next()
        at = time.perf_counter()
        try:
            outcome.accepted += feed(data)
        except Exception:
            outcome.crashed += 1
            if outcome.crashed <= _MOST_KEPT:
                _keep(target.name, data, folder)
            feed = target.start()
        outcome.inputs += 1
        outcome.slowest_ms = max(outcome.slowest_ms, (time.perf_counter() - at) * 1000)
        if outcome.inputs % _STEP == 0:
            on_progress(_STEP)
    on_progress(inputs % _STEP)
    outcome.seconds = time.perf_counter() - began
    return outcome


def _keep(name: str, data: bytes, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}.bin"
    path.write_bytes(data)
    print(f"{path}:\n{traceback.format_exc()}", file=sys.stderr)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = OptionParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000, help="for each target (INPUTS=…)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same inputs (SEED=…)")
    parser.add_argument(
        "--target", choices=["", *(one.name for one in TARGETS)], default="", help="only this one"
    )
    options = parser.parse_args(arguments)
    if options.inputs < 1:
        raise OptionInvalid("--inputs must be 1 or more")
    return options


if __name__ == "__main__":
    sys.exit(main())
