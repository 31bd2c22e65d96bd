"""Database: SQLite settings, addresses, and writers that meet."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import JSON, Column, MetaData, Table, text
from sqlalchemy.exc import IntegrityError

from actions.lending.clock import FixedClock
from actions.lending.database import Database, DatabaseAddressInvalid, open_database
from actions.lending.identity import IdentityService
from actions.lending.keys import DataKeys
from actions.lending.service_desk import ServiceDesk


def test_sqlite_runs_in_wal_mode_with_foreign_keys_and_patience(database: Database) -> None:
    """On every connection, for readers and writers."""
    for opened in (database.reading, database.writing):
        with opened() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5_000


def test_a_row_that_refers_to_nobody_is_refused(database: Database) -> None:
    """Foreign keys are really checked."""
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(
            text("INSERT INTO identity_sessions (conversation_id, channel, opened_at, line_hash, borrower_id)"
                 " VALUES ('c', 'chat', '2026-11-23', 'h', 999)")
        )  # fmt: skip


def test_an_error_rolls_everything_back(database: Database) -> None:
    """Nothing half-written stays."""
    with pytest.raises(RuntimeError), database.writing() as connection:
        connection.execute(text("DELETE FROM rejection_reasons"))
        raise RuntimeError
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM rejection_reasons")).scalar_one() > 0


def test_chinese_in_a_json_column_can_be_searched(tmp_path: Path) -> None:
    """Stored as it is, not as escapes."""
    notes = Table("notes", MetaData(), Column("said", JSON))
    for address in (f"sqlite:///{tmp_path}/notes.db", "sqlite://"):
        database = open_database(address)
        with database.writing() as connection:
            notes.create(connection)
            connection.execute(notes.insert().values(said=["下一期是12月15日"]))
        with database.reading() as connection:
            assert connection.execute(text("SELECT said FROM notes WHERE said LIKE '%下一期%'")).all()
            assert connection.execute(notes.select()).scalar_one() == ["下一期是12月15日"]
        database.close()


def test_opening_connects_to_nothing(tmp_path: Path) -> None:
    """The file appears with the first transaction; its folder is made."""
    database = open_database(f"sqlite:///{tmp_path}/new/lending.db")
    assert not (tmp_path / "new" / "lending.db").exists()
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE t (x INTEGER)"))
    assert (tmp_path / "new" / "lending.db").exists()
    database.close()


@pytest.mark.parametrize(
    "url", ["mysql://bot:geheim@db/lending", "no url at all", "postgresql+nodriver://bot:geheim@db/x"]
)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    """The sentence says what is wanted."""
    with pytest.raises(DatabaseAddressInvalid, match="postgresql") as refusal:
        open_database(url)
    assert "geheim" not in str(refusal.value)


def in_threads(count: int, work: Callable[[int], None]) -> None:
    """Run ``work`` at the same time in several threads; raise the first error."""
    errors: list[BaseException] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            start.wait(10)
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    if errors:
        raise errors[0]


def test_writers_that_meet_wait_for_each_other(url: str, keys: DataKeys, clock: FixedClock) -> None:
    """Two engines as two processes have them, eight threads: all requests are kept, none fails as locked."""
    desks = [ServiceDesk(open_database(url), keys, clock) for _ in range(2)]

    def record(number: int) -> None:
        for _ in range(5):
            desks[number % 2].record_callback(f"c{number}", "t")

    in_threads(8, record)
    assert len(desks[0].requests()) == 40


def test_wrong_tries_at_the_same_moment_all_count(url: str, keys: DataKeys, clock: FixedClock) -> None:
    """Six guesses at once from six lines: three are looked at, then the number is locked."""
    services = [IdentityService(open_database(url), keys, clock) for _ in range(2)]
    outcomes: list[str] = []

    def guess(number: int) -> None:
        identity, conversation = services[number % 2], f"c{number}"
        identity.open_session(conversation, "phone", f"1390000000{number}")
        identity.claim_phone(conversation, "13800000001")
        identity.claim_id_last4(conversation, "0000")
        outcomes.append(identity.verify(conversation).outcome.value)

    in_threads(6, guess)
    assert sorted(outcomes) == ["locked"] * 4 + ["wrong"] * 2
