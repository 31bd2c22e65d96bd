"""What a verified caller will likely hear next is worded ahead, and nothing of it counts as told."""

from collections.abc import Callable

import pytest

from actions.lending.disclosure_log import DisclosureLog
from actions.turn import Turn
from tests.actions.conftest import Counter


def said(turn: Turn) -> list[str | None]:
    return [one.response for one in turn.utterances]


ZHANG_WEI = "13800000001"


def verified_by_keypad(counter: Callable[..., Counter]) -> Counter:
    customer = counter(channel="phone", line=ZHANG_WEI, input="keypad")
    customer.hear("这个月要还多少", "query_repayment")
    return customer


def test_the_words_foreseen_are_those_that_are_said_when_asked_for(counter: Callable[..., Counter]) -> None:
    customer = verified_by_keypad(counter)
    foreseen = customer.hear("1234", "inform").foreseen
    balance = customer.hear("还剩多少没还", "query_loan_balance").utterances[0]
    assert any(str(balance.values["principal"]) in sentence for sentence in foreseen)
    assert not any("{" in sentence for sentence in foreseen)


def test_what_was_answered_with_the_verification_is_not_foreseen(counter: Callable[..., Counter]) -> None:
    turn = verified_by_keypad(counter).hear("1234", "inform")
    assert said(turn) == ["utter_next_repayment"]
    assert turn.foreseen
    assert not any("下一期是" in sentence for sentence in turn.foreseen)


def test_a_wrong_number_foresees_nothing(counter: Callable[..., Counter]) -> None:
    assert verified_by_keypad(counter).hear("4321", "inform").foreseen == []


def test_whoever_reads_needs_nothing_made_ahead(counter: Callable[..., Counter]) -> None:
    customer = counter(channel="phone", line=ZHANG_WEI)
    customer.hear("这个月要还多少", "query_repayment")
    assert customer.hear("1234", "inform").foreseen == []


def test_what_is_foreseen_is_not_on_record_as_told(
    counter: Callable[..., Counter], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    monkeypatch.setattr(
        DisclosureLog, "append", lambda self, sender, figures: kept.extend(one.name for one in figures)
    )
    verified_by_keypad(counter).hear("1234", "inform")
    assert set(kept) == {"next_repayment_date", "next_repayment_amount"}
