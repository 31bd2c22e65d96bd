"""General model: a Chinese 3-gram out of a Debian package, where that package can be had; never required."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from install.files import directory_made_whole
from install.models import is_whole, write_manifest
from install.paths import models_dir
from voice.hearing.general_words import FOLDER, MODEL, WORDS, load_kenlm, words_by_sound

PACKAGE = "libime-data-language-model"
_PATIENCE_S = 120
"""Wall seconds for one command of apt: a machine without a network must not wait for it."""

_TRIED = ".general-words-tried"
"""Left in the models' folder where the package could not be had, so that no later start waits for it again."""

Run = Callable[[list[str], Path], bool]
"""Runs a command in a folder; whether it succeeded."""


def ensure_general_model() -> None:
    """Make ``general-words`` in the models' folder if that can be done; say what is missing otherwise.

    Taken from the machine, where Debian's package is installed; else downloaded by apt-get, which checks the
    signature of what it fetches and needs no root to unpack it.
    """
    target, tried = models_dir() / FOLDER, models_dir() / _TRIED
    if is_whole(target) or tried.exists():
        return
    print("fetching the general language model (optional)", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        found = installed() or fetched(Path(folder), _quietly)
        if found is None:
            print(
                "the general language model is not at hand: recognition does without. "
                f"Install the Debian package {PACKAGE}, delete {_TRIED} in the models' folder and start again.",
                file=sys.stderr,
            )
            tried.parent.mkdir(parents=True, exist_ok=True)
            tried.touch()
            return
        with directory_made_whole(target) as making:
            make(found, making)


def make(model: Path, folder: Path) -> None:
    """Put the 3-gram and its words by their sound into ``folder``: CPU seconds that no start pays again."""
    shutil.copyfile(model, folder / MODEL)
    kenlm = load_kenlm()
    assert kenlm is not None, "kenlm is in the lock file"
    words = words_by_sound(kenlm.Model(str(folder / MODEL)))
    (folder / WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    write_manifest(folder)


def installed(root: Path = Path("/usr/lib")) -> Path | None:
    """The model where Debian's package puts it, or None."""
    return next(iter(sorted(root.glob(f"*/libime/{MODEL}"))), None)


def fetched(folder: Path, run: Run) -> Path | None:
    """The model out of a freshly downloaded package, unpacked under ``folder``, or None."""
    if not run(["apt-get", "-qq", "download", PACKAGE], folder):
        # The lists may be missing or old; only root may renew them.
        if os.geteuid() != 0 or not run(["apt-get", "-qq", "update"], folder):
            return None
        if not run(["apt-get", "-qq", "download", PACKAGE], folder):
            return None
    package = next(iter(folder.glob(f"{PACKAGE}_*.deb")), None)
    if package is None or not run(["dpkg-deb", "-x", str(package), "unpacked"], folder):
        return None
    return installed(folder / "unpacked" / "usr" / "lib")


def _quietly(command: list[str], folder: Path) -> bool:
    if shutil.which(command[0]) is None:
        return False
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=_PATIENCE_S, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
