"""The summary for staff: five lines at most, told by plain rules, and nothing of a person to nobody in particular."""

from collections.abc import Callable

import pytest

from actions.handoff_summary import mood_of, summary_of
from actions.turn import Turn
from tests.actions.conftest import Counter

Begin = Callable[..., Counter]


@pytest.mark.parametrize(
    ("words", "topics", "mood"),
    [
        (("几号还款", "好的"), ("query_repayment", "affirm"), "平静"),
        (("怎么还没放款，急死了",), ("query_disbursement",), "着急"),
        (("我要投诉",), ("complain",), "着急"),
        (("我要投诉", "还要投诉"), ("complain", "complain"), "生气"),
        (("你个傻逼",), ("out_of_scope",), "生气"),
        (("啊", "那个那个"), ("nlu_fallback", "out_of_scope"), "着急"),
        (("啊",), ("nlu_fallback",), "平静"),
    ],
)
def test_the_mood_follows_what_was_said(words: tuple[str, ...], topics: tuple[str, ...], mood: str) -> None:
    assert mood_of(Turn("c", words[-1], topics[-1], words=words, topics=topics)).name == mood


def test_a_verified_customer_is_named_with_what_he_was_told(counter: Begin) -> None:
    customer = counter()
    customer.hear("13800000001 身份证后四位1234", "inform")
    told = ({"name": "outstanding_principal", "value": 200_000_000, "unit": "fen"},)
    turn = Turn(
        "c1", "转人工", "request_human", words=("还欠多少",), topics=("query_loan_balance",), told=told
    )
    lines = summary_of(turn, customer.services).splitlines()
    assert len(lines) <= 5
    assert lines[0] == "身份：已核实，张先生，138****0001"
    assert lines[1] == "要办：查还欠多少（原话：还欠多少）"
    assert lines[2] == "已告知：剩余本金200万元"


def test_figures_of_a_person_are_not_passed_on_once_he_is_not_verified(counter: Begin) -> None:
    customer = counter()
    customer.hear("13800000001 身份证后四位1234", "inform")
    customer.hear("帮我查13800000003", "inform")
    told = ({"name": "outstanding_principal", "value": 12_345, "unit": "fen"},)
    turn = Turn(
        "c1", "转人工", "request_human", words=("还欠多少",), topics=("query_loan_balance",), told=told
    )
    summary = summary_of(turn, customer.services)
    assert "123.45" not in summary
    assert "未核实，自报138****0003" in summary


def test_an_open_form_is_handed_over_with_its_values_and_its_question(counter: Begin) -> None:
    customer = counter()
    customer.hear("我想申请贷款，五万分十二期", "apply_loan", amount=5_000_000, term=12)
    turn = Turn(
        "c1", "转人工", "request_human", memory=customer.memory, words=("转人工",), topics=("request_human",)
    )
    assert (
        summary_of(turn, customer.services).splitlines()[-1]
        == "未办完：申请贷款，5万元，12期，等他说做什么生意"
    )
