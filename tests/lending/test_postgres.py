"""PostgreSQL: the same migrations, seed, gate and locks on a real server of the test's own."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, DBAPIError

from actions.lending.clock import FixedClock
from actions.lending.database import Database, open_database
from actions.lending.decision_archive import DecisionArchive
from actions.lending.decision_inputs import BusinessFacts
from actions.lending.decision_records import DecisionRecords
from actions.lending.demo.seed import write_demo_data
from actions.lending.disclosure_anchors import DisclosureAnchors
from actions.lending.disclosure_log import Disclosure, DisclosureLog
from actions.lending.disclosure_proof import prove
from actions.lending.first_time import first_time_months
from actions.lending.identity import IdentityService
from actions.lending.keys import DataKeys
from actions.lending.policy import PolicyBook
from actions.lending.repositories import LendingRepository
from actions.lending.service_desk import ServiceDesk
from actions.lending.service_requests import Lead
from actions.lending.views import VerificationOutcome
from install.database import migrate

TODAY = date(2026, 11, 23)
ZHANG, WANG = ("13800000001", "1234"), ("13800000003", "8901")


def postgres_program(name: str) -> str | None:
    """Find a server program in PATH or where Debian keeps it."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(places[-1]) if places else None)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A throw-away cluster on a Unix socket; its address."""
    initdb, pg_ctl = postgres_program("initdb"), postgres_program("pg_ctl")
    # A PostgreSQL server refuses to run as root.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if not initdb or not pg_ctl or (as_user and not shutil.which("runuser")):
        pytest.skip("no PostgreSQL server programs here (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="shoudai-pg-"))
    try:
        if as_user:
            if subprocess.run(["id", "postgres"], capture_output=True, check=False).returncode:
                pytest.skip("running as root without a user postgres")
            shutil.chown(folder, "postgres")
        data = str(folder / "data")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        start = [pg_ctl, "-D", data, "-w", "-t", "60", "-l", str(folder / "log"), "-o", options, "start"]
        created = [initdb, "-D", data, "-U", "shoudai", "-A", "trust", "-E", "UTF8", "--no-locale"]
        for command in (created, start):
            done = subprocess.run([*as_user, *command], capture_output=True, text=True, cwd="/", check=False)
            assert done.returncode == 0, done.stderr
        try:
            yield f"postgresql+psycopg2://shoudai@/postgres?host={folder}"
        finally:
            stop = [pg_ctl, "-D", data, "-m", "immediate", "-w", "stop"]
            subprocess.run([*as_user, *stop], capture_output=True, cwd="/", check=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def postgres(server: str, keys: DataKeys, policies: PolicyBook) -> Iterator[Database]:
    """Migrated and seeded; seeding twice leaves the same."""
    database = open_database(server)
    migrate(database)
    for _ in range(2):
        write_demo_data(database, keys, policies, FixedClock.on(TODAY))
    yield database
    database.close()


def test_migrated_and_seeded_a_loan_reads_the_same_as_on_sqlite(
    postgres: Database,
    database: Database,
    keys: DataKeys,
    policies: PolicyBook,
    clock: FixedClock,
) -> None:
    """Every view of two demo borrowers, field by field."""

    def seen(source: Database, phone: str, last4: str) -> list[object]:
        identity = IdentityService(source, keys, clock)
        identity.open_session("c", "chat")
        identity.claim_phone("c", phone)
        identity.claim_id_last4("c", last4)
        assert identity.verify("c").outcome is VerificationOutcome.VERIFIED
        borrower = identity.verified_borrower("c")
        assert borrower is not None
        records = LendingRepository(source, keys, policies, clock)
        views = [records.profile(borrower), records.applications(borrower), records.credit_limit(borrower)]
        return [*views, records.loans(borrower), records.business_facts(borrower)]

    for phone, last4 in (ZHANG, WANG):
        assert seen(postgres, phone, last4) == seen(database, phone, last4)


def test_three_wrong_tries_lock_there_too(postgres: Database, keys: DataKeys, clock: FixedClock) -> None:
    """With advisory locks and times with zones; on a number that no other test here uses."""
    identity = IdentityService(postgres, keys, clock)
    identity.open_session("c", "phone", "13900000009")
    identity.claim_phone("c", "13800000002")
    outcomes = []
    for _ in range(3):
        identity.claim_id_last4("c", "0000")
        outcomes.append(identity.verify("c"))
    assert [o.outcome.value for o in outcomes] == ["wrong", "wrong", "locked"]
    locked_until = identity.state("c").locked_until
    assert locked_until is not None
    assert (locked_until - clock.now()).total_seconds() == 15 * 60


def test_a_request_gets_an_id_after_the_seeded_ones(
    postgres: Database, keys: DataKeys, clock: FixedClock
) -> None:
    """Leads are kept, and the sequences know which ids the seed took."""
    desk = ServiceDesk(postgres, keys, clock)
    reference = desk.record_lead("c", Lead(amount_fen=5_000_000))
    assert desk.find(reference).created_at == clock.now()
    with postgres.reading() as connection:
        following = connection.execute(text("SELECT nextval(pg_get_serial_sequence('borrowers', 'id'))"))
        assert following.scalar_one() == 201


def test_writers_at_once_make_one_chain_there_and_the_server_refuses_changes(
    server: str, postgres: Database, keys: DataKeys, tmp_path: Path
) -> None:
    """The advisory lock keeps the order; triggers guard rows against update, delete and truncate."""
    anchors = DisclosureAnchors(tmp_path)
    figure = Disclosure("annualised_rate", "0.1080", "rate_per_year", {"policy": "2026.1"})

    def write(number: int) -> None:
        own = open_database(server)
        log = DisclosureLog(own, keys, anchors)
        for _ in range(10):
            log.append(f"call-{number}", [figure, figure])
        own.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = prove(postgres, keys, anchors)
    assert (found.rows, found.anchors, found.fault) == (80, 40, None)
    for statement in (
        "UPDATE disclosure_log SET value = '1' WHERE sequence = 3",
        "DELETE FROM disclosure_log WHERE sequence = 80",
        "TRUNCATE disclosure_log",
    ):
        with pytest.raises(DatabaseError, match="append-only"), postgres.writing() as connection:
            connection.execute(text(statement))
    with postgres.writing() as connection:
        connection.execute(text("ALTER TABLE disclosure_log DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE disclosure_log SET said_at = now() WHERE sequence = 41"))
    found = prove(postgres, keys, anchors)
    assert found.fault is not None
    assert (found.fault.code, found.fault.sequence) == ("row_changed", 41)


def test_a_told_decision_replays_there_and_the_server_refuses_to_change_it(
    postgres: Database, policies: PolicyBook, clock: FixedClock
) -> None:
    """Stored as on SQLite; update, delete and truncate are refused."""
    told = DecisionRecords(postgres, policies, clock)
    reference = told.tell("c", BusinessFacts(business_months=2, owner_has_overdue_debt=True), key=3).reference
    assert DecisionArchive(postgres).replay(reference).same
    for change in ("UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {}"):
        for table, column in (("decision_records", "engine_version"), ("policy_archive", "content")):
            statement = change.format(table, f"{column} = '2'")
            with pytest.raises(DBAPIError, match="append-only"), postgres.writing() as connection:
                connection.execute(text(statement))


def test_first_time_borrowers_are_counted_the_same_there(postgres: Database, database: Database) -> None:
    """Month by month, share and growth."""
    with postgres.reading() as there, database.reading() as here:
        assert first_time_months(there) == first_time_months(here) != ()
