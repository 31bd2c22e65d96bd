"""Services come and go while the supervisor runs the others."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from serve.ports import free_port
from tests.serve.test_supervisor import ROOT, alive, eventually, pids

RUN = """
import sys, threading
from pathlib import Path
from serve.supervisor import Supervisor
from tests.serve.fakes import answering_service
folder, first, second = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])

def change():
    supervisor.start(answering_service("second", second, folder / "second"))
    sys.stdin.readline()
    supervisor.stop("first")

ready = lambda: threading.Thread(target=change, daemon=True).start()
supervisor = Supervisor([answering_service("first", first, folder / "first")], folder / "logs", ready)
supervisor.run()
"""


@pytest.fixture
def launched(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    arguments = [str(tmp_path), str(free_port()), str(free_port())]
    launcher = subprocess.Popen(
        [sys.executable, "-c", RUN, *arguments], stdin=subprocess.PIPE, text=True, cwd=ROOT
    )
    yield launcher
    launcher.terminate()
    launcher.wait(60)
    assert not any(alive(pid) for name in ("first", "second") for pid in pids(tmp_path / name))


def test_a_service_joins_and_another_leaves(launched: "subprocess.Popen[str]", tmp_path: Path) -> None:
    """The new one is kept running like the others, the old one is not started again."""
    assert eventually(lambda: len(pids(tmp_path / "second")) == 1, 60)
    (first,) = pids(tmp_path / "first")
    assert alive(first)
    assert launched.stdin
    launched.stdin.write("\n")
    launched.stdin.flush()
    assert eventually(lambda: not alive(first), 60)
    os.kill(pids(tmp_path / "second")[0], signal.SIGKILL)
    assert eventually(lambda: len(pids(tmp_path / "second")) == 2, 60)
    assert len(pids(tmp_path / "first")) == 1
