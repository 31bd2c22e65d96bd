"""A wrong option ends every command in its JSON line and exit status 2."""

import json
from collections.abc import Callable, Sequence

import pytest

from commands import bench, call, evaluate_asr, evaluate_nlu

Command = Callable[[Sequence[str]], int]


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        (call.main, ["--line", "9k"]),
        (call.main, ["--speed", "2"]),
        (evaluate_asr.main, ["--dir", ".", "--recognizer", "siri"]),
        (evaluate_asr.main, ["--dir", ".", "--domain", "yes"]),
        (evaluate_asr.main, []),
        (evaluate_nlu.main, ["--file", "a.tsv", "b.tsv", "c.tsv"]),
        (bench.main, ["--quick"]),
    ],
)
def test_a_wrong_option_is_named_in_the_last_line_and_the_status_is_2(
    command: Command, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(arguments) == 2
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(answer) == ["error"]
    assert answer["error"]["code"] == "option_invalid"
    assert answer["error"]["message"]
