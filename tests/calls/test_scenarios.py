"""The scenarios themselves: enough of them, of every kind, and none that could not fail."""

from collections import Counter
from collections.abc import Callable

import pytest

from commands.simulated_calls.scenario import Scenario
from tests.calls.test_calls_in_audio_time import SCENARIOS

LEAST = 30
INTENTS = {
    "query_application_progress",
    "query_disbursement",
    "query_loan_balance",
    "query_repayment",
    "query_autodebit",
    "query_credit_limit",
    "ask_rejection_reason",
    "request_settlement_certificate",
    "check_eligibility",
    "apply_loan",
    "ask_interest",
    "ask_amount_range",
    "ask_term",
    "ask_early_repayment",
    "ask_extension",
    "ask_credit_report",
    "ask_documents",
    "ask_product",
    "ask_hotline",
    "ask_repeat",
    "request_human",
    "complain",
    "bot_challenge",
    "goodbye",
    "out_of_scope",
}
"""What borrowers ask most; each is asked aloud in some call."""


def test_there_are_enough() -> None:
    assert len(SCENARIOS) >= LEAST


def test_every_main_intent_is_asked_for_aloud() -> None:
    asked = {intent for one in SCENARIOS for turn in one.turns for intent in turn.expected.intent}
    assert INTENTS - asked == set()


KINDS: dict[str, Callable[[Scenario], bool]] = {
    "white noise": lambda one: one.noise is not None and one.noise.kind == "white",
    "street noise of 10 dB": lambda one: (
        one.noise is not None and (one.noise.kind, one.noise.snr_db) == ("street", 10)
    ),
    "babble": lambda one: one.noise is not None and one.noise.kind == "babble",
    "5 % loss": lambda one: one.network is not None and one.network.loss >= 0.05,
    "jitter that lets packets overtake": lambda one: one.network is not None and one.network.jitter_ms > 20,
    "line echo": lambda one: one.echo_db is not None,
    "a slow speaker": lambda one: one.speed < 0.8,
    "a fast speaker": lambda one: one.speed > 1.2,
    "keys": lambda one: any(turn.action.press for turn in one.turns),
    "keys and speech": lambda one: {bool(turn.action.press) for turn in one.turns} == {True, False},
    "silence": lambda one: any(turn.action.silence_ms for turn in one.turns),
    "a cough": lambda one: any(turn.action.burst_ms for turn in one.turns),
    "pauses within a turn": lambda one: any(turn.action.pause_ms for turn in one.turns),
    "an interruption": lambda one: any(turn.expected.interrupted for turn in one.turns),
    "a backchannel": lambda one: any(turn.expected.reply is False and turn.action.say for turn in one.turns),
    "a person's own voice": lambda one: any(turn.action.play for turn in one.turns),
    "a transfer": lambda one: one.ending.outcome == "transfer",
    "a hang-up by the bot": lambda one: one.ending.outcome == "bot",
    "rows for staff": lambda one: bool(one.ending.requests),
    "nothing disclosed": lambda one: one.ending.disclosed == (),
    "a lock-out": lambda one: bool(one.ending.locked),
}


@pytest.mark.parametrize("kind", KINDS)
def test_some_call_has(kind: str) -> None:
    assert any(KINDS[kind](one) for one in SCENARIOS)


def test_both_sexes_call() -> None:
    assert {one.voice[:2] for one in SCENARIOS} == {"zm", "zf"}


def test_no_two_calls_tell_the_same_story() -> None:
    assert [story for story, times in Counter(one.story for one in SCENARIOS).items() if times > 1] == []


def test_six_of_them_go_by_sip_too_one_over_a_bad_network() -> None:
    six = [one for one in SCENARIOS if one.over_sip]
    assert len(six) == 6 and any(one.network for one in six)
    assert {one.ending.outcome for one in six} >= {"caller", "transfer"}
