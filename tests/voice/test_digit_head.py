"""Digits of a known count are read from what the encoder heard, doubled ones included, and sentences are not."""

import numpy as np
import pytest

from voice.hearing.digit_answers import are_a_part, digit_answer
from voice.hearing.digit_head import (
    BLANK,
    LABELS,
    Floats,
    counted_digits,
    heard_digits,
    load_digit_head,
    posteriors,
)


def heard(labels: str, sureness: float = 0.97) -> Floats:
    """Frames in which these labels were heard one after the other: . is a gap, o a syllable that is no digit."""
    rows = np.full((len(labels), len(LABELS)), (1 - sureness) / (len(LABELS) - 1), dtype=np.float32)
    for frame, label in enumerate(labels):
        rows[frame, LABELS.index({".": "", "o": "其他"}.get(label, label))] = sureness
    return np.log(rows)


@pytest.mark.parametrize(
    ("labels", "count", "digits"),
    [
        (".一.二二..三四.", 4, "1234"),
        ("一.一..幺三", 4, "1113"),
        ("五六七X", 4, "567X"),
        ("五六七叉叉", 4, "567X"),
        ("o.o.o一.二.三.四", 4, "1234"),
        ("一.二.三.四.o", 4, "1234"),
        ("幺三八零.零.零.零.零.零.零.五", 11, "13800000005"),
    ],
)
def test_digits_of_the_count_that_was_asked_for_are_read(labels: str, count: int, digits: str) -> None:
    assert counted_digits(heard(labels), count)[0][0] == digits


def test_the_count_decides_whether_a_long_digit_was_two() -> None:
    rows = heard("七七.三二")
    rows[1, BLANK] = rows[1, LABELS.index("七")] = np.log(0.4)
    assert counted_digits(np.concatenate([rows[:2], heard("七"), rows[2:]]), 4)[0][0] == "7732"


def test_no_zeros_are_added_where_no_count_is_insisted_on() -> None:
    assert heard_digits(heard("一九.九..零.零.零.零.")) == ("1990000", 0)
    assert heard_digits(heard("o.o.o一.二二.叉")) == ("12X", 3)


def test_what_cannot_be_a_number_is_not_read() -> None:
    assert all(
        digits[0] == "1" and digits[1] in "3456789" for digits, _ in counted_digits(heard("一二" * 6), 11)
    )
    assert all("X" not in digits[:3] for digits, _ in counted_digits(heard("一X三四", 0.6), 4))


def test_shares_of_the_strings_add_up() -> None:
    shares = posteriors(counted_digits(heard("一.二.三.四", 0.6), 4))
    assert sum(shares.values()) == pytest.approx(1.0)
    assert max(shares, key=lambda digits: shares[digits]) == "1234"
    assert posteriors([]) == {}


def test_clearly_heard_digits_are_sure_and_fit() -> None:
    answer = digit_answer(heard("一.二.三.四"), {"1234": 1.0}, 4)
    assert answer is not None
    assert (answer.digits, answer.sure, answer.are_digits("乌云雅")) == ("1234", True, True)
    assert answer.margin > 0.8
    assert answer.others == ()


def test_two_strings_that_are_as_likely_are_not_sure() -> None:
    rows = heard("一.二.三.四")
    rows[0, LABELS.index("七")] = rows[0, LABELS.index("一")] = np.log(0.48)
    answer = digit_answer(rows, {}, 4)
    assert answer is not None
    assert not answer.sure
    assert {answer.digits, *answer.others} == {"1234", "7234"}


def test_an_unsure_string_is_no_answer_where_free_hearing_holds_no_digits() -> None:
    rows = heard("一.二.三.四")
    rows[0, LABELS.index("七")] = rows[0, LABELS.index("一")] = np.log(0.48)
    answer = digit_answer(rows, {}, 4)
    assert answer is not None
    assert answer.are_digits("一二三四")
    assert not answer.are_digits("我的贷款申请到哪一步了")


def test_digits_that_are_heard_without_insisting_count_whatever_whisper_wrote_in_as_many_syllables() -> None:
    rows = heard("一.二.三.四")
    rows[0, LABELS.index("七")] = rows[0, LABELS.index("一")] = np.log(0.48)
    answer = digit_answer(rows, {"1234": 0.2}, 4)
    assert answer is not None
    assert answer.are_digits("牙签散丝", "1234", 0)
    assert not answer.are_digits("一千二百", "1234", 0)
    assert not answer.are_digits("你只要爱我就够了", "1234", 1)


def test_whisper_decides_between_strings_that_the_head_cannot_tell_apart() -> None:
    rows = heard("一.二.三.四")
    rows[0, LABELS.index("七")] = rows[0, LABELS.index("一")] = np.log(0.48)
    answer = digit_answer(rows, {"7234": 0.9, "1234": 0.1}, 4)
    assert answer is not None
    assert (answer.digits, answer.sure) == ("7234", True)


def test_a_sentence_or_another_count_is_no_such_answer() -> None:
    for labels in ("o.o.o.o.o.o", "一.二.三.四.五.六.七.八", "一.二"):
        answer = digit_answer(heard(labels, 0.999), {}, 4)
        assert answer is None or not answer.are_digits("一二三四")


def test_the_shipped_weights_give_probabilities() -> None:
    states = np.random.default_rng(1).normal(0, 1, (40, 512)).astype(np.float32)
    rows = load_digit_head().log_posteriors(states)
    assert rows.shape == (40, len(LABELS))
    assert np.exp(rows).sum(axis=1) == pytest.approx(np.ones(40), abs=1e-4)


@pytest.mark.parametrize(
    ("digits", "free"),
    [
        ("1990000", "以左左凌凌凌"),
        ("1380000", "又生八零零零"),
        ("13988866", "一三九八八八六六"),
        ("0000", "灵灵灵"),
        ("13812345", "由三把一二三速"),
    ],
)
def test_fewer_digits_than_asked_for_are_a_part_of_the_number(digits: str, free: str) -> None:
    assert are_a_part(digits, 0, free, 11)


@pytest.mark.parametrize(
    ("digits", "free"),
    [("3800234", "路上霸凌零零零一二层次"), ("8000234", "我跟麦玲玲玲零零零一"), ("8000", "他把零零零一啊")],
)
def test_zeros_said_in_one_rush_do_not_make_a_part_of_a_whole_number(digits: str, free: str) -> None:
    """13800001234, said in 1.2 s by two voices: the head hears one zero or three, Whisper more syllables."""
    assert not are_a_part(digits, 0, free, 11)


def test_a_sentence_and_a_number_that_lacks_a_digit_or_two_are_no_part() -> None:
    assert not are_a_part("138", 4, "我想问一下这个", 11)
    assert not are_a_part("138000012", 0, "幺三八零零零零一二", 11)
