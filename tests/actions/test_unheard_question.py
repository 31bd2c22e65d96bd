"""A yes that was said before the question was heard answers nothing; anything else is served."""

from collections.abc import Callable

import pytest

from actions.turn import Turn
from tests.actions.conftest import Counter

Begin = Callable[..., Counter]


def responses(turn: Turn) -> list[str | None]:
    return [one.response for one in turn.utterances]


def with_the_digits_read_back(counter: Begin) -> Counter:
    customer = counter(channel="phone", line="13800000001", input="voice")
    customer.hear("我这个月要还多少", "query_repayment")
    customer.hear("1234", "inform")
    assert customer.memory["question"] == "id_last4_check"
    return customer


@pytest.mark.parametrize(
    ("words", "intent"), [("没错就是这个", "affirm"), ("可以可以", "affirm"), ("对", "inform")]
)
def test_a_yes_before_the_question_asks_it_again(counter: Begin, words: str, intent: str) -> None:
    customer = with_the_digits_read_back(counter)
    customer.unasked = True
    turn = customer.hear(words, intent)
    assert responses(turn) == ["utter_check_id_last4"]
    assert not customer.memory["id_last4_checked"]


def test_the_same_yes_behind_the_question_counts(counter: Begin) -> None:
    customer = with_the_digits_read_back(counter)
    turn = customer.hear("没错就是这个", "affirm")
    assert responses(turn)[0] in {"utter_identity_wrong", "utter_next_repayment", "utter_overdue_now"}


def test_a_question_before_the_question_is_answered(counter: Begin) -> None:
    customer = with_the_digits_read_back(counter)
    customer.unasked = True
    assert responses(customer.hear("能提前还吗", "ask_hotline")) == [
        "utter_ask_hotline",
        "utter_check_id_last4",
    ]


@pytest.mark.parametrize("words", ["转人工", "要转人工"])
def test_a_wish_for_a_person_before_the_question_is_no_yes(counter: Begin, words: str) -> None:
    customer = with_the_digits_read_back(counter)
    customer.unasked = True
    turn = customer.hear(words, "request_human")
    assert "utter_check_id_last4" not in responses(turn)
    assert customer.memory["question"] != "id_last4_check"


@pytest.mark.parametrize("unasked", [True, False])
def test_a_question_that_begins_like_a_yes_confirms_nothing(counter: Begin, unasked: bool) -> None:
    customer = with_the_digits_read_back(counter)
    customer.unasked = unasked
    turn = customer.hear("要多少利息", "ask_interest")
    assert responses(turn)[-1] == "utter_check_id_last4" and len(turn.utterances) > 1
    assert not customer.memory["id_last4_checked"]
