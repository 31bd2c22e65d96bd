"""Clean words: domain words set right, other words left alone."""

from pathlib import Path

import pytest

from voice.hearing.clean_words import CleanWords, is_backchannel, load_clean_words, simplified
from voice.hearing.expectation import OPEN, YES_NO, Expectation, ExpectationKind
from voice.hearing.recognizer_choice import TERMS

DIGITS = Expectation(ExpectationKind.DIGITS, 4)
AMOUNT = Expectation(ExpectationKind.AMOUNT)
DATE = Expectation(ExpectationKind.DATE)


@pytest.fixture(scope="module")
def hearing() -> CleanWords:
    return load_clean_words(Path(__file__).parents[2] / TERMS)


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("我的代款申请到哪一步了", "我的贷款申请到哪一步了"),
        ("下一期海款日是哪天", "下一期还款日是哪天"),
        ("提前还宽要违约金吗", "提前还款要违约金吗"),
        ("自动口款成功了吗", "自动扣款成功了吗"),
        ("什么时候能放宽", "什么时候能放款"),
        ("与其了怎么办", "逾期了怎么办"),
        ("我以前没有带过款", "我以前没有贷过款"),
        ("我的正信会受影响吗", "我的征信会受影响吗"),
        ("先西后本是什么意思", "先息后本是什么意思"),
        ("等鹅本息", "等额本息"),
        ("年化利绿是多少", "年化利率是多少"),
    ],
)
def test_words_that_sound_like_a_term_and_mean_nothing_become_the_term(
    hearing: CleanWords, heard: str, meant: str
) -> None:
    assert hearing.understand(heard, OPEN) == meant


@pytest.mark.parametrize(
    "sentence",
    [
        "与其在这里等不如回去",
        "政策放宽了吗",
        "我历史成绩很好",
        "他带了一个手提袋",
        "昨天结婚了",
        "海口的天气怎么样",
        "我在低压电器厂上班",
        "他的功劳大于别人",
        "今天晚上吃什么",
        "两位助阵嘉宾的出现让观众们大感惊喜又颇为感动",
        "这份希望中小股东一致行动的倡议书被广泛传播",
        "现在这个部门还在研究月球探测器和自动驾驶汽车",
        "材料已经交了",
        "我人工挖的鱼塘",
        "财务带过款项去银行",
    ],
)
def test_ordinary_sentences_stay_as_they_are(hearing: CleanWords, sentence: str) -> None:
    assert hearing.understand(sentence, OPEN) == sentence


def test_numbers_become_digits_where_a_number_was_asked_for(hearing: CleanWords) -> None:
    assert hearing.understand("一二三四", DIGITS) == "1234"
    assert hearing.understand("十二月十五号", DATE) == "12月15号"
    assert hearing.understand("我想借五万块", OPEN) == "我想借五万块"
    assert hearing.understand("对", YES_NO) == "对"


@pytest.mark.parametrize("said", ["二十万左右", "三四个月", "百八十万", "4万5千", "一两年"])
def test_amounts_stay_in_words_because_the_dialogue_reads_them_better(hearing: CleanWords, said: str) -> None:
    assert hearing.understand(said, AMOUNT) == said


def test_traditional_characters_and_marks_are_cleaned_even_without_a_vocabulary() -> None:
    assert CleanWords().understand("貸款 申請, 到哪一步了。", OPEN) == "贷款申请，到哪一步了"
    assert simplified("隨著我國經濟發展") == "随着我国经济发展"
    assert simplified("這部著作很著名") == "这部著作很著名"
    assert simplified("") == ""


@pytest.mark.parametrize("text", ["嗯", "嗯嗯", "哦，好的", "好的好的", "对对对", "是的。", "啊", "行行"])
def test_listening_aloud_is_no_turn(text: str) -> None:
    assert is_backchannel(text)


@pytest.mark.parametrize("text", ["", "不对", "喂", "嗯我要还款", "好贵", "转人工", "等一下", "不用了", "停"])
def test_words_that_want_something_are_a_turn(text: str) -> None:
    assert not is_backchannel(text)
