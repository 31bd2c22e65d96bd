"""Cross-validation: what adapting to people's recordings brings, measured on those that were not learnt from."""

import argparse
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commands.evaluate_asr import EvaluationInput, Item, read_items
from commands.options import OptionInvalid, OptionParser
from install.paths import ROOT
from speech_model.export import export
from speech_model.importing import import_model, import_priors
from speech_model.kaldi_binary import NotOurModel
from speech_model.learning import SHIPPED, adapting, aligned_people, train_on
from speech_model.training import Plan
from speech_model.utterances import load_pieces
from voice.sound.wav import WavError

_SYNTHETIC_BESIDE = 200
"""Synthetic utterances that are learnt from beside the recordings, so that nothing is forgotten."""


@dataclass(frozen=True)
class Fold:
    """Recordings to learn from, and others to be measured on."""

    learnt: list[Item]
    measured: list[Item]


def folds(items: Sequence[Item], count: int) -> list[Fold]:
    """Split recordings so that each is measured once."""
    return [
        Fold([one for place, one in enumerate(items) if place % count != fold], list(items[fold::count]))
        for fold in range(count)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Adapt once a fold, recognise what was left out, print one JSON object."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    try:
        options = _parser().parse_args(arguments)
        figures = cross_validate(options)
    except (OptionInvalid, EvaluationInput, NotOurModel, WavError) as error:
        print(json.dumps({"error": {"code": error.code, "message": str(error)}}, ensure_ascii=False))
        return 2
    print(json.dumps(figures))
    return 0


def cross_validate(options: argparse.Namespace) -> dict[str, Any]:
    """Return character error rates before and after, and how many recordings could be aligned."""
    items = read_items(options.speech)
    work: Path = options.work / "folds"
    synthetic = load_pieces(options.work / "pieces")[:: options.every][:_SYNTHETIC_BESIDE]
    people, wrong = 0, {"before": 0.0, "after": 0.0}
    for number, fold in enumerate(folds(items, options.folds)):
        folder = work / str(number)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(options.model, folder / "model")
        _measured(folder, fold.measured)
        wrong["before"] += len(fold.measured) * _cer(options.model, folder, options.line)
        start = import_model(options.model)
        heard = aligned_people(options.speech, start, fold.learnt)
        people += len(heard)
        plan = adapting(Plan(options.steps, options.batch, number))
        learnt = train_on(synthetic, heard, plan, folder / "checkpoint.pt", start)
        export(learnt.model.cpu(), import_priors(options.model), folder / "model", prior_power=1.0)
        wrong["after"] += len(fold.measured) * _cer(folder / "model", folder, options.line)
    return {
        "cer_before": round(wrong["before"] / len(items), 4),
        "cer_after": round(wrong["after"] / len(items), 4),
        "recordings": len(items),
        "aligned_of": [people, len(items) * (options.folds - 1)],
        "folds": options.folds,
        "line": options.line,
    }


def _measured(folder: Path, items: Sequence[Item]) -> None:
    """Lay out a fold's recordings as a folder for evaluate_asr."""
    for item in items:
        (folder / item.path.name).symlink_to(item.path.resolve())
    rows = [f"{item.path.name}\t{item.said}" for item in items]
    (folder / "transcripts.tsv").write_text("\n".join(["file\ttext", *rows]) + "\n", encoding="utf-8")


def _cer(model: Path, folder: Path, line: str) -> float:
    """Character error rate by evaluate_asr, without what helps with loans; in a process of its own."""
    command = [sys.executable, "-m", "commands.evaluate_asr", "--dir", str(folder), "--recognizer", "vosk"]
    done = subprocess.run(
        [*command, "--line", line, "--domain", "0"],
        env=os.environ | {"SHOUDAI_VOSK_MODEL": str(model)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(json.loads(done.stdout.splitlines()[-1])["cer"])


def _parser() -> argparse.ArgumentParser:
    parser = OptionParser(prog="speech_model.cross_validation", description=__doc__)
    parser.add_argument("--speech", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "speech-model")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--every", type=int, default=10, help="one in so many synthetic utterances is taken")
    parser.add_argument("--line", choices=("8k", "16k"), default="16k")
    return parser


if __name__ == "__main__":
    sys.exit(main())
