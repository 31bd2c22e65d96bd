"""The identity check asks, reads back, counts only confirmed tries, and goes on with what was wanted."""

from collections.abc import Callable

import pytest

from actions.turn import Turn
from tests.actions.conftest import Counter

Begin = Callable[..., Counter]


def said(turn: Turn) -> list[str | None]:
    return [one.response for one in turn.utterances]


def test_typed_digits_are_not_read_back(counter: Begin) -> None:
    customer = counter()
    assert said(customer.hear("还欠多少", "query_loan_balance"))[-1] == "utter_ask_phone"
    assert said(customer.hear("13800000001", "inform")) == ["utter_ask_id_last4"]
    assert said(customer.hear("1234", "inform")) == ["utter_balance"]


def test_heard_digits_are_read_back_and_counted_only_once_confirmed(counter: Begin) -> None:
    caller = counter(channel="phone", line="13800000001", input="voice")
    caller.hear("还欠多少", "query_loan_balance")
    for _ in range(5):
        assert said(caller.hear("9999", "inform")) == ["utter_check_id_last4"]
        assert said(caller.hear("不对", "deny")) == ["utter_ask_id_last4_again"]
    assert caller.services.identity.state("c1").attempts_left == 3
    caller.hear("9999", "inform")
    assert said(caller.hear("对", "affirm")) == ["utter_identity_wrong", "utter_ask_id_last4_again"]
    assert caller.services.identity.state("c1").attempts_left == 2


def test_the_third_confirmed_error_locks_and_offers_a_person(counter: Begin) -> None:
    customer = counter()
    customer.hear("还欠多少", "query_loan_balance")
    customer.hear("13800000001", "inform")
    for _ in range(2):
        customer.hear("9999", "inform")
    turn = customer.hear("9999", "inform")
    assert said(turn) == ["utter_identity_locked", "utter_offer_person_locked"]
    assert turn.utterances[0].values["minutes"] == 15
    again = counter(sender="c2")
    again.hear("还欠多少", "query_loan_balance")
    assert said(again.hear("13800000001", "inform")) == ["utter_identity_locked", "utter_offer_person_locked"]


def test_a_locked_number_stays_locked_for_its_right_owner_until_the_lock_ends(counter: Begin) -> None:
    thief = counter()
    thief.hear("还欠多少", "query_loan_balance")
    thief.hear("13800000001", "inform")
    for _ in range(3):
        thief.hear("9999", "inform")
    assert thief.services.identity.verified_borrower("c1") is None


@pytest.mark.parametrize("words", ["算了", "算了不查了", "不查了吧", "还是算了吧", "取消"])
def test_the_check_can_be_left_with_a_word(counter: Begin, words: str) -> None:
    customer = counter()
    customer.hear("还欠多少", "query_loan_balance")
    turn = customer.hear(words, "deny")
    assert said(turn) == ["utter_dropped"]
    assert turn.question is None


def test_a_cancelled_application_is_not_a_cancelled_check(counter: Begin) -> None:
    customer = counter()
    customer.hear("还欠多少", "query_loan_balance")
    turn = customer.hear("算了，我不借了，申请撤了", "cancel_application")
    assert turn.task == "cancel_application"
    assert turn.question == "phone"


def test_memory_never_holds_digits(counter: Begin) -> None:
    caller = counter(channel="browser", input="voice")
    caller.hear("还欠多少", "query_loan_balance")
    caller.hear("13800000001", "inform")
    caller.hear("对", "affirm")
    caller.hear("1234", "inform")
    assert "1234" not in str(caller.memory)
    assert "13800000001" not in str(caller.memory)
    assert caller.services.identity.verified_borrower("c1") is None


def test_a_mask_that_the_customer_types_claims_nothing(counter: Begin) -> None:
    customer = counter()
    customer.hear("还欠多少", "query_loan_balance")
    turn = customer.hear("〔手机号尾号0001〕〔证件后四位〕", "inform")
    assert turn.question == "phone"


@pytest.mark.parametrize(
    ("words", "answered"),
    [
        ("李娜的申请进度", False),
        ("我老婆的贷款还了没", False),
        ("帮我朋友查一下欠款", False),
        ("张伟的贷款还剩多少", True),
        ("我的贷款还剩多少", True),
        ("高的利息的贷款还剩多少", True),
        ("关于我的贷款还剩多少", True),
        ("安全的贷款还剩多少", True),
        ("用我老婆的卡扣款的那笔还剩多少", True),
    ],
)
def test_a_verified_caller_hears_of_himself_only(counter: Begin, words: str, answered: bool) -> None:
    customer = counter()
    customer.hear("13800000001 身份证后四位1234", "inform")
    turn = customer.hear(words, "query_loan_balance")
    assert said(turn) == (["utter_balance"] if answered else ["utter_only_own"])


def test_two_useless_answers_bring_the_offer_of_a_person_and_a_no_goes_back(counter: Begin) -> None:
    customer = counter()
    customer.hear("还欠多少", "query_loan_balance")
    assert said(customer.hear("咕噜咕噜", "nlu_fallback")) == ["utter_not_understood", "utter_ask_phone"]
    assert said(customer.hear("噜咕噜咕", "nlu_fallback")) == ["utter_offer_person_stuck"]
    assert said(customer.hear("不用", "deny")) == ["utter_ask_phone"]


def test_incomplete_digits_are_asked_again_and_not_counted(counter: Begin) -> None:
    customer = counter()
    customer.hear("还欠多少", "query_loan_balance")
    assert said(customer.hear("2380000000", "inform")) == ["utter_digits_incomplete", "utter_ask_phone"]
    assert customer.services.identity.state("c1").attempts_left == 3


def test_numbers_dictated_in_pieces_are_heard_to_the_end_and_read_back_whole(counter: Begin) -> None:
    customer = counter(input="voice")
    customer.hear("还欠多少", "query_loan_balance")
    turn = customer.hear("138 0000", "inform")
    assert said(turn) == ["utter_digits_go_on"]
    assert turn.utterances[0].values["heard"] == 7
    assert said(customer.hear("0001", "inform")) == ["utter_check_phone"]
    assert customer.services.identity.state("c1").claimed_phone == "13800000001"
    customer.hear("对", "affirm")
    assert said(customer.hear("一二", "inform")) == ["utter_digits_go_on"]
    assert said(customer.hear("三四", "nlu_fallback")) == ["utter_check_id_last4"]
    assert said(customer.hear("对", "affirm")) == ["utter_balance"]


def test_pieces_that_make_too_many_digits_begin_again_and_are_not_counted(counter: Begin) -> None:
    customer = counter(line="13800000001", input="voice")
    customer.hear("还欠多少", "query_loan_balance")
    customer.hear("一二", "inform")
    assert said(customer.hear("三四五", "inform")) == ["utter_digits_incomplete", "utter_ask_id_last4"]
    assert said(customer.hear("一二三四", "inform")) == ["utter_check_id_last4"]
    assert customer.services.identity.state("c1").attempts_left == 3
