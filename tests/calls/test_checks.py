"""The checks of a call find what is wrong with it: a call that went otherwise than written does not pass."""

from dataclasses import replace

import pytest

from commands.simulated_calls.call_record import BYTES_A_MS, CallRecord
from commands.simulated_calls.heard_words import Words
from commands.simulated_calls.scenario import Action, Ending, Expected, Scenario, Turn
from commands.simulated_calls.scripted_caller import Mark
from tests.calls.checks import problems
from voice.dialogue import DialogueTurn, Figure, Message, NextStep
from voice.events import BotReply, CallEnded, CallEvent, FinalTranscript, PlaybackInterrupted, PlaybackStarted
from voice.hearing.expectation import Expectation, ExpectationKind

EXPECTED = Expected(
    intent=("query_repayment",),
    understood=("还多少",),
    entities={"product": "店主贷"},
    bot=("3250元",),
    bot_not=("罚息",),
    hears=("下一期",),
    hears_figures=("next_repayment_amount",),
    figures=("next_repayment_amount",),
    expects="digits 4",
    next="continue",
    verified=True,
    interrupted=False,
)
ENDING = Ending(
    outcome="caller",
    verified=True,
    prompts=(),
    events={"PlaybackInterrupted": "0"},
    requests=(),
    disclosed=("next_repayment_amount",),
    locked=False,
    rating=4,
)
REPLY = DialogueTurn(
    messages=(Message("下一期要还3250元。"),),
    intent="query_repayment",
    entities=({"entity": "product", "value": "店主贷"},),
    expects=Expectation(ExpectationKind.DIGITS, 4),
    figures=(Figure("next_repayment_amount", 325000, "fen"),),
    verified=True,
    understood_text="这个月要还多少",
)
HEARD = {0: [Words(2000, 4000, "下一期要还三千二百五十元")]}


class FakeTruth:
    """The database says 3250 yuan, that this was told, and which rating was kept."""

    def __init__(self, rating: int | str) -> None:
        self._rating = rating

    def figure(self, person: str, name: str) -> int:
        assert (person, name) == ("张伟", "next_repayment_amount")
        return 325000

    def disclosed(self, conversation: str) -> list[str]:
        return ["next_repayment_amount"]

    def rating(self, conversation: str) -> int | str:
        return self._rating

    def requests(self, conversation: str) -> list[dict[str, object]]:
        return []


def event(kind: type[CallEvent], audio_ms: int, **values: object) -> CallEvent:
    return kind(call_id="c1", audio_ms=audio_ms, wall_time=0.0, **values)  # type: ignore[arg-type]


def record(reply: DialogueTurn | None = REPLY, *more: CallEvent, **values: object) -> CallRecord:
    turn = Turn(Action(say=("这个月要还多少",)), EXPECTED)
    scenario = Scenario(
        "a_call", "story", "张伟", "张伟", "zm_yunxi", 1.0, None, None, None, False, True, (turn,), ENDING
    )
    said = [event(BotReply, 1500, turn=reply, dialogue_ms=50)] if reply else []
    fields: dict[str, object] = {
        "scenario": scenario,
        "call_id": "c1",
        "events": (*said, *more, event(CallEnded, 5000, ended_by="caller")),
        "marks": (Mark(0, 500, 1000),),
        "said": bytes(5000 * BYTES_A_MS),
        "heard": bytes(1600 * BYTES_A_MS) + b"\x00\x20" * 8000 + bytes(2400 * BYTES_A_MS),
        "transferred": False,
        "real_time": False,
        "at_ms": lambda one: one.audio_ms,
    }
    return CallRecord(**(fields | values))  # type: ignore[arg-type]


def found(
    one: CallRecord,
    heard: dict[int, list[Words]] = HEARD,
    locked: bool = False,
    rating: int | str = 4,
) -> list[str]:
    return problems(one, heard, FakeTruth(rating), locked)  # type: ignore[arg-type]


def test_a_call_that_went_as_written_has_no_problem() -> None:
    assert found(record()) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"intent": "ask_interest"}, "intent ['ask_interest']"),
        ({"understood_text": "利率"}, "'还多少' is not in what was understood"),
        ({"entities": ()}, "no product '店主贷'"),
        ({"messages": (Message("下一期要还3000元。"),)}, "'3250元' is not in the reply"),
        ({"messages": (Message("罚息另算，3250元。"),)}, "'罚息' is in the reply"),
        ({"messages": (Message("保证给您，3250元。"),)}, "a sentence that no clerk says"),
        ({"expects": Expectation(ExpectationKind.YES_NO)}, "the bot waits for yes_no, not digits 4"),
        ({"next": NextStep.TRANSFER}, "next is transfer"),
        ({"verified": False}, "verified is False"),
        ({"figures": (Figure("next_repayment_amount", 1, "fen"),)}, "next_repayment_amount is 325000"),
        ({"figures": ()}, "next_repayment_amount is 325000 in the database, and {} was told"),
    ],
)
def test_a_reply_that_is_wrong_is_found(change: dict[str, object], problem: str) -> None:
    assert any(problem in one for one in found(record(replace(REPLY, **change))))  # type: ignore[arg-type]


def test_no_reply_at_all_is_found() -> None:
    assert "turn 1: the bot did not answer" in found(record(None))


@pytest.mark.parametrize("heard", ["", "下一期要还三千二百元", "这一期要还三千二百五十元"])
def test_what_was_not_heard_is_found(heard: str) -> None:
    assert any("was not heard" in one for one in found(record(), {0: [Words(2000, 4000, heard)]}))


def test_what_the_ear_writes_for_yuan_is_no_other_figure() -> None:
    heard = {0: [Words(2000, 4000, "下一期要还三千二百五十人")]}
    assert found(record(), heard) == []


def test_an_interruption_that_should_not_be_is_found() -> None:
    cut = event(PlaybackInterrupted, 1400, said="", not_heard="请问")
    assert found(record(REPLY, cut)) == [
        "turn 1: the reply before was interrupted",
        "the end: 1 times PlaybackInterrupted, not 0",
    ]


def test_a_turn_that_never_came_is_found() -> None:
    assert "turn 1: the caller never came to it: the call was ended by caller" in found(record(marks=()))


def test_another_ending_is_found() -> None:
    ended = record(
        events=(event(BotReply, 1500, turn=REPLY, dialogue_ms=5), event(CallEnded, 5000, ended_by="error"))
    )
    assert "the end: the call was ended by error, not caller" in found(ended)
    assert "the end: the line was handed over" in found(record(transferred=True))
    assert "the end: the caller is locked out" in found(record(), locked=True)


def test_another_rating_than_was_given_is_found() -> None:
    assert found(record(), rating="none") == ["the end: the rating kept is none, not 4"]
    assert found(record(), rating=5) == ["the end: the rating kept is 5, not 4"]


def test_the_answering_time_is_the_silence_that_was_heard_and_the_time_that_stood_still() -> None:
    transcript = event(
        FinalTranscript,
        1500,
        text="这个月要还多少",
        heard="",
        confidence=0.9,
        speech_start_ms=500,
        speech_end_ms=1000,
        endpointing_ms=500,
        recognition_ms=200,
        engine="whisper",
    )
    spoken = event(PlaybackStarted, 1600, text="下一期", first_audio_ms=30)
    assert record(REPLY, transcript, spoken).answered_after_ms(0) == 600 + 200 + 50 + 30
    assert record(REPLY, transcript, spoken, real_time=True).answered_after_ms(0) == 600
