"""Digits as callers say them and as recognisers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.hearing.numerals import digits_written_out
from voice.hearing.spoken_digits import spoken_digits, well_formed, with_digits


@pytest.mark.parametrize(
    ("heard", "count", "digits"),
    [
        ("一二三四", 4, "1234"),
        ("1，2，3，4。", 4, "1234"),
        ("尾号是幺二三四", 4, "1234"),
        ("是八九零一", 4, "8901"),
        ("八就零一", 4, "8901"),
        ("一二三似", 4, "1234"),
        ("五六七叉", 4, "567X"),
        ("五六七埃克斯", 4, "567X"),
        ("五六七x", 4, "567X"),
        ("幺三八零零零零零零零二", 11, "13800000002"),
        ("138-0000-0003", 11, "13800000003"),
        ("要三八 零零零零 零零零要", 11, "13800000001"),
        ("三个八一", 4, "8881"),
        ("四个零", 4, "0000"),
        ("一二三四不对，一二三五", 4, "1235"),
    ],
)
def test_digits_are_found_in_what_was_heard(heard: str, count: int, digits: str) -> None:
    assert spoken_digits(heard, count) == digits


@pytest.mark.parametrize(
    "heard", ["", "我不知道", "就是要这个吧", "转人工", "没有没有", "我要是就不想说呢", "五万块"]
)
def test_words_are_not_taken_for_digits(heard: str) -> None:
    assert spoken_digits(heard, 4) is None
    assert with_digits(heard, 4) == heard


def test_too_few_digits_are_given_as_they_were_heard_so_that_the_bot_can_ask_again() -> None:
    assert spoken_digits("一二三", 4) == "123"


def test_only_the_digits_of_an_answer_go_on_to_the_dialogue() -> None:
    assert with_digits("身份证后四位是一二三四", 4) == "1234"
    assert with_digits("不对，是一二三五", 4) == "1235"


@pytest.mark.parametrize(
    ("digits", "count", "can_be"),
    [
        ("1234", 4, True),
        ("567X", 4, True),
        ("56X7", 4, False),
        ("123", 4, False),
        ("13800000001", 11, True),
        ("12800000001", 11, False),
        ("1380000000X", 11, False),
        ("123456", None, True),
    ],
)
def test_digits_are_held_against_what_was_asked_for(digits: str, count: int | None, can_be: bool) -> None:
    assert well_formed(digits, count) is can_be


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_every_mobile_number_read_digit_by_digit_comes_out_again(number: str) -> None:
    assert spoken_digits(digits_written_out(number), 11) == number
    assert spoken_digits(digits_written_out(number).replace("一", "幺"), 11) == number


@given(st.text(max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    digits = spoken_digits(text, 4)
    assert digits is None or set(digits) <= set("0123456789X")
