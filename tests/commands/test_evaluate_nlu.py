"""The figures of understanding mean what they say, and bad input is refused with a reason."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pypinyin import lazy_pinyin

from commands.evaluate_nlu import main
from commands.homophones import with_homophones
from commands.labelled_sentences import LabelledSentence, SentencesError, read_sentences
from commands.nlu_scores import Decision, scores


def parsed(*ranking: tuple[str, float]) -> dict[str, Any]:
    ranked = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    return {"intent": ranked[0], "intent_ranking": ranked}


def test_an_intent_above_the_thresholds_is_what_the_bot_does() -> None:
    assert Decision.of(parsed(("ask_term", 0.8), ("ask_interest", 0.1))) == Decision("ask_term")


def test_a_fallback_with_two_likely_intents_asks_back_about_them() -> None:
    decision = Decision.of(
        parsed(("nlu_fallback", 0.3), ("ask_term", 0.3), ("greet", 0.2), ("ask_interest", 0.2))
    )
    assert decision.offered == ("ask_term", "ask_interest")
    assert decision.credit("ask_interest") == 0.5
    assert decision.credit("ask_overdue") == 0


def test_a_fallback_without_two_likely_intents_counts_as_out_of_scope() -> None:
    assert (
        Decision.of(parsed(("nlu_fallback", 0.3), ("ask_term", 0.3), ("greet", 0.01))).intent
        == "out_of_scope"
    )


def test_scores_count_half_for_an_ask_back_and_tell_refusals_apart() -> None:
    meant = ["ask_term", "ask_term", "ask_interest", "out_of_scope", "out_of_scope"]
    asked = Decision("ask_back", ("ask_term", "ask_interest"))
    decided = [
        Decision("ask_term"),
        asked,
        Decision("out_of_scope"),
        Decision("out_of_scope"),
        Decision("ask_term"),
    ]
    found = scores(meant, decided)
    assert found["accuracy"] == 0.5
    assert found["out_of_scope_recall"] == 0.5
    assert found["false_reject"] == pytest.approx(1 / 3, abs=1e-4)
    # F1: ask_term 2*1.5/(2.5+2), ask_interest 0, out_of_scope 2*1/(2+2).
    assert found["macro_f1"] == pytest.approx((3 / 4.5 + 0 + 0.5) / 3, abs=1e-4)
    assert {"intent": "ask_interest", "decided": "out_of_scope", "n": 1} in found["confusions"]


def test_noise_keeps_the_sound_and_the_seed_decides_it() -> None:
    text = "我想问一下这个月要还多少钱"
    spoilt = with_homophones(text, 0.5, Random(1))
    assert spoilt != text
    assert lazy_pinyin(spoilt)[:2] == lazy_pinyin(text)[:2]
    assert len(spoilt) == len(text)
    assert spoilt == with_homophones(text, 0.5, Random(1))
    assert with_homophones(text, 0.0, Random(1)) == text
    assert with_homophones("ok 123", 1.0, Random(1)) == "ok 123"


def test_a_file_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text("greet\t你好\r\n\nask_term\t分几期\u2028呢\n", encoding="utf-8")
    assert read_sentences(path) == [
        LabelledSentence("greet", "你好"),
        LabelledSentence("ask_term", "分几期\u2028呢"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\n \n", "file_empty"),
        (b"no tab\n", "line_invalid"),
        (b"\xff\xfe\x00", "file_not_text"),
        (b"greet\t\n", "line_invalid"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "x.tsv"
    path.write_bytes(content)
    with pytest.raises(SentencesError) as caught:
        read_sentences(path)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--file", "nowhere.tsv"], "file_missing"),
        ([], "file_missing"),
        (["--file", "x.tsv", "--noise", "2"], "noise_invalid"),
        (["--file", "x.tsv", "--noise", "much"], "noise_invalid"),
        (["--unknown"], "option_invalid"),
    ],
)
def test_bad_input_ends_in_an_error_object_and_exit_2(
    arguments: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    error = json.loads(capsys.readouterr().out.splitlines()[-1])["error"]
    assert error["code"] == code
    assert error["message"]
