"""PostgreSQL: transcripts, staff accounts and staff sessions on a real server, made by the migrations."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pyotp
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from actions.lending.clock import FixedClock
from actions.lending.conversation_borrowers import ConversationBorrowers
from actions.lending.database import Database, open_database
from actions.lending.disclosure_anchors import DisclosureAnchors
from actions.lending.disclosure_cut import DisclosureCut
from actions.lending.disclosure_log import Disclosure, DisclosureLog
from actions.lending.disclosure_proof import prove
from actions.lending.models import disclosure_log
from bot.console.accounts import FAILURES_ALLOWED, SignIn, StaffAccounts, ensure_staff_account
from bot.console.audit_log import Action, AuditFilter, AuditLog
from bot.console.dashboards.counted_days import CountedDays
from bot.console.dashboards.dashboards import Dashboards
from bot.console.dashboards.period import Period
from bot.console.data_rights.erasing import erase
from bot.console.data_rights.rights_log import Kind, RightsLog
from bot.console.data_rights.tables import data_rights_log
from bot.console.inbox_filter import InboxFilter
from bot.console.inbox_index import InboxIndex
from bot.console.inbox_search import InboxSearch
from bot.console.review.desk import open_review
from bot.console.review.flag import Flag
from bot.console.second_factor import STEP_S, SecondFactor
from bot.console.staff_sessions import StaffSessions
from bot.console.teaching.batches import Batches
from bot.console.teaching.suggestions import Correction, SuggestionRefused, Suggestions
from bot.transcript_reader import TranscriptReader
from bot.transcript_tables import conversations, turns
from bot.transcript_writer import TranscriptWriter
from bot.transcripts import TranscriptRecorder
from install.database import migrate
from tests.bot.inbox import found, talk
from tests.bot.web import KEYS
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


def test_the_inbox_finds_and_forgets_as_on_sqlite(postgres: Database) -> None:
    """Words, facets, keyset paging, and nothing left of a conversation that is gone."""
    borrowers = ConversationBorrowers(postgres, KEYS)
    index, search = InboxIndex(postgres, borrowers), InboxSearch(postgres, borrowers)
    recorder = TranscriptRecorder(TranscriptWriter(postgres))
    for number in range(5):
        talk(recorder, f"pg{number}", [("我想提前还款", "没有违约金，'还款日'不变。")])
    talk(
        recorder,
        "pg-other",
        [("转人工", "好的。")],
        intent="request_human",
        channel="phone",
        dialogue_ms=3_000,
    )
    assert set(found(search, index, q="提前还 违约金")) == {f"pg{number}" for number in range(5)}
    assert found(search, index, intent="request_human", channel="phone", latency="2") == ["pg-other"]
    assert found(search, index, q="转人工", scope="bot") == []
    assert found(search, index, q="转人工", latency="2", confidence="90", since="2001-01-01") == []
    assert found(search, index, q="转人工", latency="2", since="2001-01-01") == ["pg-other"]
    assert found(search, index, q="转人工", until="2001-01-01") == []
    assert len(found(search, index, q="“没有违约金”")) == 5 and found(search, index, q="“违约金没有”") == []
    first = search.page(InboxFilter(q="还款日"), size=3)
    second = search.page(InboxFilter(q="还款日"), first.older, size=3)
    assert second.older is None
    seen = [hit.row.conversation_id for page in (first, second) for hit in page.hits]
    assert len(seen) == 5 and set(seen) == {f"pg{number}" for number in range(5)}
    assert first.hits[0].snippet is not None
    with postgres.writing() as connection:
        connection.execute(conversations.delete().where(conversations.c.id.like("pg%")))
    assert found(search, index, q="还款日") == []
    with postgres.reading() as connection:
        left = "SELECT count(*) FROM conversation_words JOIN conversation_index USING (number)"
        left += " WHERE conversation_id LIKE 'pg%'"
        assert connection.execute(text(left)).scalar_one() == 0
    recorder.close()


def test_a_review_is_kept_found_and_deleted_as_on_sqlite(postgres: Database) -> None:
    """Phrases, tags, flags, scores, lists; their foreign keys go with the conversation."""
    borrowers = ConversationBorrowers(postgres, KEYS)
    index, search = InboxIndex(postgres, borrowers), InboxSearch(postgres, borrowers)
    recorder, review = TranscriptRecorder(TranscriptWriter(postgres)), open_review(postgres)
    ensure_staff_account(postgres)
    talk(recorder, "pr1", [("我想提前还款", "提前还款没有违约金。")])
    talk(recorder, "pr2", [("违约金有没有", "还款提前要说。")])
    review.remarks.tag("pr1", "话术 问题", "admin")
    review.remarks.flag("pr1", Flag.RISK, True, "admin")
    review.remarks.comment("pr1", None, "要再看看", "admin")
    sheet = review.sheets.newest()
    review.scores.give("pr1", sheet, {one.code: "9" for one in sheet.criteria}, "", "admin")
    list_id = review.lists.make("随机 10%", "random", ["pr1", "pr2"], ["admin"], "admin")
    review.lists.assign("pr2", "admin", "admin")
    assert found(search, index, q="“提前还款没有”") == ["pr1"] == found(search, index, q="“没有违约金”")
    for asked in ({"tag": "话术 问题"}, {"flag": "risk"}, {"score": "high"}):
        assert found(search, index, **asked) == ["pr1"], asked
    assert set(found(search, index, assignee="admin", review="open", mood="calm")) == {"pr1", "pr2"}
    listed = review.lists.items(list_id)
    assert listed is not None and len(listed[1]) == 2 and len(review.lists.open_of("admin")) == 3
    assert [(one.total, one.done) for one in review.lists.all()] == [(1, 0), (2, 0)]
    with postgres.writing() as connection:
        connection.execute(conversations.delete().where(conversations.c.id.like("pr%")))
        for table in ("tags", "flags", "comments", "scores", "items"):
            assert connection.execute(text(f"SELECT count(*) FROM review_{table}")).scalar_one() == 0  # noqa: S608
    recorder.close()


def test_two_who_teach_at_once_wait_for_each_other(postgres: Database) -> None:
    """A turn has one correction, and a correction lies in one batch."""
    recorder = TranscriptRecorder(TranscriptWriter(postgres))
    talk(recorder, "pt1", [("那个免息的劵我放哪儿了", "请问您想借多少？")], intent="apply_loan")
    with postgres.reading() as connection:
        query = select(turns.c.id).where(turns.c.conversation_id == "pt1")
        turn = connection.execute(query).scalar_one()
    suggestions = Suggestions(postgres)
    batches = Batches(postgres, suggestions)
    wanted, together = Correction("那个免息的券我放哪儿了", "ask_coupon"), Barrier(6)

    def correct(number: int) -> str:
        together.wait()
        return str(suggestions.correct(turn, wanted, f"zhi{number}").id)

    def accept(_: int) -> int:
        together.wait()
        try:
            return batches.accept([row.id for row in waiting], "", "boss").taught
        except SuggestionRefused:
            return 0

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(correct, range(6)))) == 1
        suggestions.change(suggestions.waiting()[0].id, wanted, "teach")
        waiting = suggestions.waiting()
        assert sorted(pool.map(accept, range(6))) == [0, 0, 0, 0, 0, 1]
    assert len(batches.all()) == 1
    with postgres.writing() as connection:
        connection.execute(conversations.delete().where(conversations.c.id == "pt1"))
    recorder.close()


def test_the_audit_log_refuses_every_change(postgres: Database) -> None:
    """TRUNCATE included, which no row trigger would see."""
    log = AuditLog(postgres)
    log.note("li", "127.0.0.1", Action.CONVERSATION_SEEN, "t1", words="还款")
    for attack in (
        "UPDATE staff_audit SET account = 'x'",
        "DELETE FROM staff_audit",
        "TRUNCATE staff_audit",
    ):
        with pytest.raises(DBAPIError, match="append-only"), postgres.writing() as connection:
            connection.execute(text(attack))
    (row,) = log.page(AuditFilter(subject="t1"))
    assert (row.sequence, row.details) == (1, {"words": "还款"})


def test_one_time_codes_count_once(postgres: Database) -> None:
    """The spent step is compared and written in one statement."""
    ensure_staff_account(postgres)
    now = [1_800_000_000.0]
    factor = SecondFactor(postgres, KEYS, lambda: now[0])
    factor.offer("admin")
    telephone = pyotp.TOTP(factor.offered("admin") or "")
    assert factor.confirm("admin", telephone.at(int(now[0])))
    now[0] += STEP_S
    assert [factor.check("admin", telephone.at(int(now[0]))) for _ in range(2)] == [True, False]
    factor.remove("admin")


def test_days_are_counted_and_conversations_go_as_on_sqlite(postgres: Database, tmp_path: Path) -> None:
    """Grouped by an expression, removed in order of their keys, and the log of figures cut up to its mark alone."""
    recorder = TranscriptRecorder(TranscriptWriter(postgres))
    talk(recorder, "counted", [("我要还款", "好的。")], channel="phone", dialogue_ms=37)
    recorder.close()
    borrowers = ConversationBorrowers(postgres, KEYS)
    InboxIndex(postgres, borrowers).catch_up()
    dashboards = Dashboards(postgres, CountedDays(postgres, patience_s=-1))
    chart = dashboards.chart(Period.from_query({"channel": "phone"}), "latencies")
    assert chart is not None and chart.rows[2].values == (35, 35, 35, 35)
    clock = FixedClock.on(date(2026, 1, 1))
    log = DisclosureLog(postgres, KEYS, DisclosureAnchors(tmp_path), clock)
    for _ in range(3):
        log.append("counted", [Disclosure("annualised_rate", "0.1080", "rate_per_year", {})])
        clock.advance(days=1)
    cut = DisclosureCut(postgres, KEYS)
    assert cut.cut(FixedClock.on(date(2026, 1, 2)).now()) >= 1
    assert prove(postgres, KEYS, DisclosureAnchors(tmp_path)).fault is None
    with pytest.raises(DBAPIError), postgres.writing() as connection:
        connection.execute(disclosure_log.delete())
    with postgres.writing() as connection:
        assert erase(connection, ["counted"]).turns == 1
        RightsLog(postgres).append(connection, Kind.RETENTION, "", None, turns=1)
    with pytest.raises(DBAPIError), postgres.writing() as connection:
        connection.execute(data_rights_log.delete())
