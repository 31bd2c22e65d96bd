"""Whatever a customer wants, whoever he is and wherever the conversation stands: there is a complete answer."""

import re
from collections.abc import Callable

import pytest

from actions.turn import Turn
from tests.actions.conftest import Counter
from tests.actions.test_sentences import domain, sentences

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
    assert words.count("？") <= 1, words
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


def test_any_wish_in_the_middle_of_the_identity_check_leaves_a_way_on(
    counter: Callable[..., Counter],
) -> None:
    for intent in INTENTS:
        customer = counter(sender=intent)
        customer.hear("还欠多少", "query_loan_balance")
        turn = customer.hear("请问一下这个", intent)
        check(turn)
        dropped = [one.response for one in turn.utterances] == ["utter_dropped"]
        assert dropped or turn.question is not None, intent
