"""Messages split into clauses."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.speech.clauses import split_clauses


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("您好，我是智能语音客服。", ["您好，", "我是智能语音客服。"]),
        ("请问是本人吗？请说是或者不是。", ["请问是本人吗？", "请说是或者不是。"]),
        ("没有结尾标点", ["没有结尾标点"]),
        ("还款日是12月15日；金额：3250元。", ["还款日是12月15日；", "金额：", "3250元。"]),
        ("真的吗？！太好了！", ["真的吗？！", "太好了！"]),
        ("您说“可以。”我就办理。", ["您说“可以。”", "我就办理。"]),
        ("尾号「1，2」对吗？", ["尾号", "「1，2」对吗？"]),
        ("服务时间是9：00到18：00，请稍后。", ["服务时间是9：00到18：00，", "请稍后。"]),
        ("第一行\n第二行", ["第一行", "第二行"]),
        ("资料：身份证、营业执照、流水。", ["资料：", "身份证、营业执照、流水。"]),
        ("没有右括号「1234，好的。", ["没有右括号「1234，", "好的。"]),
        ("好。 。", ["好。。"]),
        ("", []),
        ("。，！", []),
        ("   ", []),
    ],
)
def test_a_message_splits_after_its_marks_and_nowhere_else(text: str, clauses: list[str]) -> None:
    assert split_clauses(text) == clauses


@pytest.mark.parametrize(
    ("template", "figures"),
    [
        (
            "好的，您本期应还{amount}，还款日是{date}。请保持卡内余额充足。",
            {"amount": "3250.55元", "date": "12月15日"},
        ),
        ("请核对：尾号「{digits}」，对吗？", {"digits": "1234"}),
        (
            "年利率{rate}，{count}，每期{amount}。以上供参考。",
            {"rate": "10.80%", "count": "12期", "amount": "900元"},
        ),
        ("{name}您好，请问有什么可以帮您？", {"name": "张先生"}),
    ],
)
def test_a_template_has_the_clauses_of_the_sentence_made_from_it(
    template: str, figures: dict[str, str]
) -> None:
    filled_afterwards = [clause.format(**figures) for clause in split_clauses(template)]
    assert split_clauses(template.format(**figures)) == filled_afterwards


@given(st.text(alphabet="好的还款元0123，。？！；：「」”{}a \n", max_size=60))
def test_no_word_is_lost_and_none_is_added(text: str) -> None:
    words = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff]")
    assert words.sub("", "".join(split_clauses(text))) == words.sub("", text)


@given(st.text(alphabet="好的还款0123，。？！「」", max_size=40))
def test_every_clause_has_something_to_say_and_splits_no_further(text: str) -> None:
    for clause in split_clauses(text):
        assert re.search(r"[0-9\u4e00-\u9fff]", clause)
        assert split_clauses(clause) == [clause]
