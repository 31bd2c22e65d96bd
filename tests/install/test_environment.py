"""The locked environment: made once, skipped when nothing changed, repaired after an interruption (fake pip)."""

import subprocess
from pathlib import Path

import pytest

INSTALL = Path(__file__).parents[2] / "install"

FAKE_VENV_PYTHON = """#!/bin/sh
echo "$@" >>"{log}"
case "$*" in
    *--requirement*) exit "$(cat "{outcome}")" ;;
esac
exit 0
"""

FAKE_PYTHON = """#!/bin/sh
# Plays CPython 3.10: `-m venv .venv` makes an environment with the fake pip, everything else succeeds.
if [ "$1 $2" = "-m venv" ]; then
    mkdir -p "$3/bin" && cp "{venv_python}" "$3/bin/python"
fi
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the real scripts, a lock and a fake interpreter; ``pip.log`` records what pip was asked."""
    (tmp_path / "install").mkdir()
    for script in ("environment.sh", "python310.sh"):
        (tmp_path / "install" / script).write_text((INSTALL / script).read_text())
    (tmp_path / "requirements.lock").write_text(
        "setuptools==1 \\\n    --hash=sha256:0\nrasa==3 \\\n    --hash=sha256:1\n"
    )
    (tmp_path / "outcome").write_text("0")
    texts = {
        "venv_python": FAKE_VENV_PYTHON.format(log=tmp_path / "pip.log", outcome=tmp_path / "outcome"),
        "python3.10": FAKE_PYTHON.format(venv_python=tmp_path / "venv_python"),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    return tmp_path


def set_up(checkout: Path) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": "/usr/bin:/bin", "SHOUDAI_PYTHON": str(checkout / "python3.10")}
    command = ["/bin/sh", str(checkout / "install" / "environment.sh")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def installs(checkout: Path) -> int:
    log = checkout / "pip.log"
    lines = log.read_text().splitlines() if log.exists() else []
    return sum("--requirement requirements.lock" in line for line in lines)


def test_packages_are_installed_by_hash_and_without_resolving(checkout: Path) -> None:
    assert set_up(checkout).returncode == 0
    asked = (checkout / "pip.log").read_text().splitlines()
    locked = [line for line in asked if "--requirement" in line]
    assert len(locked) == 2
    assert all("--require-hashes" in line and "--no-deps" in line for line in locked)


def test_setuptools_comes_first_and_alone_since_it_builds_the_rest(checkout: Path) -> None:
    set_up(checkout)
    assert (checkout / ".venv" / ".build.lock").read_text() == "setuptools==1 \\\n    --hash=sha256:0\n"


def test_nothing_is_installed_twice(checkout: Path) -> None:
    set_up(checkout)
    second = set_up(checkout)
    assert second.returncode == 0
    assert second.stderr == ""
    assert installs(checkout) == 1


def test_a_changed_lock_is_installed(checkout: Path) -> None:
    set_up(checkout)
    with (checkout / "requirements.lock").open("a") as lock:
        lock.write("jieba==1 \\\n    --hash=sha256:2\n")
    set_up(checkout)
    assert installs(checkout) == 2


def test_an_interrupted_installation_is_made_anew(checkout: Path) -> None:
    set_up(checkout)
    (checkout / ".venv" / ".installing").touch()
    (checkout / ".venv" / "half-written").touch()
    result = set_up(checkout)
    assert result.returncode == 0
    assert "interrupted" in result.stderr
    assert not (checkout / ".venv" / "half-written").exists()
    assert installs(checkout) == 2


def test_an_environment_without_a_working_python_is_made_anew(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(checkout / "python-that-was-uninstalled")
    assert set_up(checkout).returncode == 0
    assert installs(checkout) == 1


def test_without_a_network_the_message_says_what_to_bring_and_the_next_try_goes_on(checkout: Path) -> None:
    (checkout / "outcome").write_text("1")
    result = set_up(checkout)
    assert result.returncode == 1
    assert "packages_unavailable:" in result.stderr
    assert "pip download" in result.stderr
    assert "var/downloads" in result.stderr
    (checkout / "outcome").write_text("0")
    assert set_up(checkout).returncode == 0


def test_the_real_scripts_are_plain_posix_shell() -> None:
    for script in INSTALL.glob("*.sh"):
        assert subprocess.run(["/bin/sh", "-n", str(script)], check=False).returncode == 0
        assert script.read_text().startswith("#!/bin/sh\n")
