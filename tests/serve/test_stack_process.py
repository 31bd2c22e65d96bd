"""A service of the text stack lives exactly as long as the block that runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from serve.ports import free_port
from serve.services import Service
from serve.stack import running
from tests.serve.fakes import answering_service
from tests.serve.test_supervisor import ROOT, alive, eventually, pids

STUBBORN_PARENT = (
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(600)"
)
STUBBORN_CHILD = (
    "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "open({file!r}, 'w').write(str(os.getpid())); time.sleep(600)"
)


def test_leaving_the_block_stops_the_service(tmp_path: Path) -> None:
    with running(answering_service("one", free_port(), tmp_path / "pids"), tmp_path):
        assert eventually(lambda: len(pids(tmp_path / "pids")) == 1)
    assert not alive(pids(tmp_path / "pids")[0])


def test_an_error_in_the_block_stops_it_too(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError),
        running(answering_service("one", free_port(), tmp_path / "pids"), tmp_path),
    ):
        assert eventually(lambda: len(pids(tmp_path / "pids")) == 1)
        raise RuntimeError
    assert not alive(pids(tmp_path / "pids")[0])


def test_what_the_service_itself_started_and_ignores_signals_ends_as_well(tmp_path: Path) -> None:
    child = STUBBORN_CHILD.format(file=str(tmp_path / "pids"))
    service = Service("stubborn", (sys.executable, "-c", STUBBORN_PARENT.format(child=child)))
    with running(service, tmp_path):
        assert eventually(lambda: len(pids(tmp_path / "pids")) == 1)
    assert eventually(lambda: not alive(pids(tmp_path / "pids")[0]))


def test_the_service_ends_when_the_process_that_runs_it_is_killed(tmp_path: Path) -> None:
    code = f"""
import time
from pathlib import Path
from serve.stack import running
from tests.serve.fakes import answering_service
with running(answering_service("one", {free_port()}, Path({str(tmp_path / "pids")!r})), Path({str(tmp_path)!r})):
    time.sleep(600)
"""
    owner = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    assert eventually(lambda: len(pids(tmp_path / "pids")) == 1)
    owner.kill()
    owner.wait()
    assert eventually(lambda: not alive(pids(tmp_path / "pids")[0]))
