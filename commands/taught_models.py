"""Taught models: the training examples, a split of them, and a model of any pipeline trained on a part."""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import yaml

from commands.labelled_sentences import LabelledSentence
from install.errors import SetupError
from install.paths import ROOT

_SEED = 7


def all_examples() -> list[LabelledSentence]:
    """The training examples of all topics, in the order of the files."""
    blocks: list[dict[str, str]] = []
    for path in sorted((ROOT / "data").glob("*/nlu.yml")):
        blocks += yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    return [
        LabelledSentence(block["intent"], line[2:])
        for block in blocks
        for line in block["examples"].splitlines()
        if line.startswith("- ")
    ]


def split(
    examples: Sequence[LabelledSentence], share: float
) -> tuple[list[LabelledSentence], list[LabelledSentence]]:
    """What is taught and what is held out: that share of every intent, the same every time."""
    taught, held_out = [], []
    random = Random(_SEED)
    for intent in sorted({one.intent for one in examples}):
        own = [one for one in examples if one.intent == intent]
        random.shuffle(own)
        cut = round(len(own) * share)
        held_out += own[:cut]
        taught += own[cut:]
    return taught, held_out


def taught_model(config: Path, taught: Iterable[LabelledSentence], folder: Path) -> Path:
    """Raises SetupError ``training_failed``."""
    by_intent: dict[str, list[str]] = {}
    for one in taught:
        by_intent.setdefault(one.intent, []).append(f"- {one.text}\n")
    blocks = [{"intent": intent, "examples": "".join(lines)} for intent, lines in by_intent.items()]
    data, log = folder / "nlu.yml", folder / "training.log"
    data.write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True), encoding="utf-8")
    command = [sys.executable, "-m", "rasa", "train", "nlu", "--config", str(config), "--nlu", str(data)]
    command += ["--domain", str(ROOT / "domain.yml"), "--out", str(folder), "--fixed-model-name", "model"]
    environment = os.environ | {
        "RASA_TELEMETRY_ENABLED": "false",
        "OMP_NUM_THREADS": "1",
        "TF_INTRA_OP_PARALLELISM_THREADS": "1",
        "TF_INTER_OP_PARALLELISM_THREADS": "1",
        "TQDM_DISABLE": "1",
        "RASA_CACHE_DIRECTORY": str(folder / "cache"),
        "PYTHONPATH": str(ROOT),
    }
    with log.open("wb") as output:
        status = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False
        ).returncode
    model = folder / "model.tar.gz"
    if status != 0 or not model.exists():
        tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise SetupError("training_failed", f"Rasa could not be trained with {config.name}: {tail}")
    return model
