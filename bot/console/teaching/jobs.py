"""Jobs: processes beside the bot that train and sort; they end with it, however it goes."""

import subprocess
import sys
from pathlib import Path
from typing import Protocol

from install.paths import ROOT


class Jobs(Protocol):
    """Starts what takes long."""

    def start(self, module: str, folder: Path) -> None:
        """Run ``python -m module folder`` in the background."""
        ...


class GuardedJobs:
    """Under install/guard.py: a closed pipe, ours at our end, ends them with all that they started."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, module: str, folder: Path) -> None:
        """Its words lie in job.log of the folder."""
        self._running = [process for process in self._running if process.poll() is None]
        guard = [sys.executable, "-m", "install.guard", "--until-eof"]
        with (folder / "job.log").open("ab") as log:
            process = subprocess.Popen(
                [*guard, sys.executable, "-m", module, str(folder)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
            )
        self._running.append(process)
