"""What people say to the question how good the service was, and what is no answer to it."""

from itertools import product

import pytest

from voice.hearing.answer_grammar import rows_of
from voice.hearing.expectation import ExpectationKind
from voice.spoken_rating import declines, spoken_score


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ("五分", 5),
        ("5分", 5),
        ("五", 5),
        ("给五分", 5),
        ("我给你们打五分吧", 5),
        ("嗯，那就四分", 4),
        ("三分", 3),
        ("两分", 2),
        ("一分", 1),
        ("打一个一分", 1),
        ("五颗星", 5),
        ("五星好评", 5),
        ("五分满意", 5),
        ("五分，谢谢", 5),
        ("十分", 5),
        ("十分满意", 5),
        ("满分", 5),
        ("一百分", 5),
        ("非常满意", 5),
        ("很好", 5),
        ("满意", 4),
        ("挺满意的", 4),
        ("不错", 4),
        ("还不错吧", 4),
        ("一般吧", 3),
        ("还行", 3),
        ("马马虎虎", 3),
        ("不满意", 2),
        ("不太好", 2),
        ("不怎么样", 2),
        ("非常不满意", 1),
        ("太差了", 1),
        ("差评", 1),
    ],
)
def test_a_score_is_heard_in_figures_stars_and_judgements(said: str, score: int) -> None:
    assert spoken_score(said) == score


def test_all_that_the_grammar_listens_for_is_a_score_or_a_goodbye() -> None:
    answers = {"".join(words) for row in rows_of(ExpectationKind.RATING) for words in product(*row)} - {""}
    assert len(answers) > 500
    assert [answer for answer in answers if spoken_score(answer) is None and not declines(answer)] == []


@pytest.mark.parametrize(("said", "number"), [("六分", 6), ("打八分", 8), ("9分", 9), ("零分", 0)])
def test_a_number_outside_the_scale_is_told_as_it_was_said(said: str, number: int) -> None:
    assert spoken_score(said) == number


@pytest.mark.parametrize(
    "said",
    [
        *("满意，但是利率有点高", "五分钟以后再打给我", "十分想知道利率", "分", "两", "满", "三期", "五万"),
        *("利率是多少", "再见", "不用了", "好", "嗯", "", "转人工", "一共还多少", "还差多少"),
    ],
)
def test_whatever_says_more_or_something_else_is_no_score(said: str) -> None:
    assert spoken_score(said) is None


@pytest.mark.parametrize(
    "said", ["不用了", "不打了", "算了吧", "谢谢", "谢谢再见", "好的，拜拜", "再见", "没有了"]
)
def test_a_goodbye_or_a_no_leaves_the_question(said: str) -> None:
    assert declines(said)


@pytest.mark.parametrize("said", ["利率是多少", "不满意", "五分", "等一下", "不用还了吗", ""])
def test_a_question_or_a_score_does_not(said: str) -> None:
    assert not declines(said)
