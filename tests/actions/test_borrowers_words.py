"""What borrowers say in their own words: each class of it leads on, and none to a dead end."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from actions.complaint import Complaint
from actions.plain_words import plain_intent
from actions.turn import Turn
from tests.actions.conftest import Counter

Open = Callable[..., Counter]


def said(turn: Turn) -> list[str]:
    return [str(one.response) for one in turn.utterances]


def verified(counter: Open, sender: str = "c1") -> Counter:
    caller = counter(sender)
    caller.hear("13800000001", "inform")
    caller.hear("1234", "inform")
    return caller


@pytest.mark.parametrize("words", ["算了不借了", "不贷了", "取消申请吧"])
def test_who_gives_a_form_up_is_not_asked_who_he_is(counter: Open, words: str) -> None:
    caller = counter()
    caller.hear("我想贷八万", "apply_loan", amount=8_000_000)
    turn = caller.hear(words, "cancel_application")
    assert said(turn) == ["utter_dropped"]
    assert caller.memory["task"] is None


def test_what_was_said_before_can_be_changed_where_a_number_was_asked_for(counter: Open) -> None:
    caller = counter()
    caller.hear("开理发店想贷五万分一年半", "apply_loan", amount=5_000_000, term=18, industry="beauty")
    assert caller.memory["question"] == "contact_phone"
    turn = caller.hear("那就一年嘛", "inform", term=12)
    assert said(turn) == ["utter_corrected", "utter_ask_contact_phone"]
    assert caller.memory["answers"]["term_months"] == 12
    turn = caller.hear("在银行没贷过款", "inform")
    assert said(turn) == ["utter_ask_contact_phone"]
    assert caller.memory["answers"]["is_first_time_borrower"] is True


@pytest.mark.parametrize("words", ["我征信花了还能借到不", "信用不太好能贷吗", "我是白户能贷多少"])
def test_who_asks_about_himself_has_his_conditions_looked_at(counter: Open, words: str) -> None:
    turn = counter().hear(words, "ask_credit_report")
    assert said(turn)[0] == "utter_eligibility_begin"


def test_an_overdue_loan_that_he_tells_of_is_known_to_the_form(counter: Open) -> None:
    caller = counter()
    caller.hear("我有笔贷款逾期了还没还，可不可以再贷点", "nlu_fallback")
    context = caller.memory.get("context") or {}
    assert (caller.memory.get("answers") or context.get("answers"))["has_overdue_debt"] is True


@pytest.mark.parametrize("words", ["摆地摊没得执照可以贷不", "我是上班的能借吗", "我没有店能贷吗"])
def test_who_has_no_licence_is_not_asked_how_old_it_is(counter: Open, words: str) -> None:
    turn = counter().hear(words, "check_eligibility")
    assert "utter_ask_business_age" not in said(turn)


def test_a_first_loan_is_no_missing_shop(counter: Open) -> None:
    caller = counter()
    caller.hear("没欠钱，有店，能借吗", "check_eligibility")
    assert caller.memory["answers"]["has_overdue_debt"] is False
    assert "business_months" not in caller.memory["answers"]


@pytest.mark.parametrize(
    ("words", "age"),
    [("我今年六十二了还能不能贷", 62), ("我都58了能借吗", 58), ("今年五十了", 50), ("我做了十年了", None)],
)
def test_an_age_need_not_be_called_one(counter: Open, words: str, age: int | None) -> None:
    caller = counter()
    caller.hear(words, "check_eligibility")
    assert caller.memory["answers"].get("owner_age") == age


@pytest.mark.parametrize(
    "words", ["我今天申请后天能到账不", "一般几天到账", "周末也放款吗", "钱到了可以取现不"]
)
def test_how_long_it_usually_takes_needs_no_identity(counter: Open, words: str) -> None:
    turn = counter().hear(words, "query_disbursement")
    assert said(turn) == ["utter_disbursement_general"]
    assert (turn.utterances[0].values["low"], turn.utterances[0].values["high"]) == (4, 72)


@pytest.mark.parametrize("words", ["我的钱什么时候到账", "怎么还没放款", "上周批了怎么一直没到"])
def test_ones_own_money_still_needs_the_identity(counter: Open, words: str) -> None:
    assert said(counter().hear(words, "query_disbursement"))[-1] == "utter_ask_phone"


def test_the_money_goes_to_nobody_elses_card(counter: Open) -> None:
    assert said(counter().hear("能不能打到我老婆卡上", "query_disbursement")) == [
        "utter_disbursement_own_card"
    ]


@pytest.mark.parametrize("words", ["我想贷点钱付首付", "拿来还信用卡行不行", "借钱炒股可以吗", "那炒股呢"])
def test_a_use_that_is_not_allowed_is_said_before_anything_is_asked(counter: Open, words: str) -> None:
    assert said(counter().hear(words, "apply_loan")) == ["utter_ask_fund_usage"]


@pytest.mark.parametrize("words", ["能用信用卡还款吗", "我想贷款进货"])
def test_other_uses_are_served_as_before(counter: Open, words: str) -> None:
    assert "utter_ask_fund_usage" not in said(counter().hear(words, "apply_loan"))


def test_an_account_that_is_to_be_closed_is_not_opened(counter: Open) -> None:
    caller = verified(counter)
    turn = caller.hear("把我账号注销了，以后别再给我打电话了", "close_account")
    assert "utter_reopen_account" not in said(turn)
    turn = verified(counter, "c2").hear("账号注销了吧，以后不用了", "reopen_account")
    assert said(turn) == ["utter_close_account_loan"]


@pytest.mark.parametrize("words", ["要不要担保人", "要不要抵押", "需要老婆签字吗", "没有抵押能贷吗"])
def test_whether_security_is_wanted_is_said(counter: Open, words: str) -> None:
    assert said(counter().hear(words, "nlu_fallback")) == ["utter_security"]


def test_own_property_to_be_mortgaged_is_no_question_about_security(counter: Open) -> None:
    turn = counter().hear("我有个门面想抵押能贷好多", "nlu_fallback")
    assert said(turn)[0] == "utter_eligibility_begin"


@pytest.mark.parametrize(
    "words", ["等额本息跟等额本金有啥子区别", "等额本金是什么意思", "等额本息和本金哪个划算"]
)
def test_the_ways_of_paying_back_are_explained(counter: Open, words: str) -> None:
    caller = counter()
    assert said(caller.hear(words, "ask_product")) == ["utter_methods_explained"]
    assert said(caller.hear("哪个划算点", "out_of_scope")) == ["utter_methods_explained"]


def test_a_way_of_paying_back_in_plain_words_is_quoted(counter: Open) -> None:
    caller = counter()
    caller.hear("借三万五分两年利息多少", "ask_interest", amount=3_500_000, term=24)
    turn = caller.hear("要是每个月本金一样多那种呢", "query_repayment")
    assert said(turn)[0] == "utter_quote_uneven"


@pytest.mark.parametrize("words", ["会起诉我吗", "你们会不会上门"])
def test_fear_of_what_comes_is_answered_calmly(counter: Open, words: str) -> None:
    assert said(counter().hear(words, "ask_overdue"))[-1] == "utter_talk_early"


def test_a_penalty_is_talked_over_with_staff(counter: Open) -> None:
    assert said(counter().hear("罚息可以免吗", "ask_overdue")) == ["utter_ask_extension"]


def test_the_card_that_is_debited_is_named(counter: Open) -> None:
    turn = verified(counter).hear("扣哪张卡", "query_autodebit")
    assert said(turn) == ["utter_autodebit_card"]
    assert turn.utterances[0].values == {"bank": "建设银行", "card_tail": "「6021」"}


def test_what_happens_when_the_debit_fails_is_a_rule(counter: Open) -> None:
    assert said(verified(counter).hear("扣不到会咋样", "query_autodebit"))[0].startswith("utter_overdue_rule")


def test_a_sigh_behind_distress_is_listened_to(counter: Open) -> None:
    caller = counter()
    caller.hear("我不想活了", "complain")
    caller.hear("不用了", "deny")
    assert said(caller.hear("我就是心里堵得慌", "complain")) == ["utter_distress_listening"]
    assert "utter_distress_listening" not in said(counter("c2").hear("我就是心里堵得慌", "complain"))


def test_an_aside_between_two_meanings_drops_them(counter: Open) -> None:
    """是前一个，还是后一个 behind another answer is about nothing that anybody remembers."""
    caller = counter()
    caller.memory |= {"question": "which", "choices": ["check_eligibility", "ask_rejection_reason"]}
    turn = caller.hear("被拒了多久能再申请", "ask_rejection_reason")
    assert said(turn) == ["utter_ask_reapply"]


def test_the_number_answers_what_was_asked_back(counter: Open) -> None:
    caller = counter()
    caller.memory |= {"question": "which", "choices": ["ask_repay_method", "query_loan_balance"]}
    caller.hear("13800000001", "inform")
    assert said(caller.hear("1234", "inform")) == ["utter_balance"]


def test_calls_that_are_to_stop_are_a_no_to_the_offer_of_a_person(counter: Open) -> None:
    caller = counter()
    caller.hear("你们老打电话给我家里人，烦死了", "complain")
    assert said(caller.hear("不用了，你们别打就行", "complain")) == ["utter_what_else"]


@pytest.mark.parametrize("words", ["那个", "呃那个", "就是"])
def test_who_has_not_begun_yet_is_waited_for(counter: Open, words: str) -> None:
    assert said(counter().hear(words, "out_of_scope")) == ["utter_go_ahead"]


@pytest.mark.parametrize("words", ["那北辰首贷通呢", "首贷通的", "那青禾店主贷呢"])
def test_another_product_is_asked_the_same(counter: Open, words: str) -> None:
    turn = Turn("c1", words, "inform", topics=("ask_early_repayment", "inform"))
    assert plain_intent(turn, counter().services) == "ask_early_repayment"
    assert plain_intent(replace(turn, topics=("inform",)), counter().services) == "ask_product"


def test_terms_are_asked_for_one_by_one(counter: Open) -> None:
    entities = ({"entity": "term", "value": 15},)
    turn = Turn("c1", "十五个月行不行", "inform", entities=entities, topics=("ask_term", "inform"))
    assert plain_intent(turn, counter().services) == "ask_term"


def test_displeasure_with_a_question_in_it_is_answered(counter: Open) -> None:
    """What ranks behind the complaint is what he wants to know."""
    caller = counter()
    ranking = (("complain", 0.68), ("query_disbursement", 0.2))
    turn = Turn("c1", "到底啥时候放款，你们是不是骗子", "complain", ranking=ranking, memory={})
    Complaint().answer(turn, caller.services)
    assert said(turn) == ["utter_calm", "utter_identity_first", "utter_ask_phone"]


def test_a_debit_that_failed_with_money_on_the_card_is_no_question_about_the_card(counter: Open) -> None:
    turn = verified(counter).hear("为什么卡里有钱没扣成功", "query_autodebit")
    assert "utter_autodebit_card" not in said(turn)


@pytest.mark.parametrize("words", ["我要去法院起诉你们", "我要起诉", "我去告你们", "那我就跟你们打官司"])
def test_who_wants_to_sue_complains(counter: Open, words: str) -> None:
    assert "utter_debt_is_civil" not in said(counter().hear(words, "complain"))


def test_a_visit_to_sign_is_no_collectors_visit(counter: Open) -> None:
    assert "utter_collection_has_rules" not in said(counter().hear("需要上门签约吗", "ask_documents"))


@pytest.mark.parametrize("words", ["不要机器人，要人工", "不用跟我绕了转人工"])
def test_who_wants_no_bot_does_not_decline_the_person(counter: Open, words: str) -> None:
    caller = counter()
    caller.hear("咕噜咕噜", "nlu_fallback")
    caller.hear("噜噜咕", "nlu_fallback")
    assert caller.memory["question"] == "person"
    turn = caller.hear(words, "complain")
    assert "utter_what_else" not in said(turn)


def test_a_relatives_loan_that_the_form_asked_about_is_an_answer(counter: Open) -> None:
    caller = counter()
    caller.hear("我能借吗", "check_eligibility")
    caller.memory["question"] = "overdue_debt"
    caller.hear("有，我老公那笔贷款逾期了", "affirm")
    context = caller.memory.get("context") or {}
    assert (caller.memory.get("answers") or context.get("answers"))["has_overdue_debt"] is True
