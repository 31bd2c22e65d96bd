"""Data rights: what is due goes by itself, one person's data are copied and removed, and nothing of the words stays."""

import io
import json
import re
import sqlite3
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DatabaseError

from actions.lending.clock import FixedClock
from actions.lending.conversation_borrowers import ConversationBorrowers
from actions.lending.disclosure_anchors import DisclosureAnchors
from actions.lending.disclosure_cut import DisclosureCut
from actions.lending.disclosure_log import Disclosure, DisclosureLog
from actions.lending.disclosure_proof import prove
from actions.lending.identity import IdentityService
from actions.lending.models import disclosure_log, identity_sessions, service_requests
from actions.lending.service_desk import ServiceDesk
from bot.console.dashboards.counted_days import CountedDays
from bot.console.data_rights.erased_list import ErasedList
from bot.console.data_rights.file_traces import TRACKERS, FileTraces
from bot.console.data_rights.retention import Retention
from bot.console.data_rights.retention_policy import RetentionPolicy
from bot.console.data_rights.rights_log import Kind, RightsLog
from bot.console.data_rights.tables import data_rights_log
from bot.console.inbox_filter import InboxFilter
from bot.console.inbox_index import InboxIndex
from bot.console.permissions import Role
from bot.console.saved_views import SavedViews
from bot.transcript_tables import calls, conversations
from bot.transcripts import keep_recovered
from tests.bot.inbox import talk
from tests.bot.staff import StaffBrowser, signed_in
from tests.bot.web import KEYS, Web
from voice.dialogue import DialogueTurn, Message
from voice.events import CallEnded, CallStarted

SECRET = "我在青山路开理发店"
"""Words that only this person said."""
PHONE = "13912345678"
DAY_S = 24 * 3600
CHECKED = {"how": "in_person", "reason": "看了身份证原件"}


def call_of(web: Web, call_id: str, words: str = SECRET) -> None:
    """A recorded call in which this was said."""
    web.recorder.on_event(CallStarted(call_id, 0, time.time(), transport="phone", sample_rate=8_000))
    state = web.recorder._state(call_id, "phone")
    turn = DialogueTurn(messages=(Message("好的。"),), intent="apply_loan", understood_text=words)
    web.recorder.add_turn(state, "voice", words, turn, {"heard": words}, call_id=call_id)
    writer = web.recordings.create(call_id, 8_000)
    writer.write(b"\x01\x00\x02\x00" * 8_000)
    writer.close()
    web.recorder.on_event(CallEnded(call_id, 1_000, time.time(), ended_by="caller"))
    web.recorder.recording_kept(call_id, writer.name, writer.encrypted)
    web.recorder.flush()
    InboxIndex(web.database, ConversationBorrowers(web.database, KEYS)).catch_up()


WISHED = "开完店里的早市以后"


def asks_for_deletion(web: Web, conversation_id: str, phone: str = PHONE) -> str:
    """The caller of this number wants his data gone; the request's number."""
    identity = IdentityService(web.database, KEYS)
    identity.open_session(conversation_id, "phone", phone)
    return ServiceDesk(web.database, KEYS).record_callback(
        conversation_id, "data_deletion", f"要求删除个人信息，原话：{SECRET}", WISHED
    )


def retention(web: Web, folder: Path, days_later: float, policy: RetentionPolicy) -> Retention:
    """The hourly job at some later time."""
    files = FileTraces(web.database, web.recordings, folder)
    now = time.time() + days_later * DAY_S
    log = RightsLog(web.database)
    cut, erased = DisclosureCut(web.database, KEYS), ErasedList(folder)
    return Retention(web.database, policy, files, cut, log, erased, lambda: now)


def recordings_in(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "recordings").glob("*.wav*"))


def bytes_on_disk(folder: Path) -> bytes:
    """The database's files as they lie there."""
    return b"".join(path.read_bytes() for path in folder.glob("web.db*"))


def case_of(staff: StaffBrowser, **asked: str) -> str:
    """Look somebody up; the address of the case."""
    found = staff.post("/staff/data-rights/find", **asked)
    assert found.status_code == 303, found.text
    return found.headers["location"]


def test_recordings_go_before_their_words_and_words_in_their_time(web: Web, tmp_path: Path) -> None:
    call_of(web, "c1")
    policy = RetentionPolicy(recordings_days=10, transcripts_days=20, disclosures_days=0)
    assert retention(web, tmp_path, 9, policy).remove_due() == 0
    assert retention(web, tmp_path, 11, policy).remove_due() == 1
    assert recordings_in(tmp_path) == []
    with web.database.reading() as connection:
        assert connection.execute(select(calls.c.recording)).scalar_one() is None
        assert connection.execute(select(func.count()).select_from(conversations)).scalar_one() == 1
    assert retention(web, tmp_path, 21, policy).remove_due() == 1
    with web.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(conversations)).scalar_one() == 0
    record = RightsLog(web.database).newest()
    assert [(row.kind, row.account) for row in record] == [("retention", "")] * 2
    assert record[0].details["turns"] == 1 and record[1].details == {"recordings": 1}


def test_the_recording_of_a_call_that_ended_with_its_process_goes_in_its_time(
    web: Web, tmp_path: Path
) -> None:
    call_of(web, "c1")
    with web.database.writing() as connection:
        connection.execute(calls.update().values(ended_at_ms=None, ended_by=None))
    keep_recovered(web.database, recordings_in(tmp_path)[0])
    assert retention(web, tmp_path, 11, RetentionPolicy(10, 0, 0)).remove_due() == 1
    assert recordings_in(tmp_path) == []


def test_nought_days_keep_for_ever_and_what_goes_on_is_left(web: Web, tmp_path: Path) -> None:
    call_of(web, "c1")
    talk(web.recorder, "t1", [(SECRET, "好的。")], ended_by=None)
    assert retention(web, tmp_path, 9_999, RetentionPolicy(0, 0, 0)).remove_due() == 0
    retention(web, tmp_path, 9_999, RetentionPolicy(1, 1, 1)).remove_due()
    with web.database.reading() as connection:
        assert connection.execute(select(conversations.c.id)).scalars().all() == ["t1"]


def test_no_word_stays_in_the_files_of_the_database(web: Web, tmp_path: Path) -> None:
    """Neither in its pages nor in the full-text index nor in the write-ahead log; the dashboards' counts stay."""
    call_of(web, "c1")
    days = CountedDays(web.database, patience_s=-1)
    before = days.between(0, 10**6)
    assert SECRET.encode() in bytes_on_disk(tmp_path) and "理发店".encode() in bytes_on_disk(tmp_path)
    retention(web, tmp_path, 2, RetentionPolicy(1, 1, 0)).remove_due()
    assert SECRET.encode() not in bytes_on_disk(tmp_path)
    assert "理发店".encode() not in bytes_on_disk(tmp_path)
    assert days.between(0, 10**6) == before != {}


def test_no_word_stays_either_when_exactly_a_full_batch_was_due(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_of(web, "c1")
    monkeypatch.setattr("bot.console.data_rights.retention.BATCH", 1)
    job = retention(web, tmp_path, 2, RetentionPolicy(0, 1, 0))
    assert job.remove_due() == 1
    assert job.remove_due() == 0
    assert "理发店".encode() not in bytes_on_disk(tmp_path)


def test_what_a_stopped_process_left_undone_is_done_after_the_next_start(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had removed the rows and not yet merged the index and emptied the log."""
    call_of(web, "c1")
    with monkeypatch.context() as stopped:
        stopped.setattr("bot.console.data_rights.retention.BATCH", 1)
        assert retention(web, tmp_path, 2, RetentionPolicy(0, 1, 0)).remove_due() == 1
    assert "理发店".encode() in bytes_on_disk(tmp_path)
    for _ in range(2):
        assert retention(web, tmp_path, 2, RetentionPolicy(0, 1, 0)).remove_due() == 0
        assert "理发店".encode() not in bytes_on_disk(tmp_path)


def test_a_log_that_a_reader_holds_is_emptied_at_the_next_look(web: Web, tmp_path: Path) -> None:
    call_of(web, "c1")
    job = retention(web, tmp_path, 2, RetentionPolicy(0, 1, 0))
    with sqlite3.connect(tmp_path / "web.db") as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM conversations").fetchone()
        job.remove_due()
        assert "理发店".encode() in bytes_on_disk(tmp_path)
        reader.execute("COMMIT")
    job.remove_due()
    assert "理发店".encode() not in bytes_on_disk(tmp_path)


def test_the_dialogues_own_state_goes_too(web: Web, tmp_path: Path) -> None:
    call_of(web, "c1")
    (tmp_path / TRACKERS).parent.mkdir()
    with sqlite3.connect(tmp_path / TRACKERS) as trackers:
        trackers.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, data TEXT)")
        trackers.executemany(
            "INSERT INTO events (sender_id, data) VALUES (?, ?)", [("c1", SECRET), ("c2", "还款")]
        )
    retention(web, tmp_path, 2, RetentionPolicy(1, 1, 0)).remove_due()
    with sqlite3.connect(tmp_path / TRACKERS) as trackers:
        assert trackers.execute("SELECT data FROM events").fetchall() == [("还款",)]


def test_the_log_of_told_figures_is_cut_and_what_remains_is_proven(web: Web, tmp_path: Path) -> None:
    """Also against its anchors; and it goes on afterwards."""
    anchors, clock = DisclosureAnchors(tmp_path / "anchors"), FixedClock.on(date(2026, 1, 1))
    log = DisclosureLog(web.database, KEYS, anchors, clock)
    price = Disclosure("annualised_rate", "0.1080", "rate_per_year", {"policy": "2026.1"})
    for _ in range(6):
        log.append("c1", [price])
        clock.advance(days=1)
    cut = DisclosureCut(web.database, KEYS)
    assert cut.cut(FixedClock.on(date(2026, 1, 4), 12).now()) == 4
    proof = prove(web.database, KEYS, anchors)
    assert (proof.fault, proof.removed, proof.rows) == (None, 4, 2)
    log.append("c2", [price])
    assert prove(web.database, KEYS, anchors).rows == 3
    assert cut.cut(FixedClock.on(date(2030, 1, 1)).now()) == 2, "the last row carries the chain"
    log.append("c3", [price])
    proof = prove(web.database, KEYS, anchors)
    assert (proof.fault, proof.rows, proof.removed) == (None, 2, 6)


def test_rows_beyond_the_cut_are_refused_and_a_moved_cut_is_found(web: Web, tmp_path: Path) -> None:
    anchors, clock = DisclosureAnchors(tmp_path / "anchors"), FixedClock.on(date(2026, 1, 1))
    log = DisclosureLog(web.database, KEYS, anchors, clock)
    for _ in range(4):
        log.append("c1", [Disclosure("annualised_rate", "0.1080", "rate_per_year", {})])
        clock.advance(days=1)
    DisclosureCut(web.database, KEYS).cut(FixedClock.on(date(2026, 1, 2), 12).now())
    with pytest.raises(DatabaseError), web.database.writing() as connection:
        connection.execute(disclosure_log.delete().where(disclosure_log.c.sequence == 3))
    with web.database.writing() as connection:
        third = connection.execute(
            select(disclosure_log.c.own_hash).where(disclosure_log.c.sequence == 3)
        ).scalar_one()
        moved = text("UPDATE lending_marks SET value = :value WHERE name = 'disclosure_cut'")
        connection.execute(moved, {"value": f"3:{third}"})
        connection.execute(disclosure_log.delete().where(disclosure_log.c.sequence == 3))
    fault = prove(web.database, KEYS, anchors).fault
    assert fault is not None and fault.code == "cut_changed"


def test_a_request_for_deletion_is_carried_out_from_its_page(web: Web, tmp_path: Path) -> None:
    """The words, the sound, the number and the request's own words go; the record says how much, and who asked whom."""
    call_of(web, "c1")
    call_of(web, "other", "我要还款")
    reference = asks_for_deletion(web, "c1")
    boss = signed_in(web, "boss", Role.SUPERVISOR)
    assert reference in boss.get("/staff/data-rights").text
    case = case_of(boss, reference=reference)
    page = boss.get(case).text
    assert "139****5678" in page and PHONE not in page
    assert boss.post(f"{case}/delete", **CHECKED).status_code == 303
    overview = boss.get("/staff/data-rights").text
    assert "没有待办理的删除要求" in overview and "看了身份证原件" in overview
    assert recordings_in(tmp_path) == ["other.wavx"]
    with web.database.reading() as connection:
        assert connection.execute(select(conversations.c.id)).scalars().all() == ["other"]
        request = connection.execute(select(service_requests)).one()
    assert request.contact_phone_sealed is None and SECRET not in request.summary
    assert SECRET.encode() not in bytes_on_disk(tmp_path) and WISHED.encode() not in bytes_on_disk(tmp_path)
    assert boss.get(case).status_code == 404, "it is done"
    assert signed_in(web, "li", Role.AGENT).get("/staff/conversations/c1").status_code == 404


def test_a_request_without_a_stored_conversation_loses_its_words_and_number_too(web: Web) -> None:
    """Its transcript may have gone before it, or was never written."""
    asks_for_deletion(web, "never-stored")
    boss = signed_in(web, "boss", Role.SUPERVISOR)
    assert boss.post(f"{case_of(boss, phone=PHONE)}/delete", **CHECKED).status_code == 303
    with web.database.reading() as connection:
        request = connection.execute(select(service_requests)).one()
        sessions = connection.execute(select(identity_sessions)).all()
    assert request.contact_phone_sealed is None and SECRET not in request.summary
    assert sessions == []


def test_somebody_is_found_by_his_number_and_his_copy_holds_everything(web: Web) -> None:
    call_of(web, "c1")
    asks_for_deletion(web, "c1")
    boss = signed_in(web, "boss", Role.ADMIN)
    answer = boss.post(f"{case_of(boss, phone=PHONE)}/export", **CHECKED)
    assert answer.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    names = archive.namelist()
    assert all(re.fullmatch(r"[a-z]+(/\d{4})?\.(json|wav)", name) for name in names), names
    conversation = json.loads(archive.read("conversations/0001.json"))
    assert conversation["turns"][0]["customer_text"] == SECRET
    assert archive.read("recordings/0001.wav")[:4] == b"RIFF"
    asked = archive.read("requests.json").decode()
    assert "data_deletion" in asked and WISHED in asked
    assert [row.kind for row in RightsLog(web.database).newest()] == [Kind.EXPORT.value]


@pytest.mark.parametrize(
    "missing", [{"how": ""}, {"how": "in_person", "reason": " "}, {"how": "trust", "reason": "他自称本人"}]
)
def test_nothing_happens_before_somebody_says_how_he_knows_who_asks(
    web: Web, missing: dict[str, str]
) -> None:
    call_of(web, "c1")
    asks_for_deletion(web, "c1")
    boss = signed_in(web, "boss", Role.SUPERVISOR)
    case = case_of(boss, phone=PHONE)
    for action in ("export", "delete"):
        assert boss.post(f"{case}/{action}", **missing).status_code == 422
    assert RightsLog(web.database).newest() == []
    with web.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(conversations)).scalar_one() == 1


def test_a_case_is_its_openers_alone(web: Web) -> None:
    """Another supervisor's browser does not open it, by whatever address."""
    call_of(web, "c1")
    asks_for_deletion(web, "c1")
    boss, other = signed_in(web, "boss", Role.SUPERVISOR), signed_in(web, "other", Role.SUPERVISOR)
    case = case_of(boss, phone=PHONE)
    assert other.get(case).status_code == 404
    for action in ("export", "delete"):
        assert other.post(f"{case}/{action}", **CHECKED).status_code == 404
    assert boss.get(case).status_code == 200


@pytest.mark.parametrize("asked", [{"phone": "1"}, {"phone": "' OR 1=1"}, {"reference": "000000"}, {}])
def test_nobody_is_found_by_what_is_no_number(web: Web, asked: dict[str, str]) -> None:
    assert signed_in(web, "boss", Role.ADMIN).post("/staff/data-rights/find", **asked).status_code == 404


def test_looking_somebody_up_leaves_a_trace_without_his_number(web: Web) -> None:
    boss = signed_in(web, "boss", Role.ADMIN)
    boss.post("/staff/data-rights/find", phone=PHONE)
    log = boss.get("/staff/audit?action=person_sought").text
    assert "5678" in log and PHONE not in log


def test_searches_kept_for_his_number_go_with_him(web: Web) -> None:
    call_of(web, "c1")
    asks_for_deletion(web, "c1")
    boss = signed_in(web, "boss", Role.ADMIN)
    views = SavedViews(web.database)
    for name, borrower in (("他", "5678"), ("别人", "0001")):
        views.keep("boss", name, InboxFilter(borrower=borrower))
    boss.post(f"{case_of(boss, phone=PHONE)}/delete", **CHECKED)
    assert [view.name for view in views.of("boss")] == ["别人"]


def test_what_comes_back_with_a_backup_goes_again(web: Web, tmp_path: Path) -> None:
    """At the next start, by a list that lies outside the database."""
    call_of(web, "c1")
    asks_for_deletion(web, "c1")
    boss = signed_in(web, "boss", Role.ADMIN)
    boss.post(f"{case_of(boss, phone=PHONE)}/delete", **CHECKED)
    call_of(web, "c1")
    forever = RetentionPolicy(0, 0, 0)
    assert retention(web, tmp_path, 0, forever).remove_due() == 1
    assert SECRET.encode() not in bytes_on_disk(tmp_path) and recordings_in(tmp_path) == []


def test_a_database_that_is_away_at_the_start_is_looked_at_again(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_of(web, "c1")
    ErasedList(tmp_path).add(["c1"])
    job = retention(web, tmp_path, 0, RetentionPolicy(0, 0, 0))
    with monkeypatch.context() as away:
        away.setattr(web.recordings, "remove", _raise_os_error)
        assert job.refresh_quietly() == 0
    assert job.refresh_quietly() == 1
    assert recordings_in(tmp_path) == []


def _raise_os_error(_: str) -> bool:
    raise OSError


def test_the_record_refuses_changes(web: Web, tmp_path: Path) -> None:
    call_of(web, "c1")
    retention(web, tmp_path, 2, RetentionPolicy(1, 1, 0)).remove_due()
    for statement in (data_rights_log.delete(), data_rights_log.update().values(account="x")):
        with pytest.raises(DatabaseError), web.database.writing() as connection:
            connection.execute(statement)


def test_numbers_in_a_note_are_masked(web: Web) -> None:
    call_of(web, "c1")
    asks_for_deletion(web, "c1")
    boss = signed_in(web, "boss", Role.ADMIN)
    case = case_of(boss, phone=PHONE)
    boss.post(f"{case}/export", how="written", reason=f"申请书上的号码{PHONE}")
    assert PHONE not in json.dumps(RightsLog(web.database).newest()[0].details, ensure_ascii=False)


def test_every_table_that_points_to_a_conversation_lets_go_of_it(web: Web) -> None:
    """By its key, or by name in ``erasing.py``; what stays for a reason of its own is named here."""
    removed_by_name = {"conversations_to_index", "identity_sessions", "service_requests", "turns"}
    kept = {"disclosure_log", "decision_records"}
    tables = inspect(web.database.engine)
    left: set[str] = set()
    for table in tables.get_table_names():
        columns = {column["name"] for column in tables.get_columns(table)}
        falling = {
            name
            for key in tables.get_foreign_keys(table)
            if key["options"].get("ondelete") == "CASCADE"
            for name in key["constrained_columns"]
        }
        if (columns & {"conversation_id", "turn_id", "call_id"}) - falling:
            left.add(table)
    assert left == removed_by_name | kept
