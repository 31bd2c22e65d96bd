"""`make test-calls`: what it prints, and how it ends."""

import json
import subprocess
from pathlib import Path

import pytest

from commands import test_calls as command
from tests.commands.test_simulated_calls_page import keep


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHOUDAI_VAR_DIR", str(tmp_path))
    monkeypatch.setattr(command, "ensure_models", lambda for_tests: None)
    monkeypatch.setattr(command, "ensure_model", lambda: None)
    (tmp_path / "simulated-calls" / "sip").mkdir(parents=True)
    return tmp_path / "simulated-calls" / "sip"


def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, problems: list[str], *arguments: str
) -> tuple[int, list[str]]:
    """Let the command run; pytest is played by a call that is kept."""
    asked: list[str] = []

    def hold_calls(command: tuple[str, ...], **_: object) -> "subprocess.CompletedProcess[bytes]":
        asked.extend(command)
        keep(folder, problems=problems)
        return subprocess.CompletedProcess(command, 1 if problems else 0)

    monkeypatch.setattr(command.subprocess, "run", hold_calls)
    return command.main(list(arguments)), asked


def test_it_says_how_many_went_as_written_and_where_the_page_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, asked = run(folder, monkeypatch, [])
    printed = json.loads(capsys.readouterr().out)
    assert (status, printed["calls"], printed["failed"]) == (0, 1, [])
    assert printed["page"].endswith("simulated-calls/sip/index.html") and (folder / "index.html").is_file()
    assert "tests/calls/every_call_over_sip.py" in asked and "-k" not in asked


def test_a_call_that_went_otherwise_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _ = run(folder, monkeypatch, ["turn 1: the bot did not answer"])
    assert status == 1 and json.loads(capsys.readouterr().out)["failed"] == ["a_call"]


def test_calls_of_an_earlier_run_are_forgotten(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(folder, name="old", problems=["turn 1: broken"])
    _, asked = run(folder, monkeypatch, [], "--only", "noise")
    assert json.loads(capsys.readouterr().out)["failed"] == []
    assert asked[-2:] == ["-k", "noise"]


def test_an_unknown_option_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--all"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "option_invalid"
