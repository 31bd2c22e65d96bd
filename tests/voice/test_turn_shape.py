"""Whether words look like all of an answer or like the beginning of one."""

import pytest

from voice.hearing.expectation import OPEN, YES_NO, Expectation, ExpectationKind
from voice.turn_taking.turn_shape import TurnShape, turn_shape

DIGITS = Expectation(ExpectationKind.DIGITS, 4)


@pytest.mark.parametrize(
    "text",
    [
        *("我想问一下那个", "我想问一下", "请问", "然后就是", "我的贷款就是说", "因为", "如果我提前还的话"),
        *("我想要", "那个，", "我上个月借的然后", "我要办一下还有", "嗯"),
        *(
            "我想问一下那个…",
            "就是…",
            "然后呢我那个",
            "你好我想问一下就是",
            "我之前那个",
            "我是想",
            "就是我上次",
            "您好我这边是",
        ),
        *(
            "麻烦你帮我",
            "能不能帮我",
            "帮我看一下",
            "帮我查一下我的",
            "我打电话是想",
            "我的意思是",
            "上次你们说",
            "他跟我说",
        ),
        *(
            "等一下我",
            "我找一下",
            "让我想想",
            "怎么说呢",
            "比方说",
            "还有一个问题",
            "我问你个事",
            "是这样的",
            "情况是",
        ),
        *(
            "我这个贷款呢",
            "这个利息吧",
            "其实我",
            "我想知道",
            "我有一个",
            "第一个",
            "对了",
            "大概是",
            "而且",
            "额",
            "我额",
        ),
        *("如果我提前还款", "要是下个月", "那如果利息太高的话", "我当时", "借款的时候"),
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
        *(
            "你好我想问下我那个上个月借的现在还剩多少没还",
            "钱什么时候到账",
            "我的额度是多少呢",
            "如果我提前还款要罚钱吗",
        ),
        *("要是晚还一天会怎么样", "可以分期吗", "我这个利息是怎么算的呢", "没问题吧", "能不能提前还"),
    ],
)
def test_a_question_that_was_put_is_complete(text: str) -> None:
    assert turn_shape(text, OPEN) is TurnShape.COMPLETE


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "我想贷款",
            "多少",
            "怎么",
            "五万块",
            "不还了",
            "我在成都开餐馆",
            "查余额",
            "我想查一下可用额度",
            "我要提额",
        ),
        *("审核老不过", "刷脸刷不过", "我是开餐馆的", "我要提前还款", "不是这个", "如果逾期就麻烦了"),
    ],
)
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


@pytest.mark.parametrize("text", ["嗯", "我要", "应该是", "是这样的", "就是", "好像是", "我需要"])
def test_a_hesitant_yes_is_an_answer_where_yes_or_no_is_expected(text: str) -> None:
    assert turn_shape(text, YES_NO) is TurnShape.OPEN
    assert turn_shape(text, OPEN) is TurnShape.UNFINISHED
