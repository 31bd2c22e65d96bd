"""`make test`: every check and test in stages; all of them run even when one fails, and pytest's line comes last."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

from install.errors import SetupError
from install.models import ensure_models
from install.paths import ROOT
from install.training import ensure_model
from install.web_libraries import ensure_libraries

PACKAGES = [
    "voice",
    "actions",
    "bot",
    "understanding",
    "commands",
    "install",
    "serve",
    "speech_model",
    "teaching",
]
AT_ONCE = ("-n", "2", "--dist", "loadfile")
"""Two processes of tests, a file in one of them: each has a Rasa, ears and a mouth of its own (4 GB)."""

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
TELEPHONES = {"baresip": "baresip-core", "sipp": "sip-tester"}
"""Program -> Debian's package."""


@dataclass(frozen=True)
class Stage:
    """One check: a name for people and the command that fails when something is wrong."""

    name: str
    command: tuple[str, ...]


STAGES = (
    Stage("ruff", (sys.executable, "-m", "ruff", "check", ".")),
    Stage("format", (sys.executable, "-m", "ruff", "format", "--check", ".")),
    Stage("types", (sys.executable, "-m", "mypy", *(f"--package={name}" for name in PACKAGES))),
    Stage("walls", (sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()")),
    Stage("rasa data", (sys.executable, "-m", "install.rasa_data")),
)


def ensure_chromium() -> None:
    """Debian's Chromium for the browser tests. Raises SetupError ``chromium_missing``."""
    if any(shutil.which(name) for name in CHROMIUM):
        return
    _apt_install("chromium", "the browser tests")
    if not any(shutil.which(name) for name in CHROMIUM):
        raise SetupError(
            "chromium_missing",
            "the browser tests need Chromium: run `apt-get install chromium` as root (or put a chromium into PATH) "
            "and then `make test` again.",
        )


def install_telephones() -> None:
    """Telephones that others wrote, for the telephone's tests; without them those tests are skipped and say so."""
    for program, package in TELEPHONES.items():
        if not shutil.which(program):
            _apt_install(package, "the telephone's tests")


def _apt_install(package: str, purpose: str) -> None:
    """Install one of Debian's packages where that may be done; whether it worked is for the caller to see."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"installing Debian's {package} for {purpose}", file=sys.stderr, flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", package]):
        subprocess.run(["apt-get", "-qq", *arguments], env=quiet, stdout=sys.stderr, check=False)


def run_stage(stage: Stage) -> bool:
    """Run one check and say how it went."""
    print(f"=== {stage.name}", flush=True)
    started = time.monotonic()
    passed = subprocess.run(stage.command, cwd=ROOT, check=False).returncode == 0
    print(
        f"--- {stage.name}: {'ok' if passed else 'FAILED'} ({time.monotonic() - started:.0f} s)", flush=True
    )
    return passed


def main() -> int:
    """Return 0 when everything passed."""
    try:
        ensure_chromium()
        install_telephones()
        ensure_models(for_tests=True)
        ensure_libraries(for_tests=True)
        ensure_model()
    except SetupError as error:
        print(f"{error.code}: {error.message}", file=sys.stderr)
        return 1
    results = {stage.name: run_stage(stage) for stage in STAGES}
    summary = ", ".join(f"{name} {'ok' if passed else 'FAILED'}" for name, passed in results.items())
    print(f"=== checks: {summary}\n=== tests", flush=True)
    pytest = (sys.executable, "-m", "pytest", *AT_ONCE, *sys.argv[1:])
    tests = subprocess.run(pytest, cwd=ROOT, check=False).returncode
    return 0 if tests == 0 and all(results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
