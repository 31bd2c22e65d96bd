"""Trains Rasa, and only when something that goes into the model has changed."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from install.errors import SetupError
from install.files import flush_to_disk, only_one
from install.paths import ROOT, var_dir

KEPT_MODELS = 3


def ensure_model() -> Path:
    """The trained model for the present sources, trained now if need be. Raises SetupError ``training_failed``."""
    model = model_path()
    if model.exists():
        return model
    with only_one(model.parent / ".lock", "training Rasa"):
        if not model.exists():
            _train(model)
            _forget_old(model.parent)
    return model


def sources() -> Iterator[Path]:
    """Every file that goes into the model, in a fixed order. Policies and corrected sentences to test with do not."""
    yield ROOT / "config.yml"
    yield ROOT / "domain.yml"
    data = (path for path in (ROOT / "data").rglob("*") if path.is_file() and not path.name.startswith("."))
    yield from sorted(path for path in data if not {"policies", "taught"} & set(path.relative_to(ROOT).parts))
    yield from _code()


def _code() -> list[Path]:
    return sorted((ROOT / "understanding").rglob("*.py"))


def content_hash() -> str:
    """Hash of the sources' names and contents and of Rasa's version."""
    digest = hashlib.sha256(f"rasa {version('rasa')}".encode())
    for path in sources():
        content = path.read_bytes()
        digest.update(f"\n{path.relative_to(ROOT)} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:20]


def model_path() -> Path:
    """Where the model of the present sources lies, or will."""
    return var_dir() / "rasa-models" / f"{content_hash()}.tar.gz"


def _train(model: Path) -> None:
    print("training Rasa (one to three minutes)", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(dir=model.parent, prefix=".training.") as folder:
        command = [sys.executable, "-m", "rasa", "train", "--out", folder, "--fixed-model-name", "model"]
        command += ["--config", "config.yml", "--domain", "domain.yml", "--data", "data"]
        log_path = model.parent / "training.log"
        status = _run(command, log_path, cache=cache_dir(model.parent))
        trained = Path(folder) / "model.tar.gz"
        if status != 0 or not trained.exists():
            raise SetupError("training_failed", f"Rasa could not be trained; the reason is in {log_path}.")
        flush_to_disk(trained)
        trained.replace(model)


def cache_dir(folder: Path) -> Path:
    """Rasa's cache of trained components, of the present code only.

    Rasa compares a component's inputs and its class, not the modules that the class uses: after a change in one of
    those it would restore what the old code learnt.
    """
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in _code())).hexdigest()[:12]
    wanted = folder / f"cache-{digest}"
    for old in {*folder.glob("cache-*"), folder / "cache"} - {wanted}:
        shutil.rmtree(old, ignore_errors=True)
    return wanted


def _run(command: list[str], log_path: Path, cache: Path) -> int:
    """Run the training to its end; return its exit status. However this process goes, the training goes with it."""
    environment = os.environ | {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "OMP_NUM_THREADS": "1",
        "TQDM_DISABLE": "1",
        "RASA_CACHE_DIRECTORY": str(cache),
        "PYTHONPATH": str(ROOT),
    }
    with (
        log_path.open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "install.guard", "--until-eof", *command],
            # The guard watches this pipe: its end means that we are gone.
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=environment,
        ) as process,
    ):
        return process.wait()


def _forget_old(folder: Path) -> None:
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for path in models[:-KEPT_MODELS]:
        path.unlink(missing_ok=True)


def main() -> None:
    """``python -m install.training``: prints the model's path."""
    try:
        print(ensure_model())
    except SetupError as error:
        sys.exit(f"{error.code}: {error.message}")


if __name__ == "__main__":
    main()
