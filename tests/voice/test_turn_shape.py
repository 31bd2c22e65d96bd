"""Whether words look like all of an answer or like the beginning of one."""

import pytest

from voice.expectation import OPEN, YES_NO, Expectation, ExpectationKind
from voice.turn_shape import TurnShape, turn_shape

DIGITS = Expectation(ExpectationKind.DIGITS, 4)


@pytest.mark.parametrize(
    "text",
    [
        *("我想问一下那个", "我想问一下", "请问", "然后就是", "我的贷款就是说", "因为", "如果我提前还的话"),
        *("我想要", "那个，", "我上个月借的然后", "我要办一下还有", "嗯"),
    ],
)
def test_half_a_sentence_is_unfinished(text: str) -> None:
    assert turn_shape(text, OPEN) is TurnShape.UNFINISHED


@pytest.mark.parametrize(
    "text",
    [
        *(
            "几号还款",
            "这个月要还多少",
            "能提前还款吗",
            "利息怎么算的",
            "我能不能借",
            "转人工客服",
            "多少钱一个月？",
        ),
        *("你好我想问下我那个上个月借的现在还剩多少没还", "钱什么时候到账"),
    ],
)
def test_a_question_that_was_put_is_complete(text: str) -> None:
    assert turn_shape(text, OPEN) is TurnShape.COMPLETE


@pytest.mark.parametrize("text", ["", "我想贷款", "多少", "怎么", "五万块", "不还了", "我在成都开餐馆"])
def test_other_words_tell_nothing(text: str) -> None:
    assert turn_shape(text, OPEN) is TurnShape.OPEN


def test_half_a_sentence_after_a_question_word_is_still_unfinished() -> None:
    assert turn_shape("利息是多少然后", OPEN) is TurnShape.UNFINISHED


def test_yes_with_more_to_come_is_unfinished() -> None:
    assert turn_shape("对但是", YES_NO) is TurnShape.UNFINISHED


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("1234", TurnShape.COMPLETE),
        ("尾号是123X", TurnShape.COMPLETE),
        ("12", TurnShape.OPEN),
        ("12，34", TurnShape.COMPLETE),
        ("就是", TurnShape.OPEN),
    ],
)
def test_digits_are_complete_when_they_are_as_many_as_asked(text: str, shape: TurnShape) -> None:
    assert turn_shape(text, DIGITS) is shape
