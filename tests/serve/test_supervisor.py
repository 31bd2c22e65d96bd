"""The supervisor with small real processes as services."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from serve.ports import free_port

ROOT = Path(__file__).parents[2]

RUN = """
import sys
from pathlib import Path
from install.errors import SetupError
from serve.supervisor import Supervisor
from tests.serve.fakes import answering_service, dying_service, lingering_service
folder, first, second, third = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
services = [answering_service("first", first, folder / "first"), answering_service("second", second, folder / "second")]
if third == "dying":
    services.append(dying_service("broken", 1))
if third.isdigit():
    services.append(lingering_service("calls", int(third), f"http://127.0.0.1:{first}/", folder / "note"))
try:
    Supervisor(services, folder / "logs", lambda: print("ready", flush=True)).run()
except SetupError as error:
    print(error.code, error.message, flush=True)
"""


def launch(folder: Path, third: str = "-") -> "subprocess.Popen[str]":
    arguments = [str(folder), str(free_port()), str(free_port()), third]
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *arguments], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


def pids(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def eventually(condition: Callable[[], bool], patience_s: float = 30.0) -> bool:
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def launched(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    launcher = launch(tmp_path)
    assert launcher.stdout
    assert launcher.stdout.readline() == "ready\n"
    yield launcher
    launcher.kill()
    launcher.wait()
    launcher.stdout.close()


def test_what_is_killed_is_started_again(launched: "subprocess.Popen[str]", tmp_path: Path) -> None:
    os.kill(pids(tmp_path / "first")[0], signal.SIGKILL)
    assert eventually(lambda: len(pids(tmp_path / "first")) == 2)
    assert alive(pids(tmp_path / "second")[0])
    assert len(pids(tmp_path / "second")) == 1


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_or_term_stops_everything(
    launched: "subprocess.Popen[str]", tmp_path: Path, how: signal.Signals
) -> None:
    launched.send_signal(how)
    assert launched.wait(30) == 0
    assert not any(alive(pid) for name in ("first", "second") for pid in pids(tmp_path / name))


def test_services_end_even_when_the_launcher_is_killed_outright(
    launched: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    launched.kill()
    services = [pid for name in ("first", "second") for pid in pids(tmp_path / name)]
    assert len(services) == 2
    assert eventually(lambda: not any(alive(pid) for pid in services))


def test_a_service_that_ends_again_and_again_stops_the_rest_with_its_logs_name(tmp_path: Path) -> None:
    launcher = launch(tmp_path, "dying")
    output, _ = launcher.communicate(timeout=60)
    assert output.startswith("service_not_ready broken ends again and again")
    assert str(tmp_path / "logs" / "broken.log") in output
    assert not any(alive(pid) for name in ("first", "second") for pid in pids(tmp_path / name))


def test_a_service_with_calls_in_hand_ends_first_and_in_its_own_time(tmp_path: Path) -> None:
    launcher = launch(tmp_path, str(free_port()))
    assert launcher.stdout and launcher.stdout.readline() == "ready\n"
    launcher.terminate()
    assert launcher.wait(40) == 0
    launcher.stdout.close()
    assert (tmp_path / "note").read_text() == "the other answered 200"
    assert not any(alive(pid) for name in ("first", "second") for pid in pids(tmp_path / name))
