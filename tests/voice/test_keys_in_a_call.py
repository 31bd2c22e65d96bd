"""Keys and speech together, in audio time with fake engines."""

from dataclasses import replace

from tests.voice.call_fakes import Played, play_call, quiet, tone
from voice.dialogue import DialogueTurn, Message, NextStep
from voice.events import DtmfReceived, PlaybackInterrupted
from voice.hearing.expectation import Expectation, ExpectationKind
from voice.line.transport import Dtmf

OPENING_MS = 1700
FOUR = Expectation(ExpectationKind.DIGITS, 4)
LAST_FOUR = DialogueTurn((Message("请说后四位。"),), expects=FOUR)
ASKED_AT_MS = OPENING_MS + 300 + 800 + 600 + 800
"""When the bot has asked for the four digits."""

ASK = quiet(OPENING_MS + 300) + tone(800) + quiet(ASKED_AT_MS - OPENING_MS - 1100)


def keys(pressed: str, at_ms: int, every_ms: int = 300) -> tuple[Dtmf, ...]:
    return tuple(Dtmf(key, at_ms + every_ms * at) for at, key in enumerate(pressed))


def asked(played: Played) -> list[tuple[str, str]]:
    return [(text, metadata["input"]) for text, metadata in played.dialogue.asked]


async def test_who_says_that_the_digits_come_and_presses_them_is_answered_once() -> None:
    sound = ASK + quiet(300) + tone(700) + quiet(6000)
    pressed = keys("1234", ASKED_AT_MS + 300 + 700 + 400)
    played = await play_call(sound, ["还多少", "尾号是"], [LAST_FOUR, "好的。"], keys=pressed)
    assert asked(played) == [("还多少", "voice"), ("1234", "keypad")]


async def test_the_same_with_a_long_search_for_the_card_before_the_keys() -> None:
    sound = ASK + quiet(300) + tone(700) + quiet(8000)
    pressed = keys("1234", ASKED_AT_MS + 300 + 700 + 3500)
    played = await play_call(sound, ["还多少", "尾号是"], [LAST_FOUR, "好的。"], keys=pressed)
    assert asked(played) == [("还多少", "voice"), ("1234", "keypad")]


async def test_two_keys_and_two_spoken_digits_are_one_answer() -> None:
    sound = ASK + quiet(1500) + tone(900) + quiet(4000)
    pressed = keys("12", ASKED_AT_MS + 200)
    played = await play_call(sound, ["还多少", "34"], [LAST_FOUR, "好的。"], keys=pressed)
    assert asked(played) == [("还多少", "voice"), ("1234", "keypad")]
    assert played.recognizer.expectations[1] == Expectation(ExpectationKind.DIGITS, 2)


async def test_digits_said_aloud_while_they_are_pressed_are_taken_once() -> None:
    sound = ASK + quiet(200) + tone(1500) + quiet(4000)
    pressed = keys("1234", ASKED_AT_MS + 400)
    played = await play_call(sound, ["还多少", "1234"], [LAST_FOUR, "好的。"], keys=pressed)
    assert asked(played) == [("还多少", "voice"), ("1234", "keypad")]


async def test_an_amount_is_entered_by_keys_without_the_hash_key() -> None:
    question = DialogueTurn((Message("借多少？"),), expects=Expectation(ExpectationKind.AMOUNT))
    pressed = keys("50000", ASKED_AT_MS + 200)
    played = await play_call(ASK + quiet(7000), ["我想借钱", ""], [question, "好的。"], keys=pressed)
    assert asked(played) == [("我想借钱", "voice"), ("50000", "keypad")]


async def test_a_hash_behind_a_whole_entry_does_not_stop_the_answer_to_it() -> None:
    pressed = keys("1234#", ASKED_AT_MS + 200)
    answer = "要还五千元。"
    played = await play_call(ASK + quiet(7000), ["还多少"], [LAST_FOUR, answer], keys=pressed)
    assert asked(played) == [("还多少", "voice"), ("1234", "keypad")]
    assert played.of(PlaybackInterrupted) == []


async def test_a_hash_that_ends_nothing_stops_the_bot_as_any_key() -> None:
    pressed = keys("#", ASKED_AT_MS + 1000)
    played = await play_call(ASK + quiet(3000), ["还多少"], ["长" * 60 + "。"], keys=pressed)
    assert len(played.of(PlaybackInterrupted)) == 1


async def test_zero_stops_the_bot_and_asks_for_a_person_in_the_middle_of_a_long_answer() -> None:
    pressed = keys("0", ASKED_AT_MS + 1000)
    played = await play_call(ASK + quiet(3000), ["还多少"], ["长" * 60 + "。", "好的。"], keys=pressed)
    (interrupted,) = played.of(PlaybackInterrupted)
    assert abs(interrupted.audio_ms - ASKED_AT_MS - 1000) <= 40
    assert asked(played) == [("还多少", "voice"), ("转人工", "keypad")]


async def test_zero_outruns_what_the_caller_is_just_saying() -> None:
    transfer = DialogueTurn((Message("马上转接。"),), next=NextStep.TRANSFER)
    sound = ASK + quiet(600) + tone(2000) + quiet(3000)
    pressed = keys("0", ASKED_AT_MS + 600 + 1000)
    played = await play_call(sound, ["还多少", "这句没人听"], ["好的。", transfer], keys=pressed)
    assert asked(played) == [("还多少", "voice"), ("转人工", "keypad")]
    assert played.caller.transferred_to == "agent"


async def test_zero_outruns_a_question_whose_end_is_still_waited_for() -> None:
    transfer = DialogueTurn((Message("马上转接。"),), next=NextStep.TRANSFER)
    pressed = keys("0", OPENING_MS + 300 + 800 + 200)
    played = await play_call(ASK + quiet(3000), ["还多少"], [transfer], keys=pressed)
    assert asked(played) == [("转人工", "keypad")]
    assert played.caller.transferred_to == "agent"


async def test_zero_where_digits_are_asked_for_is_a_person_when_nothing_follows() -> None:
    pressed = keys("0", ASKED_AT_MS + 300)
    played = await play_call(ASK + quiet(6000), ["还多少"], [LAST_FOUR, "好的。"], keys=pressed)
    assert asked(played) == [("还多少", "voice"), ("转人工", "keypad")]


async def test_half_an_entry_is_handed_on_after_a_pause() -> None:
    pressed = keys("12", ASKED_AT_MS + 300)
    played = await play_call(ASK + quiet(6000), ["还多少"], [LAST_FOUR, "请继续。"], keys=pressed)
    assert asked(played) == [("还多少", "voice"), ("12", "keypad")]


async def test_no_event_holds_the_digits() -> None:
    pressed = keys("1234", ASKED_AT_MS + 300)
    played = await play_call(ASK + quiet(3000), ["还多少"], [LAST_FOUR, "好的。"], keys=pressed)
    # Without the time: one moment in some hundred has these digits in it.
    events = [replace(event, wall_time=0.0) for event in played.of(DtmfReceived)]
    assert len(events) == 4 and all("1234" not in str(event) for event in events)


async def test_digits_heard_in_two_ways_come_to_the_dialogue_with_both() -> None:
    sound = ASK + quiet(300) + tone(900) + quiet(4000)
    played = await play_call(sound, ["还多少", "1234/1284"], [LAST_FOUR, "好的。"])
    text, metadata = played.dialogue.asked[-1]
    assert (text, metadata["others"], metadata["unsure"]) == ("1234", ["1284"], True)


async def test_doubtful_digits_are_not_put_beside_keys_that_nobody_reads_back() -> None:
    sound = ASK + quiet(1500) + tone(900) + quiet(4000)
    pressed = keys("12", ASKED_AT_MS + 200)
    played = await play_call(sound, ["还多少", "34/84"], [LAST_FOUR, "好的。"], keys=pressed)
    assert ("1234", "keypad") not in asked(played)
