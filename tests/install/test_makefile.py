"""make's targets: what commands receive, what stays on stdout, how they end (commands played by a script)."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FAKE_PYTHON = """#!/bin/sh
case "$2" in
    install.*) echo "set-up talks"; exit 0 ;;
esac
for argument in "$@"; do printf '%s\\n' "$argument" >>arguments; done
echo '{"n": 1}'
exit "$(cat status)"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "install").mkdir()
    (tmp_path / "install" / "environment.sh").write_text("echo installing >&2\n")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(FAKE_PYTHON)
    python.chmod(0o755)
    (tmp_path / "status").write_text("0")
    return tmp_path


def make(checkout: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = ["make", "--no-print-directory", *arguments]
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)


def received(checkout: Path) -> list[str]:
    return (checkout / "arguments").read_text().splitlines()


def test_stdout_holds_the_commands_line_and_nothing_of_the_set_up(checkout: Path) -> None:
    result = make(checkout, "call", "WAV=a.wav")
    assert result.returncode == 0
    assert json.loads(result.stdout) == {"n": 1}
    assert "set-up talks" in result.stderr


@pytest.mark.parametrize("name", ["two words.wav", "it's.wav", 'a "b".wav', "$HOME;id.wav", "录音 一.wav"])
def test_a_file_name_reaches_the_command_as_it_is(checkout: Path, name: str) -> None:
    make(checkout, "call", f"WAV={name}")
    assert received(checkout) == ["-m", "commands.call", "--wav", name]


def test_only_what_was_given_is_passed_on(checkout: Path) -> None:
    make(checkout, "call", "WAV=a.wav", "CALLER=13800000001", "LINE=16k")
    expected = ["-m", "commands.call", "--wav", "a.wav", "--caller", "13800000001", "--line", "16k"]
    assert received(checkout) == expected


def test_every_parameter_of_evaluate_asr_is_passed_on(checkout: Path) -> None:
    make(checkout, "evaluate-asr", "DIR=d", "RECOGNIZER=vosk", "LINE=8k", "EXPECT=digits", "DOMAIN=0")
    pairs = dict(zip(received(checkout)[2::2], received(checkout)[3::2], strict=True))
    assert pairs == {
        "--dir": "d",
        "--recognizer": "vosk",
        "--line": "8k",
        "--expect": "digits",
        "--domain": "0",
    }


def test_simulated_calls_can_be_chosen_by_a_word(checkout: Path) -> None:
    make(checkout, "test-calls", "ONLY=noise or loss")
    assert received(checkout) == ["-m", "commands.test_calls", "--only", "noise or loss"]


def test_bad_input_ends_with_2(checkout: Path) -> None:
    (checkout / "status").write_text("2")
    result = make(checkout, "evaluate-nlu", "FILE=missing.tsv")
    assert result.returncode == 2
    assert json.loads(result.stdout.splitlines()[-1]) == {"n": 1}


def test_help_names_every_target_that_people_use(checkout: Path) -> None:
    text = make(checkout, "help").stdout
    for target in (
        "run",
        "test",
        "call",
        "evaluate-nlu",
        "evaluate-asr",
        "bench",
        "verify-log",
        "train",
        "lock",
        "clean",
    ):
        assert f"make {target} " in text
