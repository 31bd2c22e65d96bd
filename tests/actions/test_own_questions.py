"""What is asked together with the identity is answered; one's own arrears need it; a quote and a lead do not."""

from collections.abc import Callable

import pytest

from actions.turn import Turn
from tests.actions.conftest import Counter

Begin = Callable[..., Counter]
IDENTITY_FIRST = ["utter_identity_first", "utter_ask_phone"]


def said(turn: Turn) -> list[str | None]:
    return [one.response for one in turn.utterances]


@pytest.mark.parametrize(
    ("wish", "response"),
    [
        ("这个月还多少", "utter_next_repayment"),
        ("我还欠多少", "utter_balance"),
        ("额度还有多少", "utter_credit_limit"),
    ],
)
def test_a_wish_beside_the_identity_is_answered(counter: Begin, wish: str, response: str) -> None:
    turn = counter().hear(f"我手机13800000001身份证尾号1234 {wish}", "inform")
    assert response in said(turn)


def test_identity_alone_is_acknowledged_and_no_wish_invented(counter: Begin) -> None:
    turn = counter().hear("我手机13800000001身份证尾号1234", "inform")
    assert said(turn)[-2:] == ["utter_identity_right", "utter_what_else"]


@pytest.mark.parametrize(
    "words", ["我逾期了几天", "我逾期了要还多少", "现在补上要多少", "今天补齐一共多少钱"]
)
def test_an_overdue_borrower_hears_his_own_days_and_sum_after_the_check(counter: Begin, words: str) -> None:
    customer = counter()
    assert said(customer.hear(words, "ask_overdue")) == IDENTITY_FIRST
    customer.hear("13800000003", "inform")
    turn = customer.hear("8901", "inform")
    assert said(turn)[0] == "utter_overdue_now"
    assert turn.utterances[0].values["days"] == 9


def test_who_is_not_late_hears_that(counter: Begin) -> None:
    customer = counter()
    customer.hear("我逾期了几天", "ask_overdue")
    customer.hear("13800000001", "inform")
    assert said(customer.hear("1234", "inform")) == ["utter_not_overdue"]


@pytest.mark.parametrize("words", ["逾期会怎样", "逾期一天罚多少", "逾期罚息怎么算的"])
def test_the_general_rule_needs_no_identity(counter: Begin, words: str) -> None:
    assert said(counter().hear(words, "ask_overdue"))[0] == "utter_overdue_rule"


@pytest.mark.parametrize(
    "words", ["让我先交手续费才放款是你们吗", "放款前要不要交钱", "要交保证金吗", "交了保证金才能放款吗"]
)
@pytest.mark.parametrize("intent", ["query_disbursement", "query_application_progress"])
def test_a_fee_in_advance_is_denied_and_never_an_identity_check(
    counter: Begin, words: str, intent: str
) -> None:
    turn = counter().hear(words, intent)
    assert said(turn) == ["utter_advance_fee"]
    assert turn.utterances[0].values["hotline"] == "4000000001"


@pytest.mark.parametrize("words", ["提前还款要交手续费吗", "先还一部分要收手续费吗"])
def test_fees_of_early_repayment_are_another_question(counter: Begin, words: str) -> None:
    assert "utter_advance_fee" not in said(counter().hear(words, "ask_early_repayment"))


@pytest.mark.parametrize("words", ["总共要还多少", "那一共要还多少钱"])
def test_the_sum_in_an_application_is_that_of_its_amount_and_term(counter: Begin, words: str) -> None:
    customer = counter()
    customer.hear("我想贷五万分十二期", "apply_loan", amount=5_000_000, term=12)
    turn = customer.hear(words, "query_repayment")
    assert said(turn)[0] == "utter_quote"
    assert "utter_ask_phone" not in said(turn)
    assert turn.question == "industry"


def test_the_sum_behind_a_quote_is_the_quotes(counter: Begin) -> None:
    customer = counter()
    customer.hear("借五万分十二期利息多少", "ask_interest", amount=5_000_000, term=12)
    assert said(customer.hear("总共要还多少", "query_loan_balance"))[0] == "utter_quote"


def record_a_lead(customer: Counter) -> Turn:
    customer.hear("我想贷五万分十二期", "apply_loan", amount=5_000_000, term=12)
    customer.hear("餐饮", "inform", industry="catering")
    customer.hear("13800000001", "inform")
    return customer.hear("可以", "affirm")


def test_the_call_announced_with_a_lead_is_asked_about_without_a_check(counter: Begin) -> None:
    customer = counter()
    assert said(record_a_lead(customer)) == ["utter_lead_recorded"]
    assert said(customer.hear("多久给我打电话", "query_confirm_call")) == ["utter_lead_call"]


def test_the_contact_number_of_a_lead_claims_no_identity(counter: Begin) -> None:
    customer = counter()
    record_a_lead(customer)
    assert said(customer.hear("我还欠多少", "query_loan_balance")) == IDENTITY_FIRST
