"""What may have been misheard ends no call and traps nobody in a question."""

from collections.abc import Callable

import pytest

from actions.small_talk import was_helped
from actions.turn import Turn
from tests.actions.conftest import Counter

Begin = Callable[..., Counter]


def said(turn: Turn) -> list[str | None]:
    return [one.response for one in turn.utterances]


@pytest.mark.parametrize(
    "words", ["再见", "好的拜拜", "没别的事了", "挂了啊", "就这样吧", "先不说了", "有事再找你", "我去忙了"]
)
def test_words_of_farewell_end_a_call(counter: Begin, words: str) -> None:
    turn = counter(channel="phone", input="voice").hear(words, "goodbye")
    assert said(turn) == ["utter_goodbye"]
    assert turn.utterances[0].payload["next"] == "hang_up"


@pytest.mark.parametrize(
    ("words", "intent", "helped"),
    [
        ("我下期还多少", "query_repayment", True),
        ("你好", "greet", False),
        ("我要投诉你们", "complain", False),
        ("我不想活了", "query_repayment", False),
    ],
)
def test_only_whoever_was_helped_is_asked_how_it_was(words: str, intent: str, helped: bool) -> None:
    turn = Turn("c1", "再见", "goodbye", words=(words, "再见"), topics=(intent, "goodbye"))
    assert was_helped(turn) is helped


def test_a_heard_sentence_without_them_is_asked_about_and_the_line_stays_open(counter: Begin) -> None:
    turn = counter(channel="phone", input="voice").hear("我的结成了时候道长", "goodbye")
    assert said(turn) == ["utter_say_otherwise"]
    assert not any(one.payload.get("next") for one in turn.utterances)


def test_what_was_written_is_taken_as_understood(counter: Begin) -> None:
    assert said(counter().hear("溜了溜了", "goodbye")) == ["utter_goodbye"]


def test_a_question_missed_again_and_again_brings_a_person_though_something_else_was_told(
    counter: Begin,
) -> None:
    customer = counter()
    customer.hear("我想贷款五万", "apply_loan", amount=5_000_000)
    assert said(customer.hear("对", "affirm")) == ["utter_ask_term_wanted"]
    assert said(customer.hear("我是开餐馆的", "inform", industry="餐馆"))[-1] == "utter_ask_term_wanted"
    assert said(customer.hear("可以", "affirm")) == ["utter_offer_person_stuck"]
