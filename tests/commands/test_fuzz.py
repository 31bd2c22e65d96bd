"""A short run of `make fuzz`, and proof that it would notice a crash."""

import json
from pathlib import Path

import pytest

from commands import fuzz
from commands.fuzz_inputs import Mutator
from commands.fuzz_targets import TARGETS, Target


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_spoiled_messages_raise_nothing(target: Target, tmp_path: Path) -> None:
    outcome = fuzz.fuzz(target, 3_000, seed=7, folder=tmp_path, on_progress=lambda _: None)
    assert outcome.crashed == 0, [path.read_bytes() for path in tmp_path.iterdir()]
    assert 0 < outcome.accepted < outcome.inputs == 3_000


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_the_messages_that_are_spoiled_were_valid(target: Target) -> None:
    feed = target.start()
    assert sum(feed(seed) for seed in target.seeds) >= len(target.seeds) - 1


def test_the_same_seed_gives_the_same_inputs() -> None:
    first, second, third = (Mutator(TARGETS[0].seeds, seed) for seed in (5, 5, 6))
    inputs = [first.next() for _ in range(50)]
    assert inputs == [second.next() for _ in range(50)] != [third.next() for _ in range(50)]


def test_a_crash_is_counted_kept_and_makes_the_command_fail(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def feed(data: bytes) -> bool:
        if b"\xff" in data:
            raise ValueError("a fault of ours")
        return True

    monkeypatch.setattr(fuzz, "TARGETS", (Target("faulty", [b"valid", b"\xfe\xff"], lambda: feed),))
    monkeypatch.setenv("SHOUDAI_VAR_DIR", str(tmp_path))
    assert fuzz.main(["--inputs", "200", "--seed", "3"]) == 1
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    kept = list((tmp_path / "fuzz").iterdir())
    assert answer["crashed"] == answer["targets"]["faulty"]["crashed"] > 0
    assert kept and all(b"\xff" in path.read_bytes() for path in kept)


@pytest.mark.parametrize("arguments", [["--inputs", "0"], ["--inputs", "many"], ["--target", "nothing"]])
def test_options_that_cannot_be_used_are_named(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert fuzz.main(arguments) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "option_invalid"
