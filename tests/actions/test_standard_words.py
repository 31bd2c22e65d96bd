"""Words of dialects mean to the rules what the standard ones mean, and keep their places."""

import pytest

from actions.standard_words import in_standard_words


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("要还好多钱", "要还多少钱"),
        ("还要等好久嘛", "还要等多久嘛"),
        ("我有个门面想抵押能贷好多", "我有个门面想抵押能贷多少"),
        ("摆地摊没得执照", "摆地摊没有执照"),
        ("要啥子资料", "要什么资料"),
        ("俺咋个还", "我怎么还"),
    ],
)
def test_dialect_words_are_read_as_standard_ones_of_the_same_length(said: str, meant: str) -> None:
    assert in_standard_words(said) == meant
    assert len(said) == len(meant)


@pytest.mark.parametrize(
    "words", ["还了好多钱", "等了好久", "有好多年了", "好多人都在借", "好久没还了", "这好久的事"]
)
def test_many_and_long_that_tell_and_do_not_ask_stay(words: str) -> None:
    assert in_standard_words(words) == words


@pytest.mark.parametrize(
    "words", ["我还没得到钱", "你们有什么子公司", "为什么要得这么多", "我觉得行", "想要得到贷款"]
)
def test_signs_of_dialect_words_within_other_words_stay(words: str) -> None:
    assert in_standard_words(words) == words


@pytest.mark.parametrize(("said", "meant"), [("要得", "可以"), ("要得嘛", "可以嘛"), ("得行不", "可以不")])
def test_assent_in_dialect_is_assent(said: str, meant: str) -> None:
    assert in_standard_words(said) == meant
