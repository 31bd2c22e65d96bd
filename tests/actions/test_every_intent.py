"""Whatever a customer wants, whoever he is and wherever the conversation stands: there is a complete answer."""

import re
from collections.abc import Callable

import pytest

from actions.questions import IDENTITY
from actions.turn import Turn
from tests.actions.conftest import Counter
from tests.actions.test_sentences import domain, sentences
from tests.tone import breaches

INTENTS = [intent for intent in domain()["intents"] if intent not in {"goodbye", "request_human"}]
BORROWERS = {
    "张伟": ("13800000001", "1234"),
    "李娜": ("13800000002", "567X"),
    "王强": ("13800000003", "8901"),
}


def check(turn: Turn) -> str:
    """Every placeholder has a value; the words are put together as Rasa does it."""
    assert turn.utterances, "the customer is left in silence"
    words = ""
    for one in turn.utterances:
        assert one.response is not None
        template = sentences()[one.response]
        for name in re.findall(r"\{(\w+)\}", template):
            assert str(one.values.get(name) or ""), f"{one.response} has no {name}"
        words += template.format(**one.values)
    assert breaches(words) == [], words
    assert "None" not in words
    assert "。。" not in words, words
    return words


def test_a_stranger_gets_an_answer_and_no_personal_figure(counter: Callable[..., Counter]) -> None:
    personal = {"loan", "loans", "application"}
    for intent in INTENTS:
        turn = counter(sender=intent).hear("请问一下这个", intent)
        check(turn)
        figures = [figure for one in turn.utterances for figure in one.payload.get("figures", ())]
        assert not [figure for figure in figures if personal & set(figure["inputs"])], intent


@pytest.mark.parametrize("name", BORROWERS)
def test_a_verified_borrower_gets_an_answer_to_everything(counter: Callable[..., Counter], name: str) -> None:
    phone, last4 = BORROWERS[name]
    for number, intent in enumerate(INTENTS):
        customer = counter(sender=f"c{number}")
        customer.hear(f"{phone} 身份证后四位{last4}", "inform")
        assert customer.services.identity.verified_borrower(customer.sender) is not None
        check(customer.hear("请问一下这个", intent))


WAYS = {
    "phone": [("还欠多少", "query_loan_balance")],
    "phone_check": [("还欠多少", "query_loan_balance"), ("13800000001", "inform")],
    "id_last4": [("还欠多少", "query_loan_balance"), ("13800000001", "inform"), ("对", "affirm")],
    "id_last4_check": [
        ("还欠多少", "query_loan_balance"),
        ("13800000001", "inform"),
        ("对", "affirm"),
        ("1234", "inform"),
    ],
    "amount": [("利息怎么算", "ask_interest")],
    "business_age": [("我能借吗", "check_eligibility")],
    "complaint": [("我要投诉", "complain")],
    "person": [("登录不了", "report_login_problem")],
}


TELLING = [
    intent
    for intent in INTENTS
    if not intent.startswith(
        ("ask_c", "ask_d", "change_b", "change_r", "query_c", "query_l", "increase", "decrease")
    )
]
"""Intents that are handled in different ways."""


@pytest.mark.parametrize("question", WAYS)
def test_any_wish_in_front_of_an_open_question_is_served_and_leaves_a_way_on(
    counter: Callable[..., Counter], question: str
) -> None:
    for intent in TELLING:
        customer = counter(sender=intent, input="voice")
        for text, first in WAYS[question]:
            customer.hear(text, first)
        assert customer.memory["question"] == question
        turn = customer.hear("请问一下这个", intent)
        check(turn)
        if question in IDENTITY:
            dropped = [one.response for one in turn.utterances] == ["utter_dropped"]
            verified = customer.services.identity.verified_borrower(intent) is not None
            assert dropped or verified or turn.question in IDENTITY | {"person"}, intent
