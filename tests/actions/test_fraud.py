"""Who is being cheated hears first what keeps harm away, whatever intent was guessed."""

from collections.abc import Callable

import pytest

from actions.turn import Turn
from tests.actions.conftest import Counter

Open = Callable[..., Counter]


def said(turn: Turn) -> list[str]:
    return [str(one.response) for one in turn.utterances]


@pytest.mark.parametrize("words", ["我已经转了咋办", "钱打给他了", "交了三千给对方"])
def test_who_paid_a_fee_that_was_asked_for_is_told_to_call_the_police(counter: Open, words: str) -> None:
    caller = counter()
    caller.hear("有人让我先转三千块保证金才放款", "query_confirm_call")
    turn = caller.hear(words, "out_of_scope")
    assert said(turn) == ["utter_fraud_paid"]
    assert turn.utterances[0].values["line"] == "「110」"


def test_money_that_was_sent_is_no_fraud_where_nobody_spoke_of_one(counter: Open) -> None:
    assert "utter_fraud_paid" not in said(counter().hear("我已经转了钱还款咋还没到账", "query_repayment"))


@pytest.mark.parametrize(
    "words", ["他还要我的验证码", "有人打电话问我要验证码", "我把验证码告诉他了", "对方叫我说密码"]
)
def test_a_code_is_given_to_nobody(counter: Open, words: str) -> None:
    assert said(counter().hear(words, "report_login_problem")) == ["utter_fraud_secret"]


@pytest.mark.parametrize("words", ["验证码一直收不到", "密码忘了怎么办", "验证码发不到我手机上"])
def test_a_code_that_does_not_come_is_a_login_problem(counter: Open, words: str) -> None:
    assert "utter_fraud_secret" not in said(counter().hear(words, "report_login_problem"))


@pytest.mark.parametrize(
    "words",
    ["我没贷过款，咋个收到你们的还款短信", "是不是有人拿我身份证贷的款", "这笔不是我贷的", "我被人冒名了"],
)
def test_a_loan_that_somebody_never_took_goes_to_a_person(counter: Open, words: str) -> None:
    turn = counter().hear(words, "nlu_fallback")
    assert said(turn) == ["utter_loan_not_mine", "utter_offer_person"]


@pytest.mark.parametrize("words", ["我没贷过款能贷吗", "我没在银行贷过款", "拿我的身份证就能申请吗"])
def test_a_first_loan_is_no_fraud(counter: Open, words: str) -> None:
    assert "utter_loan_not_mine" not in said(counter().hear(words, "check_eligibility"))


def test_the_check_goes_on_behind_the_warning(counter: Open) -> None:
    caller = counter()
    caller.hear("我还欠多少", "query_loan_balance")
    turn = caller.hear("刚才有人打电话要我的验证码", "nlu_fallback")
    assert said(turn) == ["utter_fraud_secret", "utter_ask_phone"]


@pytest.mark.parametrize("words", ["我把密码给忘了", "把验证码发给我啊", "你们把验证码再发一遍"])
def test_a_password_that_was_forgotten_and_a_code_that_is_wanted_are_no_fraud(
    counter: Open, words: str
) -> None:
    assert "utter_fraud_secret" not in said(counter().hear(words, "report_login_problem"))


@pytest.mark.parametrize(
    "words",
    ["是不是我借的太多了", "我没借到款，也没收到短信", "我还没申请成功，没收到短信", "有没有办过短信提醒"],
)
def test_a_refusal_or_a_question_is_no_loan_taken_by_somebody_else(counter: Open, words: str) -> None:
    assert "utter_loan_not_mine" not in said(counter().hear(words, "nlu_fallback"))


@pytest.mark.parametrize("words", ["我打了你们电话没人接", "我给了你身份证的"])
def test_a_call_or_a_number_that_was_given_is_no_money(counter: Open, words: str) -> None:
    caller = counter()
    caller.hear("放款前要交手续费吗", "ask_interest")
    assert "utter_fraud_paid" not in said(caller.hear(words, "out_of_scope"))
