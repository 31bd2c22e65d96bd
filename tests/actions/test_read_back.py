"""What was heard is confirmed before anything is built on it; what was typed stands."""

from collections.abc import Callable

import pytest

from actions.lending.service_requests import Lead
from actions.turn import Turn
from tests.actions.conftest import Counter

Begin = Callable[..., Counter]
LINE = "13800000001"


def said(turn: Turn) -> list[str | None]:
    return [one.response for one in turn.utterances]


@pytest.fixture
def caller(counter: Begin) -> Counter:
    """Somebody on a line that vouches for his number."""
    return counter(channel="phone", line=LINE, input="voice")


def test_an_amount_and_a_term_that_were_heard_are_read_back_together(caller: Counter) -> None:
    caller.hear("我想申请贷款", "apply_loan")
    asked = caller.hear("十八万，十二期", "inform", amount=18_000_000, term=12)
    assert said(asked) == ["utter_check_amount_and_term"]
    assert asked.utterances[0].values == {"amount": "180000元", "term": 12}
    assert said(caller.hear("对", "affirm")) == ["utter_ask_industry"]


def test_a_term_is_asked_for_before_both_are_read_back(caller: Counter) -> None:
    caller.hear("我想申请贷款", "apply_loan")
    assert said(caller.hear("十八万", "inform", amount=18_000_000)) == ["utter_ask_term_wanted"]
    assert said(caller.hear("十二期", "inform", term=12)) == ["utter_check_amount_and_term"]


def test_nothing_is_recorded_while_the_read_back_is_open(
    caller: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads: list[Lead] = []
    monkeypatch.setattr(caller.services.desk, "record_lead", lambda sender, lead: leads.append(lead) or "L1")
    caller.hear("我开饭馆的，申请十八万十二期", "apply_loan", amount=18_000_000, term=12, industry="catering")
    caller.hear("可能吧", "inform")
    caller.hear("要什么资料", "ask_documents")
    assert leads == []
    caller.hear("对", "affirm")
    caller.hear("可以", "affirm")
    assert [(lead.amount_fen, lead.term_months) for lead in leads] == [(18_000_000, 12)]


@pytest.mark.parametrize("words", ["不对，是八万", "不是，是八万", "我说的是八万"])
def test_a_correction_is_read_back_again_and_only_the_right_amount_is_recorded(
    caller: Counter, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads: list[Lead] = []
    monkeypatch.setattr(caller.services.desk, "record_lead", lambda sender, lead: leads.append(lead) or "L1")
    caller.hear("我开饭馆的，申请十八万十二期", "apply_loan", amount=18_000_000, term=12, industry="catering")
    again = caller.hear(words, "inform", amount=8_000_000)
    assert said(again) == ["utter_check_amount_and_term"]
    assert again.utterances[0].values == {"amount": "80000元", "term": 12}
    assert said(caller.hear("对", "affirm")) == ["utter_ask_lead_consent"]
    caller.hear("可以", "affirm")
    assert [lead.amount_fen for lead in leads] == [8_000_000]


def test_a_confirmed_amount_is_not_read_back_twice(caller: Counter) -> None:
    caller.hear("申请十八万十二期", "apply_loan", amount=18_000_000, term=12)
    caller.hear("对", "affirm")
    turn = caller.hear("我开饭馆的，借十八万", "inform", amount=18_000_000, industry="catering")
    assert said(turn) == ["utter_ask_lead_consent"]


def test_typed_amounts_are_not_read_back(counter: Begin) -> None:
    customer = counter()
    customer.hear("我想申请贷款", "apply_loan")
    assert said(customer.hear("18万12期", "inform", amount=18_000_000, term=12)) == ["utter_ask_industry"]


def test_a_price_is_told_at_once_and_names_what_it_is_for(caller: Counter) -> None:
    turn = caller.hear("借十万分十二期利息多少", "ask_interest", amount=10_000_000, term=12)
    assert "utter_check_amount_and_term" not in said(turn)
    assert turn.utterances[0].values["amount"] == "100000元"
    assert said(caller.hear("我想申请贷款", "apply_loan"))[-1] == "utter_check_amount_and_term"


def test_the_first_look_at_the_conditions_waits_for_the_amount(caller: Counter) -> None:
    turn = caller.hear("想借二十万够条件吗", "check_eligibility", amount=20_000_000)
    assert said(turn)[-1] == "utter_check_amount"
    assert turn.utterances[-1].values["amount"] == "200000元"
    assert said(caller.hear("对", "affirm"))[-1] not in {"utter_check_amount", "utter_eligible"}


@pytest.mark.parametrize("words", ["没有逾期", "有营业执照", "没有贷过款"])
def test_facts_about_himself_neither_confirm_nor_deny_what_was_heard(caller: Counter, words: str) -> None:
    caller.hear("我想申请贷款", "apply_loan")
    caller.hear("十八万，十二期", "inform", amount=18_000_000, term=12)
    turn = caller.hear(words, "inform")
    assert caller.memory["question"] == "heard_check"
    assert caller.memory["answers"]["amount_fen"] == 18_000_000
    assert said(turn)[-1] not in {"utter_ask_industry", "utter_ask_amount_again"}


def test_a_question_that_begins_like_a_yes_confirms_nothing(caller: Counter) -> None:
    caller.hear("我开饭馆的，申请十八万十二期", "apply_loan", amount=18_000_000, term=12, industry="catering")
    turn = caller.hear("可以取消吗", "inform")
    assert caller.memory["question"] == "heard_check"
    assert said(turn)[-1] != "utter_ask_consent"
    assert caller.memory["heard"]
