"""Training: Rasa on a copy of data/ with what is new, in the background, its progress read from its own log."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from install.errors import SetupError
from install.files import flush_to_disk
from install.paths import ROOT, var_dir
from install.training import cache_dir

OnStage = Callable[[str, float], None]
"""The component at work, and the share of the training that is done."""

SHARES = {
    "TextRestorer": 0.25,
    "NgramFeaturizer": 0.05,
    "KernelIntentClassifier": 0.55,
    "MemoizationPolicy": 0.025,
    "RulePolicy": 0.025,
}
"""Of the whole, by the times of a measured training; NgramFeaturizer comes three times."""

_STEP = re.compile(r"(Starting to train|Finished training|Restored) component '(\w+)'")
_NICE = 15
_AUTOGROUP = 10
"""As far as an ordinary process may lower itself without being starved."""


class TrainingProgress:
    """Adds up the components that Rasa's log says are trained or restored."""

    def __init__(self, on_stage: OnStage) -> None:
        self._on_stage, self._done = on_stage, 0.0

    def read(self, line: str) -> None:
        """One line of the log; most say nothing about progress."""
        if not (found := _STEP.search(line)):
            return
        what, component = found.groups()
        if what != "Starting to train":
            self._done = min(1.0, self._done + SHARES.get(component, 0.0))
        self._on_stage(component, self._done)


def stand_back() -> None:
    """Let calls go first: niceness, and the share of the process's group where the kernel schedules by groups."""
    os.nice(_NICE)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(_AUTOGROUP), encoding="ascii")


def training_copy(files: Mapping[str, str], folder: Path) -> Path:
    """data/ of the checkout, with these files in the place of its own. The checkout itself is only read."""
    target = folder / "data"
    shutil.copytree(ROOT / "data", target)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return target


def train(files: Mapping[str, str], model: Path, log: Path, on_stage: OnStage) -> None:
    """Train on data/ with these files; ``model`` appears whole or not at all. Raises SetupError ``training_failed``."""
    with tempfile.TemporaryDirectory(dir=model.parent, prefix=".training.") as name:
        folder = Path(name)
        data = training_copy(files, folder)
        command = [sys.executable, "-m", "rasa", "train", "--out", str(folder), "--fixed-model-name", "model"]
        command += ["--config", "config.yml", "--domain", "domain.yml", "--data", str(data)]
        status = _follow(command, log, TrainingProgress(on_stage))
        trained = folder / "model.tar.gz"
        if status != 0 or not trained.exists():
            raise SetupError("training_failed", f"Rasa could not be trained; the reason is in {log}.")
        flush_to_disk(trained)
        trained.replace(model)


def _follow(command: list[str], log: Path, progress: TrainingProgress) -> int:
    environment = os.environ | {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "OMP_NUM_THREADS": "1",
        "TQDM_DISABLE": "1",
        "LOG_LEVEL": "INFO",
        # Quieted in the bot's environment, which this one comes from; the progress is read from it.
        "LOG_LEVEL_LIBRARIES": "ERROR",
        "RASA_CACHE_DIRECTORY": str(cache_dir(var_dir() / "rasa-models")),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    with (
        log.open("w", encoding="utf-8") as kept,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=environment,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        assert process.stdout
        for line in process.stdout:
            kept.write(line)
            progress.read(line)
        return process.wait()
