"""Transcripts: everything staff need, nothing of anybody's identity, and no row lost."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, select
from sqlalchemy.exc import OperationalError

from actions.lending.database import Database
from bot.stored_text import stored_heard, stored_reply, stored_words
from bot.transcript_tables import call_events, calls, conversations, figures, metadata, turns
from bot.transcript_writer import Insert, TranscriptWriter
from bot.transcripts import TranscriptRecorder, end_abandoned
from tests.bot.web import fresh_database
from voice.dialogue import DialogueTurn, Figure, Message, NextStep
from voice.events import (
    BotPrompt,
    BotReply,
    CallEnded,
    CallEvent,
    CallFailed,
    CallStarted,
    DtmfReceived,
    EngineFailedOver,
    FigureStarted,
    FinalTranscript,
    PartialTranscript,
    PlaybackInterrupted,
    PlaybackStarted,
    Transferred,
)
from voice.hearing.expectation import OPEN, Expectation, ExpectationKind

DIGITS = Expectation(ExpectationKind.DIGITS, 4)
SECRETS = ("13800000001", "1380000", "1234", "一二三四", "110101199003071234")


class Recorded:
    """A recorder on a database, with short ways to tell it of events and to read rows."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.recorder = TranscriptRecorder(TranscriptWriter(database))
        self.audio_ms = 0

    def tell(self, kind: type[CallEvent], **fields: Any) -> None:
        """One event of the call ``c1``."""
        self.audio_ms += 100
        self.recorder.on_event(
            kind(call_id="c1", audio_ms=self.audio_ms, wall_time=1_800_000_000.0, **fields)
        )

    def heard(self, text: str) -> None:
        """The caller's words."""
        self.tell(
            FinalTranscript,
            text=text,
            heard=text,
            confidence=0.8,
            speech_start_ms=1000,
            speech_end_ms=1900,
            endpointing_ms=600,
            recognition_ms=210,
            engine="whisper",
        )

    def rows(self, table: Any) -> list[Any]:
        """All rows of a table, after everything told is written."""
        self.recorder.flush()
        with self.database.reading() as connection:
            return list(connection.execute(select(table)).all())


@pytest.fixture
def recorded(empty_database: Database) -> Iterator[Recorded]:
    """A recorder on an empty database."""
    kept = Recorded(empty_database)
    yield kept
    kept.recorder.close()


def reply(text: str, **fields: Any) -> DialogueTurn:
    """A dialogue turn that says this."""
    return DialogueTurn(messages=(Message(text),), **fields)


ANSWER = reply(
    "您下一期应还3250元。",
    intent="query_repayment",
    confidence=0.93,
    intent_ranking=(("query_repayment", 0.93), ("ask_overdue", 0.03)),
    actions=("action_query_repayment",),
    figures=(Figure("next_repayment_amount", 325000, "fen", {"loan": "L1"}),),
    verified=True,
    understood_text="这个月还多少",
)


def test_a_call_is_kept_with_its_turns_timings_and_figures(recorded: Recorded) -> None:
    """What was understood, what ran, what was disclosed and how long each step took."""
    recorded.tell(CallStarted, transport="recording", sample_rate=8000)
    recorded.tell(BotReply, turn=reply("您好，本次通话会录音。"), dialogue_ms=20)
    recorded.heard("这个月还多少")
    recorded.tell(BotReply, turn=ANSWER, dialogue_ms=35)
    recorded.tell(PlaybackStarted, text="您下一期应还3250元。", first_audio_ms=5, transport_ms=40)
    recorded.tell(FigureStarted, first_figure_ms=900)
    recorded.tell(PlaybackInterrupted, said="您下一期", not_heard="应还3250元。")
    recorded.tell(CallEnded, ended_by="caller")
    opening, turn = recorded.rows(turns)
    assert (opening.via, opening.customer_text) == ("opening", "")
    assert (turn.via, turn.customer_text, turn.bot_text) == (
        "voice",
        "这个月还多少",
        ["您下一期应还3250元。"],
    )
    assert (turn.intent, turn.confidence, turn.actions) == (
        "query_repayment",
        0.93,
        ["action_query_repayment"],
    )
    assert turn.intent_ranking == [["query_repayment", 0.93], ["ask_overdue", 0.03]]
    assert (turn.endpointing_ms, turn.recognition_ms, turn.dialogue_ms) == (600, 210, 35)
    assert (turn.first_audio_ms, turn.first_figure_ms) == (5, 900)
    assert (turn.interrupted, turn.not_heard) == (True, "应还3250元。")
    (figure,) = recorded.rows(figures)
    assert (figure.turn_id, figure.name, figure.value, figure.unit) == (
        turn.id,
        "next_repayment_amount",
        "325000",
        "fen",
    )
    assert figure.inputs == {"loan": "L1"}
    (measured,) = [event for event in recorded.rows(call_events) if event.kind == "stages_measured"]
    stages = {"endpointing": 600, "recognition": 210, "dialogue": 35, "synthesis": 5, "transport": 40}
    assert measured.details == {"turns": 1} | stages
    (conversation,) = recorded.rows(conversations)
    assert (conversation.id, conversation.channel, conversation.ended_by) == ("c1", "phone", "caller")
    assert (conversation.verified, conversation.outcome, conversation.turn_count) == (True, "answered", 2)
    (call,) = recorded.rows(calls)
    assert (call.duration_ms, call.ended_by, call.sample_rate_hz) == (recorded.audio_ms, "caller", 8000)


def test_no_identity_digit_lies_in_any_column(recorded: Recorded) -> None:
    """Neither as heard, nor in partials, nor read back by the bot, nor not heard after barge-in."""
    recorded.tell(CallStarted, transport="recording", sample_rate=8000)
    recorded.tell(BotReply, turn=reply("请说身份证后四位。", expects=DIGITS), dialogue_ms=5)
    recorded.tell(PartialTranscript, text="一二三四")
    recorded.heard("一二三四")
    read_back = reply("您说的是「1234」，对吗？", understood_text="〔证件后四位〕", expects=OPEN)
    recorded.tell(BotReply, turn=read_back, dialogue_ms=5)
    recorded.tell(PlaybackStarted, text="您说的是「1234」，对吗？", first_audio_ms=5)
    recorded.tell(PlaybackInterrupted, said="您说的是「1234」，", not_heard="「1234」对吗？")
    recorded.heard("我的手机号13800000001")
    recorded.tell(CallFailed, code="dialogue_unavailable", message="13800000001")
    recorded.heard("身份证110101199003071234")
    recorded.tell(CallEnded, ended_by="error")
    recorded.recorder.chat_turn("t1", "13800000001", None, 5, "dialogue_unavailable")
    words = [
        str(value)
        for table in metadata.sorted_tables
        for row in recorded.rows(table)
        for column, value in row._mapping.items()
        # Times and random ids are long numbers too.
        if not column.endswith(("id", "_ms"))
    ]
    assert len(words) > 100
    assert [text for text in words if any(secret in text for secret in SECRETS)] == []


def test_words_without_an_answer_are_kept_with_the_reason(recorded: Recorded) -> None:
    """Staff see what the customer wanted when the dialogue was away."""
    recorded.tell(CallStarted, transport="recording", sample_rate=8000)
    recorded.heard("我要还款")
    recorded.tell(CallFailed, code="dialogue_unavailable", message="down")
    recorded.heard("喂")
    recorded.tell(CallEnded, ended_by="error")
    first, second = recorded.rows(turns)
    assert (first.customer_text, first.failure, first.bot_text) == ("我要还款", "dialogue_unavailable", [])
    assert (second.customer_text, second.failure) == ("喂", "call_ended")
    assert recorded.rows(conversations)[0].outcome == "failed"
    assert recorded.rows(calls)[0].failure == "dialogue_unavailable"


def test_failovers_prompts_keys_and_transfers_are_listed_in_order(recorded: Recorded) -> None:
    """The smaller happenings of a call, each with its audio time."""
    recorded.tell(CallStarted, transport="recording", sample_rate=8000)
    recorded.tell(BotReply, turn=reply("您好"), dialogue_ms=5)
    recorded.tell(EngineFailedOver, from_engine="kokoro", to_engine="pyttsx3", reason="late")
    recorded.tell(BotPrompt, text="您好，请问您还在吗？")
    recorded.tell(DtmfReceived, count=1)
    recorded.tell(BotReply, turn=reply("为您转人工", next=NextStep.TRANSFER), dialogue_ms=5)
    recorded.tell(Transferred, target="agent")
    recorded.tell(CallEnded, ended_by="transfer")
    events = sorted(recorded.rows(call_events), key=lambda event: event.position)
    assert [event.kind for event in events][2:7] == [
        "engine_failed_over",
        "bot_prompt",
        "dtmf_received",
        "bot_reply",
        "transferred",
    ]
    assert events[2].details == {"from": "kokoro", "to": "pyttsx3", "reason": "late"}
    assert [turn.via for turn in recorded.rows(turns)] == ["opening", "keypad"]
    assert recorded.rows(conversations)[0].outcome == "transfer"


def test_a_chat_is_kept_like_a_call(recorded: Recorded) -> None:
    """Typed turns and the greeting; the conversation's first words are the customer's."""
    recorded.recorder.conversation_started("t1", "chat")
    recorded.recorder.chat_turn("t1", "", reply("您好"), 4)
    recorded.recorder.chat_turn("t1", "这个月还多少", ANSWER, 31)
    recorded.recorder.conversation_ended("t1", "idle")
    assert [turn.via for turn in recorded.rows(turns)] == ["opening", "text"]
    (conversation,) = recorded.rows(conversations)
    assert (conversation.first_words, conversation.ended_by) == ("这个月还多少", "idle")


def test_rows_wait_for_a_database_that_is_away_and_none_is_lost(empty_database: Database) -> None:
    """A locked database is tried again; a full queue makes the recording side wait."""
    real_writing, broken = empty_database.writing, threading.Event()
    broken.set()

    def writing() -> Any:
        if broken.is_set():
            raise OperationalError("INSERT", {}, Exception("database is locked"))
        return real_writing()

    empty_database.writing = writing  # type: ignore[method-assign]
    writer = TranscriptWriter(empty_database, capacity=5)

    def tell() -> None:
        for number in range(300):
            writer.put(_conversation(number))

    told = threading.Thread(target=tell)
    told.start()
    time.sleep(0.3)
    assert told.is_alive(), "the queue of five is full, so the side that records must wait"
    broken.clear()
    told.join(20)
    writer.close()
    with empty_database.reading() as connection:
        assert len(connection.execute(select(conversations.c.id)).all()) == 300


def test_a_row_that_the_database_refuses_does_not_hold_up_the_others(
    empty_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """A double id is set aside with an error that names the table and not the words."""
    writer = TranscriptWriter(empty_database)
    for number in (1, 1, 2):
        writer.put(_conversation(number, first_words="私密的话"))
    writer.close()
    with empty_database.reading() as connection:
        assert len(connection.execute(select(conversations.c.id)).all()) == 2
    assert "code=transcript_row_refused table=conversations" in caplog.text
    assert "私密的话" not in caplog.text


def test_conversations_that_a_dead_process_left_open_are_ended(empty_database: Database) -> None:
    """Those that nobody can hold any more; a running one stays."""
    hour_ms = 3_600_000
    writer = TranscriptWriter(empty_database)
    writer.put(_conversation(1, last_at_ms=0))
    writer.put(_conversation(2, last_at_ms=2 * hour_ms))
    writer.close()
    assert end_abandoned(empty_database, now_ms=3 * hour_ms) == 1
    with empty_database.reading() as connection:
        rows = {row.id: row for row in connection.execute(select(conversations)).all()}
    assert (rows["conversation-1"].ended_by, rows["conversation-1"].ended_at_ms) == ("lost", 0)
    assert rows["conversation-2"].ended_by is None


def _conversation(number: int, first_words: str = "", last_at_ms: int = 0) -> Insert:
    values = {
        "id": f"conversation-{number}",
        "channel": "chat",
        "started_at_ms": 0,
        "last_at_ms": last_at_ms,
        "outcome": "silent",
        "verified": False,
        "turn_count": 0,
        "first_words": first_words,
    }
    return Insert(conversations, values)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("您说的是「1234」，对吗？", "您说的是「****」，对吗？"),
        ("手机号「13800000001」", "手机号「*******0001」"),
        ("尾号「567X」", "尾号「****」"),
        ("您说到「12」", "您说到「***」"),
        ("号码13800000001", "号码138****0001"),
        ("应还3250.55元，12月15日，共12期，年化10.80%", "应还3250.55元，12月15日，共12期，年化10.80%"),
    ],
)
def test_the_bots_words_are_stored_without_the_digits_it_reads_back(text: str, stored: str) -> None:
    """Amounts, dates and rates stay: they are what staff check."""
    assert stored_reply(text) == stored


def test_the_customers_words_are_masked_even_when_the_dialogue_gave_no_answer() -> None:
    """Then nobody has said what is identity in them."""
    assert "13800000001" not in stored_words("", "我是13800000001")
    assert "1234" not in stored_words("", "后四位1234", DIGITS)
    assert "一二三" not in stored_heard("一二三")
    assert stored_words("借五万分12期", "") == "借五万分12期"


def test_the_migrations_make_the_same_tables_as_the_code(tmp_path: Path) -> None:
    """Columns and indexes; a forgotten migration shows here."""
    migrated = fresh_database(tmp_path).engine
    coded = create_engine("sqlite://", future=True)
    metadata.create_all(coded)
    for table in metadata.tables:
        columns = [
            {
                column["name"]: (str(column["type"]), column["nullable"])
                for column in inspect(engine).get_columns(table)
            }
            for engine in (migrated, coded)
        ]
        assert columns[0] == columns[1]
        indexes = [
            sorted(index["name"] for index in inspect(engine).get_indexes(table))
            for engine in (migrated, coded)
        ]
        assert indexes[0] == indexes[1]
