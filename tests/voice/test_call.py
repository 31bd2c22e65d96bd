"""The turn loop of a call, in audio time with fake engines."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from tests.voice.call_fakes import RATE, ListedDialogue, ToneSpeaker, play_call, quiet, tone
from voice.dialogue import DialogueTurn, DialogueUnavailable, Figure, Message, NextStep
from voice.events import (
    BotPrompt,
    BotReply,
    CallEnded,
    CallFailed,
    CallStarted,
    DtmfReceived,
    FigureStarted,
    FinalTranscript,
    PartialTranscript,
    PlaybackFinished,
    PlaybackInterrupted,
    PlaybackResumed,
    PlaybackStarted,
    Transferred,
)
from voice.hearing.expectation import YES_NO
from voice.line.transport import Dtmf
from voice.settings import APOLOGY, FILLER, NOT_HEARD, SILENCE_FIRST, SYSTEM_BUSY, TO_A_PERSON, CallSettings
from voice.sound.recording import CallRecording

OPENING_MS = 1700
"""Length of the fake opening: 17 characters, punctuation included, 100 ms each."""

ASK = quiet(OPENING_MS + 300) + tone(800) + quiet(900)
"""Waits for the opening, then says one thing."""


async def test_an_utterance_is_answered_and_the_caller_hangs_up_after_the_answer() -> None:
    played = await play_call(ASK, ["几号还款"], ["12月15日。"])
    assert [text for text, _ in played.dialogue.asked] == ["几号还款"]
    assert played.dialogue.asked[0][1] == {
        "input": "voice",
        "expects": {"kind": "open"},
        "confidence": 0.9,
    }
    assert [type(played.events[0]), type(played.events[-1])] == [CallStarted, CallEnded]
    assert played.of(CallEnded)[0].ended_by == "caller"
    assert played.of(PlaybackFinished)[-1].text == "12月15日。"


async def test_the_final_transcript_carries_the_times_of_the_speech() -> None:
    final = (await play_call(ASK, ["几号还款"], ["好。"])).of(FinalTranscript)[0]
    assert abs(final.speech_start_ms - 2000) <= 60 and abs(final.speech_end_ms - 2800) <= 60
    assert final.endpointing_ms == 500


async def test_the_recogniser_gets_the_sound_before_the_utterance_was_noticed() -> None:
    played = await play_call(ASK, ["几号还款"], ["好。"])
    assert played.recognizer.streams[0].received_ms >= 800 + 500 + 250


async def test_words_over_the_opening_notice_are_answered_but_do_not_cut_it() -> None:
    played = await play_call(quiet(200) + tone(700) + quiet(900), ["还款"], ["好的。"])
    assert played.dialogue.asked[0][0] == "还款"
    interrupted = played.of(PlaybackInterrupted)
    assert [event.not_heard for event in interrupted] == ["请问办什么业务？"]
    heard = bytes(played.caller.heard)
    notice_ms = 100 * len("您好，通话会录音。")
    assert any(heard[: 2 * RATE * (notice_ms - 100) // 1000][-400:]), "the notice was played to its end"


async def test_half_a_second_of_speech_pauses_playback_within_60_ms() -> None:
    speech_at = OPENING_MS + 3000
    sound = quiet(OPENING_MS + 200) + tone(600) + quiet(speech_at - OPENING_MS - 800) + tone(900) + quiet(900)
    played = await play_call(sound, ["几号还款", "转人工"], ["长" * 60 + "。", "好的。"])
    heard = bytes(played.caller.heard)
    pause_at = speech_at + 500 + 60
    window = heard[2 * RATE * pause_at // 1000 : 2 * RATE * (pause_at + 200) // 1000]
    assert not any(window), "the line is silent 60 ms after half a second of speech"
    before = heard[2 * RATE * (speech_at + 300) // 1000 : 2 * RATE * (speech_at + 400) // 1000]
    assert any(before), "the bot still spoke before"
    assert played.of(PlaybackInterrupted)[0].not_heard.startswith("长")
    assert [text for text, _ in played.dialogue.asked] == ["几号还款", "转人工"]


async def test_noise_without_words_pauses_and_then_the_clause_is_said_again() -> None:
    sound = quiet(OPENING_MS + 200) + tone(600) + quiet(2600) + tone(900) + quiet(900)
    played = await play_call(sound, ["几号还款", ""], ["长" * 60 + "。"])
    assert len(played.of(PlaybackResumed)) == 1
    assert played.of(PlaybackInterrupted) == []
    assert played.of(PlaybackFinished)[-1].text == "长" * 60 + "。"


async def test_a_backchannel_over_the_reply_does_not_end_it() -> None:
    sound = quiet(OPENING_MS + 200) + tone(600) + quiet(2600) + tone(300) + quiet(900)
    played = await play_call(sound, ["几号还款", "嗯"], ["长" * 60 + "。"])
    assert len(played.dialogue.asked) == 1
    assert played.of(PlaybackFinished)[-1].text == "长" * 60 + "。"


async def test_partial_words_end_the_reply_before_the_utterance_is_over() -> None:
    sound = quiet(OPENING_MS + 200) + tone(600) + quiet(2600) + tone(1500) + quiet(900)
    played = await play_call(
        sound, ["几号还款", "转人工"], ["长" * 60 + "。", "好的。"], partials=["", "转人"]
    )
    interrupted, partial = played.of(PlaybackInterrupted)[0], played.of(PartialTranscript)[0]
    assert partial.text == "转人"
    assert interrupted.audio_ms < played.of(FinalTranscript)[1].audio_ms


async def test_a_price_clause_is_said_to_its_end_and_the_question_over_it_is_answered() -> None:
    price = DialogueTurn(
        (Message("年化利率10.8%" + "长" * 30 + "。", interruptible=False), Message("还要别的吗？")),
        intent="ask_interest",
        understood_text="利息多少",
        figures=(Figure("annualised_rate", "0.108", "rate_per_year"),),
    )
    sound = quiet(OPENING_MS + 200) + tone(600) + quiet(1400) + tone(900) + quiet(900)
    played = await play_call(sound, ["利息多少", "能分几期"], [price, "可以分12期。"])
    assert played.of(PlaybackInterrupted)[0].not_heard == "还要别的吗？"
    assert [text for text, _ in played.dialogue.asked] == ["利息多少", "能分几期"]
    assert played.of(PlaybackFinished)[-1].text.endswith("可以分12期。")


async def test_the_clause_with_the_figure_is_timed_apart_from_the_first_sound() -> None:
    played = await play_call(ASK, ["几号还款"], ["查到了，12月15日还3250元。"])
    started, figure = played.of(PlaybackStarted)[-1], played.of(FigureStarted)[-1]
    assert figure.audio_ms - started.audio_ms == 100 * len("查到了，")


async def test_silence_is_asked_about_twice_and_then_the_bot_says_goodbye() -> None:
    played = await play_call(quiet(60_000), [], [])
    assert [event.text[:6] for event in played.of(BotPrompt)] == [
        "您好，请问您",
        "我没有听到您",
        "一直没有听到",
    ]
    assert played.of(CallEnded)[0].ended_by == "bot"


async def test_a_caller_who_answers_the_reprompt_goes_on() -> None:
    sound = quiet(OPENING_MS + 6000 + 3000) + tone(800) + quiet(1000)
    played = await play_call(sound, ["几号还款"], ["好的。"])
    assert [event.text for event in played.of(BotPrompt)] == [SILENCE_FIRST]
    assert played.of(BotReply)[-1].turn.messages[0].text == "好的。"


async def test_speech_that_was_not_understood_is_asked_for_again_twice_at_most() -> None:
    one = tone(800) + quiet(3500)
    played = await play_call(quiet(OPENING_MS + 300) + one * 4, ["", "", "", ""], [])
    assert [event.text for event in played.of(BotPrompt)].count(NOT_HEARD) == 2
    assert played.dialogue.asked == []


async def test_what_the_dialogue_expects_reaches_the_recogniser_and_the_endpointer() -> None:
    question = DialogueTurn((Message("对吗？"),), expects=YES_NO, understood_text="x")
    sound = ASK + quiet(1500) + tone(500) + quiet(900)
    played = await play_call(sound, ["我要查", "对"], [question, "好的。"])
    assert played.recognizer.expectations[1] == YES_NO
    assert played.of(FinalTranscript)[1].endpointing_ms == 360
    assert played.dialogue.asked[1][1]["expects"] == {"kind": "yes_no"}


async def test_goodbye_ends_the_call_after_it_was_said() -> None:
    goodbye = DialogueTurn((Message("再见。"),), next=NextStep.HANG_UP, understood_text="再见")
    played = await play_call(ASK + quiet(9000), ["再见"], [goodbye])
    assert played.of(CallEnded)[0].ended_by == "bot"
    assert played.of(PlaybackFinished)[-1].text == "再见。"


async def test_a_transfer_hands_the_line_over_after_the_sentence() -> None:
    transfer = DialogueTurn((Message("马上转接。"),), next=NextStep.TRANSFER, understood_text="转人工")
    played = await play_call(ASK + quiet(9000), ["转人工"], [transfer])
    assert played.caller.transferred_to == "agent"
    assert played.of(Transferred)[0].target == "agent"
    assert played.of(CallEnded)[0].ended_by == "transfer"


async def test_a_message_meant_slowly_is_said_slowly_and_the_others_are_not() -> None:
    speaker = ToneSpeaker()
    slow = DialogueTurn((Message("要还100元，下月。", slow=True),), understood_text="慢一点")
    await play_call(ASK, ["慢一点"], [slow], speaker=speaker)
    assert speaker.said_slowly == ["要还100元，", "下月。"]
    assert set(speaker.said) > set(speaker.said_slowly)


async def test_a_slow_dialogue_is_bridged_by_a_filler() -> None:
    dialogue = ListedDialogue(["好的。"], delay_s=0.3)
    played = await play_call(
        ASK, ["几号还款"], [], dialogue=dialogue, settings=CallSettings(filler_after_s=0.05)
    )
    assert [event.text for event in played.of(BotPrompt)] == [FILLER]
    assert played.of(BotReply)[-1].turn.messages[0].text == "好的。"


async def test_one_failure_of_the_dialogue_is_excused_and_a_second_ends_the_call_with_an_apology() -> None:
    down = DialogueUnavailable("no answer")
    once = await play_call(ASK, ["几号还款"], [down])
    assert [event.text for event in once.of(BotPrompt)] == [SYSTEM_BUSY]
    assert once.of(CallEnded)[0].ended_by == "caller"
    twice = await play_call(ASK + quiet(4000) + ASK, ["几号还款", "几号还款"], [down, down])
    assert [event.text for event in twice.of(BotPrompt)] == [SYSTEM_BUSY, APOLOGY, TO_A_PERSON]
    assert twice.of(CallEnded)[0].ended_by == "transfer" and twice.caller.transferred_to == "agent"
    assert [(event.code, event.gave_up) for event in twice.of(CallFailed)] == [
        ("dialogue_unavailable", False),
        ("dialogue_unavailable", True),
    ]


async def test_a_broken_voice_ends_the_call_and_never_raises() -> None:
    played = await play_call(ASK, ["几号还款"], ["好的。"], speaker=ToneSpeaker(fails=True))
    assert played.of(CallEnded)[0].ended_by == "transfer", "a caller without an apology still gets a person"
    assert played.of(CallFailed)[0].message == "RuntimeError"


async def test_keys_make_an_entry_and_the_digits_are_in_no_event() -> None:
    keys = tuple(Dtmf(key, 2500 + 200 * at) for at, key in enumerate("1234#"))
    played = await play_call(quiet(5000), [], ["好的。"], keys=keys)
    assert played.dialogue.asked[0] == ("1234", {"input": "keypad", "expects": {"kind": "open"}})
    # Without the time: one moment in some hundred has these digits in it.
    assert all("1234" not in str(replace(event, wall_time=0.0)) for event in played.of(DtmfReceived))


async def test_zero_on_the_keypad_asks_for_a_person_at_any_time() -> None:
    played = await play_call(quiet(3000), [], ["好的。"], keys=(Dtmf("0", 500),))
    assert played.dialogue.asked[0][0] == "转人工"


async def test_the_recording_holds_both_sides_in_step() -> None:
    class Blocks:
        def __init__(self) -> None:
            self.data, self.closed = bytearray(), False

        def write(self, interleaved: bytes) -> None:
            self.data += interleaved

        def close(self) -> None:
            self.closed = True

    sink = Blocks()
    with ThreadPoolExecutor(1) as disk:
        recording = CallRecording(lambda: sink, RATE, disk)
        played = await play_call(ASK, ["几号还款"], ["好的。"], recording=recording)
    assert sink.closed
    caller_side = bytes(b for at in range(0, len(sink.data), 4) for b in sink.data[at : at + 2])
    bot_side = bytes(b for at in range(2, len(sink.data), 4) for b in sink.data[at : at + 2])
    assert caller_side.startswith(ASK)
    assert bot_side[: len(played.caller.heard)] == bytes(played.caller.heard)[: len(bot_side)]


async def test_a_call_is_ended_politely_at_its_longest() -> None:
    settings = CallSettings(max_call_ms=5000)
    played = await play_call(quiet(30_000), [], [], settings=settings)
    assert played.of(CallEnded)[0].ended_by == "bot"
    assert played.of(CallEnded)[0].audio_ms < 15_000


async def test_a_yes_into_the_last_words_of_the_question_is_an_answer() -> None:
    question = DialogueTurn((Message("后四位是1234，对吗？"),), expects=YES_NO, understood_text="x")
    sound = ASK + quiet(400) + tone(300) + quiet(900)
    played = await play_call(sound, ["一二三四", "对"], [question, "好的。"])
    assert [text for text, _ in played.dialogue.asked] == ["一二三四", "对"]


async def test_words_are_recognised_in_the_silence_that_ends_the_turn() -> None:
    played = await play_call(ASK, ["几号还款"], ["好。"])
    (stream,) = played.recognizer.streams
    assert len(stream.anticipated_ms) == 1
    assert stream.anticipated_ms[0] < stream.received_ms
    assert [text for text, _ in played.dialogue.asked] == ["几号还款"]


async def test_half_a_sentence_is_waited_for_and_answered_as_a_whole() -> None:
    pause = quiet(1100)  # longer than the end of an open question
    sound = quiet(2000) + tone(800) + pause + tone(800) + quiet(900)
    played = await play_call(sound, ["我想问一下那个", "不会被问到"], ["好。"])
    assert len(played.of(FinalTranscript)) == 1
    assert len(played.recognizer.streams[0].anticipated_ms) == 2


async def test_a_pause_within_a_turn_makes_the_early_words_void() -> None:
    sound = quiet(2000) + tone(500) + quiet(400) + tone(500) + quiet(900)
    played = await play_call(sound, ["我想贷款"], ["好。"])
    (final,) = played.of(FinalTranscript)
    assert final.speech_end_ms - final.speech_start_ms >= 1300
    assert len(played.recognizer.streams[0].anticipated_ms) == 2


async def test_clauses_with_figures_that_are_foreseen_are_made_ahead() -> None:
    answer = DialogueTurn(
        (Message("好的。"),),
        understood_text="x",
        foreseen=("查到了，下一期是12月15日，要还5565元。", "查到了，您还剩17期。"),
    )
    speaker = ToneSpeaker()
    await play_call(ASK, ["我是张伟"], [answer], speaker=speaker)
    assert speaker.prepared == ["下一期是12月15日，", "要还5565元。", "您还剩17期。"]
