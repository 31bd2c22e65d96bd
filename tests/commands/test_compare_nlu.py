"""Pipelines are compared on the same split of the examples, and the table says what was measured."""

import json
from pathlib import Path

import pytest
import yaml

from commands.compare_nlu import PIPELINES, main, table
from commands.labelled_sentences import LabelledSentence
from commands.taught_models import all_examples, split
from understanding.kernel_classifier import KernelIntentClassifier


def test_the_split_is_the_same_every_time_and_takes_its_share_of_every_intent() -> None:
    examples = [LabelledSentence(intent, f"{intent} {n}") for intent in ("a", "b") for n in range(10)]
    taught, held_out = split(examples, 0.2)
    assert (taught, held_out) == split(examples, 0.2)
    assert sorted(one.intent for one in held_out) == ["a", "a", "b", "b"]
    assert sorted(taught + held_out, key=lambda one: one.text) == examples


def test_all_examples_are_those_of_the_topics() -> None:
    found = all_examples()
    assert len(found) > 6000
    assert LabelledSentence("ask_coupon", "免息券在哪") in found


def test_every_pipeline_is_there_and_is_rasas_configuration() -> None:
    for path in PIPELINES.values():
        assert yaml.safe_load(path.read_text(encoding="utf-8"))["pipeline"]


def test_the_table_has_a_line_for_each_pipeline() -> None:
    told = {"accuracy": 0.85, "macro_f1": 0.8, "out_of_scope_recall": 1.0, "false_reject": 0.01}
    found = {
        "ours": {"training_cpu_s": 30, "held_out": told, "held_out_noise": told, "file": told}
        | {"file_noise": told}
    }
    assert table(found, 0.15).splitlines()[-1].startswith("| ours | .850 / .800 / 1.000 / .010 |")
    assert "15% homophones" in table(found, 0.15)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--file", "nowhere.tsv"], "file_missing"),
        ([], "option_invalid"),
        (["--file", "x", "--noise", "2"], "option_invalid"),
        (["--file", "x", "--pipelines", "best"], "option_invalid"),
    ],
)
def test_bad_input_ends_in_an_error_object_and_exit_2(
    arguments: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["error"]["code"] == code


def test_the_file_of_the_bots_own_pipeline_is_the_one_that_runs() -> None:
    assert PIPELINES["ours"] == Path("config.yml").resolve()


def test_a_pipeline_may_leave_out_a_table_of_ngrams() -> None:
    """Rasa adds what a configuration leaves out of a component's default."""
    assert KernelIntentClassifier.get_default_config()["counts"] == {}
