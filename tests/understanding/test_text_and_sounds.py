"""Writing and sound: what looks or sounds the same is the same to the classifier."""

import pytest

from understanding.ngram_featurizer import ngrams
from understanding.sounds import syllables
from understanding.text_normaliser import normalise


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("還款　日", "还款日"),
        ("１２３４", "1234"),
        ("我 要 还 款", "我要还款"),
        ("ＡＰＰ打不开！", "app打不开!"),
        ("  你好\n在吗 ", "你好在吗"),
        ("额度 10 万", "额度 10 万"),
        ("〔手机号尾号0001〕", "〔手机号尾号0001〕"),
        ("", ""),
    ],
)
def test_text_gets_one_writing(written: str, normal: str) -> None:
    assert normalise(written) == normal


def test_a_text_of_any_length_is_read_only_so_far() -> None:
    assert len(normalise("还" * 100_000)) == 500


@pytest.mark.parametrize(
    ("meant", "heard"),
    [
        ("还款", "海款"),
        ("还款", "环款"),
        ("贷款", "代款"),
        ("利息", "力息"),
        ("征信", "正信"),
        ("额度", "鹅度"),
        ("扣款", "口款"),
    ],
)
def test_homophones_sound_the_same(meant: str, heard: str) -> None:
    assert syllables(meant) == syllables(heard)


def test_different_words_sound_different() -> None:
    assert syllables("提前还款") != syllables("延期还款")


def test_ngrams_are_counted_up_to_their_length() -> None:
    assert ngrams("还还款", 2) == {"还": 2, "款": 1, "还\u0001还": 1, "还\u0001款": 1}
    assert ngrams((), 3) == {}
