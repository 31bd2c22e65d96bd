"""The likeliest answer of a closed list is chosen, and only believed when it stands beside free hearing."""

import pytest

from voice.hearing.closed_answers import (
    NEITHER,
    NO,
    YES,
    ClosedGate,
    Place,
    is_closed,
    reading,
    readings,
    short_answer,
    words_of,
)
from voice.hearing.expectation import OPEN, YES_NO, Expectation, ExpectationKind
from voice.hearing.spoken_digits import completed_phone

Writings = list[list[tuple[str, float]]]


def best_reading(writings: Writings, expects: Expectation) -> tuple[str, Place] | None:
    """The heaviest reading with its place."""
    mass, places = readings(writings, expects)
    answer = max(mass, key=lambda one: mass[one], default=None)
    return None if answer is None else (answer, places[answer])


ID_ENDING = Expectation(ExpectationKind.DIGITS, 4)
PHONE = Expectation(ExpectationKind.DIGITS, 11)


def test_no_word_is_both_a_yes_and_a_no() -> None:
    assert not set(YES) & set(NO)
    assert not set(NEITHER) & (set(YES) | set(NO))


def test_only_yes_no_and_counted_digits_are_closed() -> None:
    assert is_closed(YES_NO)
    assert is_closed(ID_ENDING)
    assert not is_closed(OPEN)
    assert not is_closed(Expectation(ExpectationKind.DIGITS))


@pytest.mark.parametrize(
    ("text", "expects", "answer"),
    [
        ("对，没错。", YES_NO, "对没错"),
        ("利息怎么算", YES_NO, None),
        ("后四位是一二三四", ID_ENDING, "1234"),
        ("一二三", ID_ENDING, None),
        ("我的手机号码是要三八零零零零零零零二", PHONE, "13800000002"),
        ("二三八零零零零零零零二", PHONE, None),
    ],
)
def test_a_text_is_an_answer_or_not(text: str, expects: Expectation, answer: str | None) -> None:
    assert reading(text, expects) == answer


def test_the_likeliest_hypothesis_that_is_an_answer_wins() -> None:
    characters = [("一二三", -0.5), ("一二三四", -1.0), ("一二三是", -3.0)]
    assert best_reading([characters], ID_ENDING) == ("1234", (0, 1))


def test_two_ways_of_writing_add_up() -> None:
    """7901 is second in both lists, first in neither."""
    characters = [("七九零二", -1.0), ("七九零一", -1.1)]
    figures = [("7907", -1.0), ("7901", -1.1)]
    answer = best_reading([characters, figures], ID_ENDING)
    assert answer is not None
    assert answer[0] == "7901"


def test_without_any_answer_there_is_none() -> None:
    assert best_reading([[("一二", -1.0), ("好", -2.0)], []], ID_ENDING) is None


def test_a_telephone_number_is_completed_only_when_no_whole_one_was_heard() -> None:
    assert best_reading([[("一三八零零零零零零二", -1.0)]], PHONE) == ("13800000002", (0, 0))
    whole = [("一三八零零零零零零二", -1.0), ("一三八零零零零零零零二", -4.0)]
    assert best_reading([whole], PHONE) == ("13800000002", (0, 1))


@pytest.mark.parametrize(
    ("heard", "number"),
    [
        ("1380000003", "13800000003"),
        ("13800003", "13800000003"),
        ("3812345678", "13812345678"),
        ("23812345678", "13812345678"),
        ("1381234567", None),
        ("12000000000", None),
        ("138003", None),
    ],
)
def test_lost_zeros_and_a_lost_first_digit_are_put_back(heard: str, number: str | None) -> None:
    assert completed_phone(heard) == number


def test_the_gate_lets_near_readings_pass_and_bent_ones_not() -> None:
    gate = ClosedGate(least=-2.5, most_behind=1.35)
    assert gate.believes(-1.4, of_free=-0.5)
    assert not gate.believes(-2.2, of_free=-0.1)
    assert not gate.believes(-2.6, of_free=-2.6)


def test_short_answers_are_known_with_their_marks() -> None:
    assert short_answer("喂？") == "喂"
    assert short_answer("我想借钱") is None


def test_the_words_of_digits_hold_every_digit() -> None:
    assert set("零一二三四五六七八九X") <= set(words_of(ID_ENDING))
