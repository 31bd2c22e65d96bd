"""The board of conversations in progress: what staff see, masked, and who has the word."""

import asyncio

from bot.console.live.live_board import LiveBoard
from bot.console.live.live_conversation import LINES, LiveConversation, LiveState
from bot.sessions import Session, SessionStore
from voice.dialogue import DialogueTurn, Message
from voice.events import (
    BotReply,
    CallEnded,
    CallStarted,
    FinalTranscript,
    PartialTranscript,
    PlaybackFinished,
    PlaybackStarted,
    SpeechStarted,
)

PHONE = "13812345678"


def begin(board: LiveBoard, transport: str = "sip") -> LiveConversation:
    """A call that goes on."""
    board.on_event(CallStarted("c1", 0, 0.0, transport=transport, sample_rate=8_000))
    found = board.find("c1")
    assert found is not None
    return found


def final(text: str) -> FinalTranscript:
    """Words of the caller."""
    return FinalTranscript(
        "c1",
        0,
        0.0,
        text=text,
        heard=text,
        confidence=0.9,
        speech_start_ms=0,
        speech_end_ms=1,
        endpointing_ms=1,
        recognition_ms=1,
        engine="fake",
    )


def chat(board: LiveBoard) -> Session:
    """A chat that goes on."""
    _, session = SessionStore(10, 60, lambda *_: None, watch=board).create()
    board.started(session.conversation_id, "chat")
    return session


def test_a_call_shows_who_has_the_word() -> None:
    board = LiveBoard()
    call = begin(board)
    seen = []
    for event in (
        SpeechStarted("c1", 0, 0.0),
        final("这个月要还多少"),
        PlaybackStarted("c1", 0, 0.0, text="您好", first_audio_ms=5),
        PlaybackFinished("c1", 0, 0.0, text="您好"),
    ):
        board.on_event(event)
        seen.append(call.state)
    assert seen == [LiveState.SPEAKING, LiveState.THINKING, LiveState.ANSWERING, LiveState.WAITING]


def test_a_call_shows_both_sides_the_intent_and_whether_the_caller_is_known() -> None:
    board = LiveBoard()
    call = begin(board)
    board.on_event(final("这个月要还多少"))
    turn = DialogueTurn((Message("应还3250元。"),), intent="query_repayment", verified=True)
    board.on_event(BotReply("c1", 0, 0.0, turn=turn, dialogue_ms=5))
    assert [(line.who, line.text) for line in call.lines] == [
        ("customer", "这个月要还多少"),
        ("bot", "应还3250元。"),
    ]
    assert (call.intent, call.verified, call.channel) == ("query_repayment", True, "phone")


def test_numbers_are_masked_before_anybody_sees_them() -> None:
    """Finished words, words still being spoken, typed ones, and what the bot reads back."""
    board = LiveBoard()
    call = begin(board)
    call.watch()
    board.on_event(PartialTranscript("c1", 0, 0.0, text=f"我的号码{PHONE[:7]}"))
    assert PHONE[:7] not in call.partial
    board.on_event(final(f"我的手机是{PHONE}"))
    board.on_event(BotReply("c1", 0, 0.0, turn=DialogueTurn((Message(f"是「{PHONE}」吗？"),)), dialogue_ms=1))
    session = chat(board)
    session.post("customer", f"{PHONE}，身份证110101199003074514")
    typed = board.find(session.conversation_id)
    assert typed is not None
    shown = "".join(line.text for line in [*call.lines, *typed.lines])
    assert PHONE not in shown and "110101199003074514" not in shown and "5678" in shown


def test_words_still_being_spoken_are_masked_for_nobody_where_nobody_watches() -> None:
    board = LiveBoard()
    call = begin(board)
    board.on_event(PartialTranscript("c1", 0, 0.0, text="这个月"))
    assert call.partial == ""


def test_a_phone_call_that_ends_leaves_the_board_and_tells_who_watches() -> None:
    board = LiveBoard()
    call = begin(board)
    watcher = call.watch()
    watcher.clear()
    board.on_event(CallEnded("c1", 0, 0.0, ended_by="caller"))
    assert watcher.is_set() and call.ended and board.conversations() == []


def test_a_browser_call_that_ends_leaves_its_chat_in_progress() -> None:
    board = LiveBoard()
    session = chat(board)
    board.call_attached("c1", session.conversation_id)
    board.on_event(CallStarted("c1", 0, 0.0, transport="browser", sample_rate=16_000))
    found = board.find(session.conversation_id)
    assert found is not None and found.call_id == "c1" and found.channel == "browser"
    board.on_event(CallEnded("c1", 0, 0.0, ended_by="caller"))
    assert found.call_id is None and not found.ended


def test_a_call_that_outlives_its_chat_leaves_nothing_behind() -> None:
    board = LiveBoard()
    session = chat(board)
    board.call_attached("c1", session.conversation_id)
    board.on_event(CallStarted("c1", 0, 0.0, transport="browser", sample_rate=16_000))
    board.ended(session.conversation_id)
    board.on_event(CallEnded("c1", 0, 0.0, ended_by="caller"))
    assert board._of_call == {}


def test_what_is_said_in_a_browser_call_is_shown_once() -> None:
    """The session's log and the call's events both carry it."""
    board = LiveBoard()
    session = chat(board)
    board.call_attached("c1", session.conversation_id)
    board.on_event(CallStarted("c1", 0, 0.0, transport="browser", sample_rate=16_000))
    session.post("customer", "我要还款", via="voice")
    board.on_event(final("我要还款"))
    found = board.find(session.conversation_id)
    assert found is not None and len(found.lines) == 1


def test_an_endless_conversation_keeps_its_latest_lines_only() -> None:
    conversation = LiveConversation("c1", "chat", 0)
    for number in range(LINES + 50):
        conversation.add("customer", str(number), 0)
    assert len(conversation.lines) == LINES
    assert [line.text for line in conversation.since(LINES + 48)] == [str(LINES + 48), str(LINES + 49)]


def test_whoever_stopped_watching_is_told_nothing_more() -> None:
    conversation = LiveConversation("c1", "chat", 0)
    watcher: asyncio.Event = conversation.watch()
    conversation.unwatch(watcher)
    conversation.add("customer", "x", 0)
    assert not watcher.is_set() and not conversation.is_watched
