"""PostgreSQL: transcripts, staff accounts and staff sessions on a real server, made by the migrations."""

from collections.abc import Iterator

import pytest

from actions.lending.database import Database, open_database
from bot.console.accounts import FAILURES_ALLOWED, SignIn, StaffAccounts, ensure_staff_account
from bot.console.staff_sessions import StaffSessions
from bot.transcript_reader import TranscriptReader
from bot.transcript_writer import TranscriptWriter
from bot.transcripts import TranscriptRecorder
from install.database import migrate
from tests.lending.test_postgres import server as server
from voice.dialogue import DialogueTurn, Figure, Message
from voice.events import BotPrompt, CallEnded, CallStarted


@pytest.fixture(scope="module")
def postgres(server: str) -> Iterator[Database]:
    """An empty database with the newest tables."""
    database = open_database(server)
    migrate(database)
    yield database
    database.close()


def test_a_conversation_with_a_call_is_written_and_read_back(postgres: Database) -> None:
    """Chinese text, JSON, long values and times as in SQLite."""
    recorder = TranscriptRecorder(TranscriptWriter(postgres))
    reason = "综合评分不足" * 30
    turn = DialogueTurn(
        messages=(Message("没有通过。"),),
        intent="ask_rejection_reason",
        confidence=0.9,
        intent_ranking=(("ask_rejection_reason", 0.9),),
        figures=(Figure("rejection_reason", reason, "text", {"application": "A1"}),),
        understood_text="为什么没通过",
    )
    recorder.conversation_started("p1", "chat")
    recorder.chat_turn("p1", "为什么没通过", turn, 31)
    recorder.call_attached("c1", "p1")
    recorder.on_event(CallStarted("c1", 0, 1_800_000_000.0, transport="browser", sample_rate=16_000))
    recorder.on_event(BotPrompt("c1", 6_000, 1_800_000_006.0, text="您好，请问您还在吗？"))
    recorder.on_event(CallEnded("c1", 9_000, 1_800_000_009.0, ended_by="caller"))
    recorder.recording_kept("c1", "c1.wavx", True)
    recorder.conversation_ended("p1", "idle")
    recorder.close()
    reader = TranscriptReader(postgres)
    assert [row.id for row in reader.page(1).rows] == ["p1"]
    view = reader.conversation("p1")
    assert view is not None
    assert (view.conversation.channel, view.conversation.ended_by) == ("browser", "idle")
    (said,) = view.turns
    assert (said.customer_text, said.bot_text) == ("为什么没通过", ["没有通过。"])
    assert view.figures[said.id][0].value == reason
    assert [event.details for event in view.events] == [{"text": "您好，请问您还在吗？"}]
    assert reader.recording("c1") == "c1.wavx"


def test_staff_sign_in_and_are_locked_out_as_on_sqlite(postgres: Database) -> None:
    """The row is locked while failures are counted."""
    password = ensure_staff_account(postgres)
    assert password is not None
    assert ensure_staff_account(postgres) is None
    accounts, sessions = StaffAccounts(postgres), StaffSessions(postgres)
    assert accounts.sign_in("admin", password) is SignIn.ACCEPTED
    token = sessions.begin("admin")
    assert sessions.find(token) is not None
    sessions.end(token)
    assert sessions.find(token) is None
    results = [accounts.sign_in("admin", "wrong") for _ in range(FAILURES_ALLOWED)]
    assert results[-1] is SignIn.LOCKED
