"""Wrong numbers are let go; a slip in an amount, a card number or a payment is none."""

from collections.abc import Callable

import pytest

from tests.actions.conftest import Counter


@pytest.mark.parametrize(
    "words",
    [
        "打错了",
        "不好意思打错了",
        "不好意思啊，打错了，我找王大夫的",
        "打错了我找王大夫",
        "我可能打错电话了",
        "应该打错了吧",
        "播错号了",
    ],
)
def test_who_has_the_wrong_number_is_let_go(counter: Callable[..., Counter], words: str) -> None:
    [goodbye] = counter().hear(words, "out_of_scope").utterances
    assert (goodbye.response, goodbye.payload.get("next")) == ("utter_wrong_number", "hang_up")


@pytest.mark.parametrize(
    "words",
    ["打错字了", "我打错款了怎么办", "打错金额了", "我打错卡号了", "打错人了，钱打给别人了", "打错名字了"],
)
def test_a_slip_is_not_hung_up_on(counter: Callable[..., Counter], words: str) -> None:
    turn = counter().hear(words, "out_of_scope")
    assert [one.response for one in turn.utterances] != ["utter_wrong_number"]
    assert all(one.payload.get("next") != "hang_up" for one in turn.utterances)
