"""What words mean in their place: none left, hesitations, withdrawals, conditions, calm answers."""

from collections.abc import Callable

import pytest

from actions.complaint import complains
from actions.lending.service_requests import RequestKind
from actions.turn import Turn
from actions.yes_no import condition_of_yes
from tests.actions.conftest import Counter

Open = Callable[..., Counter]


def said(turn: Turn) -> list[str]:
    return [str(one.response) for one in turn.utterances]


@pytest.mark.parametrize("words", ["没有了", "没了", "现在没有了", "没有啦"])
def test_none_left_answers_the_open_question_and_does_not_hang_up(counter: Open, words: str) -> None:
    caller = counter()
    caller.hear("我能借吗", "check_eligibility")
    caller.memory["question"] = "overdue_debt"
    turn = caller.hear(words, "goodbye")
    assert "utter_goodbye" not in said(turn)
    assert caller.memory["answers"]["has_overdue_debt"] is False


def test_a_real_goodbye_ends_a_form_and_none_left_a_conversation(counter: Open) -> None:
    caller = counter()
    caller.hear("我想贷款", "apply_loan")
    assert said(caller.hear("再见", "goodbye")) == ["utter_goodbye"]
    assert said(counter("c2").hear("没有了", "goodbye")) == ["utter_goodbye"]


def test_hesitations_are_waited_for_and_count_as_no_failure(counter: Open) -> None:
    caller = counter()
    caller.hear("我想贷款", "apply_loan")
    assert said(caller.hear("嗯", "affirm")) == ["utter_go_ahead"]
    assert said(caller.hear("呃", "nlu_fallback")) == ["utter_ask_amount"]
    turn = caller.hear("五万", "inform", amount=5_000_000)
    assert caller.memory["answers"]["amount_fen"] == 5_000_000
    assert said(turn)[-1] == "utter_ask_term_wanted"


def test_a_sound_of_assent_answers_a_closed_question(counter: Open) -> None:
    caller = counter()
    caller.hear("我能借吗", "check_eligibility")
    caller.memory["question"] = "overdue_debt"
    turn = caller.hear("嗯", "affirm")
    assert said(turn)[0] == "utter_not_eligible"
    assert caller.memory["context"]["answers"]["has_overdue_debt"] is True


def test_an_answer_behind_the_offer_of_a_person_is_taken(counter: Open) -> None:
    caller = counter()
    caller.hear("我想贷款", "apply_loan")
    caller.hear("咕噜咕噜", "nlu_fallback")
    assert said(caller.hear("噜噜咕", "nlu_fallback"))[-1] == "utter_offer_person_stuck"
    turn = caller.hear("五万", "inform", amount=5_000_000)
    assert caller.memory["answers"]["amount_fen"] == 5_000_000
    assert said(turn)[-1] == "utter_ask_term_wanted"


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("你们客服态度太差了", True),
        ("我要投诉催收", True),
        ("你们就是骗子", True),
        ("为什么只有这么点", False),
        ("这是不是骗人的", False),
        ("别给我打电话", False),
    ],
)
def test_only_a_plain_complaint_is_recorded_at_once(words: str, plain: bool) -> None:
    assert complains(words) is plain


def test_displeasure_is_recorded_only_when_the_customer_wants_it(counter: Open) -> None:
    caller = counter()
    desk = caller.services.desk
    assert said(caller.hear("别给我打电话了", "complain"))[-1] == "utter_ask_complaint_check"
    assert desk.requests() == ()
    caller.hear("不用", "deny")
    assert desk.requests() == ()
    caller.hear("别给我打电话了", "complain")
    caller.hear("登记吧", "affirm")
    [recorded] = desk.requests(RequestKind.COMPLAINT)
    assert recorded.summary == "别给我打电话了"


def test_a_complaint_before_the_identity_check_has_a_number_to_call_after_it(counter: Open) -> None:
    caller = counter()
    desk, identity = caller.services.desk, caller.services.identity
    caller.hear("我要投诉你们客服态度差", "complain")
    caller.hear("这个月要还多少", "query_repayment")
    identity.claim_phone(caller.sender, "13800000001")
    identity.claim_id_last4(caller.sender, "1234")
    caller.hear("13800000001", "inform")
    caller.hear("是的", "affirm")
    caller.hear("1234", "inform")
    caller.hear("是的", "affirm")
    assert identity.verified_borrower(caller.sender) is not None
    [complaint] = desk.requests(RequestKind.COMPLAINT)
    assert (complaint.masked_phone, complaint.from_verified_borrower) == ("138****0001", True)


@pytest.mark.parametrize("words", ["算了不投诉了", "把投诉撤了", "我不想投诉了"])
def test_a_complaint_that_is_taken_back_is_no_second_one(counter: Open, words: str) -> None:
    caller = counter()
    desk = caller.services.desk
    caller.hear("我要投诉你们客服态度差", "complain")
    [complaint] = desk.requests(RequestKind.COMPLAINT)
    assert said(caller.hear(words, "complain")) == ["utter_withdrawal_recorded"]
    assert desk.requests(RequestKind.COMPLAINT) == (complaint,)
    [withdrawal] = desk.requests(RequestKind.CALLBACK)
    assert withdrawal.topic == "withdrawal" and complaint.reference in withdrawal.summary


def test_where_no_complaint_was_recorded_there_is_none_to_take_back(counter: Open) -> None:
    caller = counter()
    caller.hear("我要投诉", "complain")
    assert said(caller.hear("算了不投诉了", "complain")) == ["utter_dropped"]
    assert said(caller.hear("不投诉了", "complain")) == ["utter_no_complaint_recorded"]
    assert caller.services.desk.requests() == ()


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("可以 但是别给我打电话 发短信", "别给我打电话 发短信"),
        ("行，不过下午再联系", "下午再联系"),
        ("好的，别打电话", "别打电话"),
        ("可以", None),
        ("不行", None),
    ],
)
def test_a_condition_is_told_from_a_bare_yes(words: str, condition: str | None) -> None:
    assert condition_of_yes(words) == condition


def test_a_consent_with_a_condition_is_a_consent_and_staff_reads_it(counter: Open) -> None:
    caller = counter(channel="phone", line="13800000001")
    caller.hear("我开超市想借五万分12期", "apply_loan", amount=5_000_000, term=12, industry="超市")
    assert caller.memory["question"] == "lead_consent"
    caller.hear("可以 但是别给我打电话 发短信", "complain")
    [lead] = caller.services.desk.requests()
    assert lead.kind is RequestKind.LEAD and "别给我打电话 发短信" in lead.summary


def test_a_recorded_lead_can_be_taken_back(counter: Open) -> None:
    caller = counter(channel="phone", line="13800000001")
    caller.hear("我开超市想借五万分12期", "apply_loan", amount=5_000_000, term=12, industry="超市")
    caller.hear("可以", "affirm")
    assert said(caller.hear("我反悔了，不借了", "cancel_application")) == ["utter_withdrawal_recorded"]


@pytest.mark.parametrize("words", ["把我的信息删了", "删除我的个人资料"])
def test_data_deletion_is_a_call_back_or_a_person(counter: Open, words: str) -> None:
    assert said(counter().hear(words, "close_account")) == ["utter_data_deletion", "utter_offer_person"]
    known = counter("c2", "phone", "13800000001")
    assert said(known.hear(words, "close_account")) == ["utter_data_deletion_recorded"]
    [request] = known.services.desk.requests()
    assert request.topic == "data_deletion"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("会不会坐牢", "utter_debt_is_civil"),
        ("会上门催收吗", "utter_collection_has_rules"),
        ("收到短信说我欠钱，是不是诈骗", "utter_check_who_writes"),
        ("为什么只有这么点", "utter_limit_depends"),
        ("利息怎么这么高", "utter_rate_explained"),
    ],
)
def test_a_worried_question_gets_a_calm_answer_and_nothing_is_recorded(
    counter: Open, words: str, first: str
) -> None:
    caller = counter()
    assert said(caller.hear(words, "complain"))[0] == first
    assert caller.services.desk.requests() == ()


@pytest.mark.parametrize("words", ["开超市三年能贷多少钱", "交税三万B级五年能借多少"])
def test_own_facts_make_it_a_question_of_eligibility(counter: Open, words: str) -> None:
    caller = counter()
    caller.hear(words, "ask_amount_range", years_in_business=3.0)
    assert caller.memory["task"] == "check_eligibility"
    assert caller.memory["answers"]["business_months"] == 36


@pytest.mark.parametrize("words", ["我能借五万吗", "我能不能借五万"])
def test_a_sum_of_ones_own_is_looked_at(counter: Open, words: str) -> None:
    caller = counter()
    caller.hear(words, "ask_amount_range", amount=5_000_000)
    assert caller.memory["task"] == "check_eligibility"
    assert caller.memory["answers"]["amount_fen"] == 5_000_000


@pytest.mark.parametrize("words", ["最多能借多少", "能借二十万吗"])
def test_a_bare_question_how_much_is_the_range(counter: Open, words: str) -> None:
    assert "utter_amount_range" in said(counter().hear(words, "ask_amount_range"))


@pytest.mark.parametrize("words", ["还要等多久", "为什么这么慢"])
def test_how_long_is_no_wish_to_wait(counter: Open, words: str) -> None:
    assert "utter_ask_wait" not in said(counter().hear(words, "ask_wait"))


@pytest.mark.parametrize("words", ["行，帮我登记", "帮我办吧"])
def test_do_it_behind_a_price_is_an_application(counter: Open, words: str) -> None:
    caller = counter()
    caller.hear("借五万一年多少利息", "ask_interest", amount=5_000_000, term=12)
    turn = caller.hear(words, "affirm")
    assert said(turn)[0] == "utter_application_begin"
    assert caller.memory["answers"]["amount_fen"] == 5_000_000


@pytest.mark.parametrize(
    ("words", "response"),
    [
        ("北辰税易贷利率多少", "utter_rate_range_of_product"),
        ("拓远订单贷能分多少期", "utter_terms_of_product"),
        ("税易贷最多能借多少", "utter_amount_range_of_product"),
        ("燃海发票带、气毒能带多少", "utter_amount_range_of_product"),
        ("青禾周转贷和青禾店主贷哪个便宜", "utter_rate_range"),
    ],
)
def test_a_question_about_a_product_of_ours_is_never_out_of_scope(
    counter: Open, words: str, response: str
) -> None:
    assert said(counter().hear(words, "out_of_scope"))[0] == response


@pytest.mark.parametrize("words", ["微粒贷利率多少", "税易贷是你爷爷", "北辰银行能分多少期"])
def test_other_names_and_no_question_stay_out_of_scope(counter: Open, words: str) -> None:
    assert said(counter().hear(words, "out_of_scope"))[0] == "utter_out_of_scope"


@pytest.mark.parametrize("words", ["我要找信贷员小王", "叫你们经理来接电话", "有没有懂的人，你说的我听不懂"])
def test_who_wants_somebody_who_knows_wants_a_person(counter: Open, words: str) -> None:
    assert said(counter().hear(words, "apply_loan"))[0] == "utter_handoff"


def test_a_sum_thought_about_aloud_is_an_answer_and_not_a_wish_to_wait(counter: Open) -> None:
    caller = counter()
    caller.hear("我想贷款", "apply_loan")
    turn = caller.hear("我想想啊，十万吧", "ask_wait", amount=10_000_000)
    assert caller.memory["answers"]["amount_fen"] == 10_000_000
    assert said(turn)[-1] == "utter_ask_term_wanted"
    assert said(caller.hear("我想想，过两个月再说", "ask_wait", term=2)) == ["utter_ask_wait"]
    quoted = counter("c2")
    quoted.hear("借十万分十二期利息多少", "ask_interest", amount=10_000_000, term=12)
    turn = quoted.hear("你等等，我问的是二十万", "ask_wait", amount=20_000_000)
    assert said(turn)[0].startswith("utter_quote")


def test_what_a_loan_comes_to_is_a_price_and_no_application(counter: Open) -> None:
    turn = counter().hear("我想借十万分十二期多少钱", "inform", amount=10_000_000, term=12)
    assert said(turn)[0].startswith("utter_quote")
    turn = counter("c2").hear("我想借十万分十二期", "inform", amount=10_000_000, term=12)
    assert said(turn)[0] == "utter_application_begin"


@pytest.mark.parametrize(
    "words",
    [
        "有人给我打电话说交两千块钱保证金就能放款是你们吗",
        "对方说转一千五百块钱就给放款",
    ],
)
def test_a_sum_before_the_money_comes_is_never_due(counter: Open, words: str) -> None:
    assert said(counter().hear(words, "nlu_fallback"))[0] == "utter_advance_fee"


def test_who_is_told_to_install_something_is_warned(counter: Open) -> None:
    assert said(counter().hear("那他让我下载一个软件", "out_of_scope"))[0] == "utter_check_who_writes"
    assert said(counter("c2").hear("我要下载你们的软件", "out_of_scope"))[0] == "utter_out_of_scope"


def test_a_sum_out_of_the_blue_is_one_to_be_lent(counter: Open) -> None:
    turn = counter().hear("那三五万呢", "inform", amount=5_000_000)
    assert said(turn)[-1] == "utter_ask_term_wanted"
    turn = counter("c2").hear("那一千万呢", "inform", amount=1_000_000_000)
    assert said(turn)[0] == "utter_amount_out_of_range"
    turn = counter("c3").hear("昨天扣了我五万", "inform", amount=5_000_000)
    assert "utter_ask_term_wanted" not in said(turn)


def test_a_price_that_is_too_high_is_explained_and_no_complaint(counter: Open) -> None:
    caller = counter()
    caller.hear("借十万分十二期利息多少", "ask_interest", amount=10_000_000, term=12)
    assert said(caller.hear("太贵了吧", "nlu_fallback")) == ["utter_rate_explained"]
