"""Misheard words are restored by their sound and by what stands beside them; what is right stays as it is."""

import json
from random import Random

import pytest

from commands.homophones import with_homophones
from understanding.restorer import Restorer, candidates, tokens_of
from understanding.word_model import END, START, WordModel

SENTENCES = (
    ("我", "想", "提前", "还款"),
    ("提前", "还款", "要", "违约金", "吗"),
    ("还款", "失败", "怎么", "办"),
    ("贷款", "利息", "怎么", "算"),
    ("这个", "月", "还款", "多少", "钱"),
    ("额度", "怎么", "提高"),
)
GENERAL = {
    "北京": 900,
    "天气": 800,
    "背景": 700,
    "海": 500,
    "款": 60,
    "怎么": 5000,
    "样": 800,
    "征信": 60,
    "鞋": 90,
}


@pytest.fixture(scope="module")
def restorer() -> Restorer:
    model = WordModel.learn(SENTENCES, GENERAL)
    return Restorer(model, *candidates(model))


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("提前海款", "提前还款"),
        ("提钱还款要违约金吗", "提前还款要违约金吗"),
        ("带款力息怎么算", "贷款利息怎么算"),
        ("海款失败怎么版", "还款失败怎么办"),
        ("鹅度怎么提高", "额度怎么提高"),
        ("海款3000,提钱还款", "还款3000,提前还款"),
    ],
)
def test_what_was_misheard_is_restored(heard: str, meant: str, restorer: Restorer) -> None:
    assert restorer.restore(heard).text == meant


def test_a_sound_that_accents_do_not_keep_apart_is_restored_in_a_longer_word(restorer: Restorer) -> None:
    assert restorer.restore("要违约今吗").text == "要违约金吗"
    assert restorer.restore("要违约经吗").text == "要违约金吗"


@pytest.mark.parametrize("text", ["北京天气怎么样", "提前还款", "ok 123", "15号还款3000元", "!?", "", "龘龘"])
def test_what_is_right_or_unknown_stays(text: str, restorer: Restorer) -> None:
    assert restorer.restore(text).text == text


def test_numbers_and_length_are_never_changed(restorer: Restorer) -> None:
    spoilt = with_homophones("我想提前还款3000元，尾号8821，这个月还款多少钱", 0.4, Random(3))
    restored = restorer.restore(spoilt).text
    assert len(restored) == len(spoilt)
    assert [sign for sign in restored if sign.isdigit()] == list("30008821")


def test_the_words_are_the_restored_text_in_pieces(restorer: Restorer) -> None:
    restored = restorer.restore("我想提钱还款,利息怎么算")
    assert "".join(restored.words) == restored.text
    assert {"提前", "还款", "利息", "怎么"} <= set(restored.words)


def test_a_very_long_text_is_restored_only_so_far(restorer: Restorer) -> None:
    text = "提钱还款" * 100
    restored = restorer.restore(text).text
    assert restored.startswith("提前还款" * 20)
    assert restored.endswith("提钱还款")
    assert len(restored) == len(text)


def test_a_stored_model_restores_as_before(restorer: Restorer) -> None:
    model = WordModel.learn(SENTENCES, GENERAL)
    stored = json.loads(json.dumps(candidates(model), ensure_ascii=False))
    assert Restorer(model, *stored).restore("带款力息怎么算").text == "贷款利息怎么算"


def test_a_word_that_was_seen_after_another_is_likelier_there() -> None:
    model = WordModel.learn(SENTENCES, GENERAL)
    assert model.after("提前", "还款", model.alone("还款")) > model.after("怎么", "还款", model.alone("还款"))
    assert model.after(START, "还款", model.alone("还款")) > model.after(START, "办", model.alone("办"))
    assert model.after("从未见过", END, 0.25) == pytest.approx(-1.3863, abs=1e-4)


def test_whatever_is_not_chinese_is_one_kind_of_word() -> None:
    assert list(tokens_of(["还款", "12", ".", "5", "元"])) == ["还款", "0.0", "元"]
