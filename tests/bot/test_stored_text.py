"""What an engine heard is kept without the digits of an identity, whole or in pieces."""

import pytest

from bot.stored_text import stored_heard, stored_words
from voice.hearing.expectation import Expectation, ExpectationKind


@pytest.mark.parametrize(
    "heard",
    ["12", "一二", "三四。", "五六七X", "1234", "1380000", "我的手机号是一三八", "四个零", "13800000001"],
)
def test_no_piece_of_a_number_is_kept(heard: str) -> None:
    assert not set(stored_heard(heard).replace("尾号0001", "")) & set("0123456789一二三四五六七八九零X")


@pytest.mark.parametrize("heard", ["我想借5万分12期", "三十六期", "我还欠多少"])
def test_amounts_and_terms_are_kept(heard: str) -> None:
    assert stored_heard(heard) == heard


def test_a_piece_is_masked_even_when_the_dialogue_gave_no_answer() -> None:
    assert stored_words("", "一二", Expectation(ExpectationKind.DIGITS, 4)) == "〔数字〕"
