"""The log of disclosed figures: it keeps what was told, refuses changes, and every attack on it is found and named."""

import json
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from actions.lending.clock import FixedClock
from actions.lending.database import Database, open_database
from actions.lending.disclosure_anchors import DisclosureAnchors
from actions.lending.disclosure_chain import canonical
from actions.lending.disclosure_log import Disclosure, DisclosureLog, DisclosureNotKept
from actions.lending.disclosure_proof import Fault, Proof, prove
from actions.lending.keys import DataKeys

PRICE = Disclosure(
    "annualised_rate", "0.1080", "rate_per_year", {"policy": "2026.1", "amount_fen": 10_000_000}
)
DUE = Disclosure("next_repayment_amount", 325_000, "fen", {"loan": "80000123", "instalment": 8})
ROWS = 12
"""Rows that the fixture writes: six replies of two figures."""


@pytest.fixture
def anchors(tmp_path: Path) -> DisclosureAnchors:
    return DisclosureAnchors(tmp_path / "anchors")


@pytest.fixture
def log(database: Database, keys: DataKeys, anchors: DisclosureAnchors, clock: FixedClock) -> DisclosureLog:
    """Six replies were given."""
    log = DisclosureLog(database, keys, anchors, clock)
    for number in range(ROWS // 2):
        clock.advance(minutes=1)
        log.append(f"call-{number}", [PRICE, DUE])
    return log


@pytest.fixture
def insider(log: DisclosureLog, url: str) -> Callable[..., None]:
    """Somebody who may do anything in the database, triggers included, but does not hold the key."""

    def run(*statements: str) -> None:
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'disclosure_log'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    return run


@pytest.fixture
def proof(database: Database, keys: DataKeys, anchors: DisclosureAnchors) -> Callable[[], Proof]:
    return lambda: prove(database, keys, anchors)


def fault(proof: Callable[[], Proof]) -> Fault:
    found = proof().fault
    assert found is not None, "the attack was not noticed"
    return found


def told(database: Database) -> list[dict[str, Any]]:
    with database.reading() as connection:
        return [dict(row) for row in connection.execute(text("SELECT * FROM disclosure_log")).mappings()]


def test_a_row_tells_what_was_said_to_whom_and_from_what(database: Database, log: DisclosureLog) -> None:
    first = told(database)[0]
    assert (first["sequence"], first["conversation_id"], first["name"]) == (1, "call-0", "annualised_rate")
    assert (json.loads(first["value"]), first["unit"], first["policy_version"]) == (
        "0.1080",
        "rate_per_year",
        "2026.1",
    )
    assert json.loads(first["inputs"]) == {"amount_fen": 10_000_000, "policy": "2026.1"}


def test_an_untouched_log_is_proven_to_its_end(log: DisclosureLog, proof: Callable[[], Proof]) -> None:
    found = proof()
    assert (found.rows, found.anchors, found.anchored_rows, found.fault) == (ROWS, ROWS // 2, ROWS, None)


def test_an_empty_log_is_proven(database: Database, proof: Callable[[], Proof]) -> None:
    assert proof().fault is None
    assert proof().rows == 0


def test_no_number_of_a_person_gets_into_an_input_and_our_own_references_stay(
    database: Database, keys: DataKeys, anchors: DisclosureAnchors
) -> None:
    inputs = {"said": "打13800000001", "deep": {"list": ["11010119900307123X"]}, "loan": "8000001234567"}
    DisclosureLog(database, keys, anchors).append("13800000001", [Disclosure("x", 1, "fen", inputs)])
    row = told(database)[0]
    assert "13800000001" not in str(row)
    assert "110101199003" not in str(row)
    assert json.loads(row["inputs"])["loan"] == "8000001234567"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE disclosure_log SET value = '1' WHERE sequence = 3",
        "DELETE FROM disclosure_log WHERE sequence = 12",
        "DELETE FROM disclosure_log",
        "INSERT OR REPLACE INTO disclosure_log SELECT * FROM disclosure_log WHERE sequence = 3",
        "INSERT INTO disclosure_log SELECT 14, said_at, conversation_id, name, value, unit, inputs, policy_version, "
        "previous_hash, own_hash FROM disclosure_log WHERE sequence = 12",
    ],
)
def test_the_database_itself_refuses_changes_and_gaps(
    database: Database, log: DisclosureLog, statement: str
) -> None:
    before = told(database)
    with pytest.raises(DatabaseError, match="append-only"), database.writing() as connection:
        connection.execute(text(statement))
    assert told(database) == before


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sequence=st.integers(1, ROWS),
    column=st.sampled_from(
        ["said_at", "conversation_id", "name", "value", "unit", "inputs", "policy_version", "previous_hash"]
    ),
)
def test_a_changed_value_anywhere_is_found_at_its_row(
    keys: DataKeys, tmp_path_factory: pytest.TempPathFactory, template: Path, sequence: int, column: str
) -> None:
    folder = tmp_path_factory.mktemp("changed")
    path = folder / "copy.db"
    path.write_bytes(template.read_bytes())
    database = open_database(f"sqlite:///{path}")
    anchors = DisclosureAnchors(folder / "anchors")
    log = DisclosureLog(database, keys, anchors)
    for number in range(ROWS // 2):
        log.append(f"call-{number}", [PRICE, DUE])
    new = "2020-01-01 00:00:00.000000" if column == "said_at" else "0"
    with database.writing() as connection:
        connection.execute(text("DROP TRIGGER disclosure_log_no_update"))
        change = text(f"UPDATE disclosure_log SET {column} = :new WHERE sequence = :at")
        connection.execute(change, {"new": new, "at": sequence})
    found = prove(database, keys, anchors).fault
    database.close()
    assert found is not None
    assert (found.code, found.sequence) == ("row_changed", sequence)


@pytest.mark.parametrize("sequence", [1, 5, 11])
def test_a_deleted_row_is_named(
    insider: Callable[..., None], proof: Callable[[], Proof], sequence: int
) -> None:
    insider(f"DELETE FROM disclosure_log WHERE sequence = {sequence}")
    assert (fault(proof).code, fault(proof).sequence) == ("row_missing", sequence)


def test_a_deleted_row_whose_gap_was_closed_is_found(
    insider: Callable[..., None], proof: Callable[[], Proof]
) -> None:
    insider(
        "DELETE FROM disclosure_log WHERE sequence = 5",
        *(f"UPDATE disclosure_log SET sequence = {n - 1} WHERE sequence = {n}" for n in range(6, ROWS + 1)),
    )
    assert (fault(proof).code, fault(proof).sequence) == ("row_moved", 5)


@pytest.mark.parametrize(("one", "other"), [(4, 5), (2, 9), (3, 12)])
def test_two_swapped_rows_are_named_with_the_place_where_the_first_belongs(
    insider: Callable[..., None], proof: Callable[[], Proof], one: int, other: int
) -> None:
    move = "UPDATE disclosure_log SET sequence = {} WHERE sequence = {}"
    insider(move.format(99, one), move.format(one, other), move.format(other, 99))
    found = fault(proof)
    assert (found.code, found.sequence) == ("row_moved", one)
    assert f"第{other}条" in found.message


def test_a_row_that_was_put_in_is_named(insider: Callable[..., None], proof: Callable[[], Proof]) -> None:
    copied = (
        "INSERT INTO disclosure_log SELECT {}, said_at, conversation_id, name, '1', unit, inputs, "
        "policy_version, own_hash, '" + "0" * 64 + "' FROM disclosure_log WHERE sequence = {}"
    )
    shift = (f"UPDATE disclosure_log SET sequence = {n + 1} WHERE sequence = {n}" for n in range(ROWS, 6, -1))
    insider(*shift, copied.format(7, 6))
    assert (fault(proof).code, fault(proof).sequence) == ("row_changed", 7)


@pytest.mark.parametrize(("at", "code"), [(0, "row_inserted"), (13, "row_changed")])
def test_a_row_put_before_the_first_or_behind_the_last_is_named(
    insider: Callable[..., None], proof: Callable[[], Proof], at: int, code: str
) -> None:
    insider(
        f"INSERT INTO disclosure_log SELECT {at}, said_at, conversation_id, name, value, unit, inputs, "
        "policy_version, own_hash, own_hash FROM disclosure_log WHERE sequence = 12"
    )
    assert (fault(proof).code, fault(proof).sequence) == (code, at)


@pytest.mark.parametrize("kept", [11, 6, 0])
def test_a_tail_that_was_cut_off_is_found_by_the_sealed_end_in_the_database(
    insider: Callable[..., None], database: Database, keys: DataKeys, tmp_path: Path, kept: int
) -> None:
    insider(f"DELETE FROM disclosure_log WHERE sequence > {kept}")
    found = prove(database, keys, DisclosureAnchors(tmp_path / "no-anchors")).fault
    assert found is not None
    assert (found.code, found.sequence) == ("tail_missing", kept + 1)


def test_the_sealed_end_cannot_be_written_for_a_shorter_chain_without_the_key(
    insider: Callable[..., None], proof: Callable[[], Proof]
) -> None:
    insider(
        "DELETE FROM disclosure_log WHERE sequence > 6",
        "UPDATE lending_marks SET value = '6' || substr(value, instr(value, ':')) WHERE name = 'disclosure_head'",
    )
    assert fault(proof).code == "head_changed"


def test_without_the_sealed_end_rows_do_not_count_as_proven(
    insider: Callable[..., None], proof: Callable[[], Proof]
) -> None:
    insider("DELETE FROM lending_marks WHERE name = 'disclosure_head'")
    assert fault(proof).code == "head_changed"


def test_the_whole_database_put_back_to_an_older_day_is_found_by_the_anchors(
    log: DisclosureLog,
    database: Database,
    url: str,
    keys: DataKeys,
    anchors: DisclosureAnchors,
    tmp_path: Path,
) -> None:
    backup = sqlite3.connect(tmp_path / "backup.db")
    source = sqlite3.connect(url.removeprefix("sqlite:///"))
    source.backup(backup)
    log.append("later", [PRICE])
    backup.backup(source)
    source.close()
    backup.close()
    found = prove(database, keys, anchors).fault
    assert found is not None
    assert (found.code, found.sequence) == ("tail_missing", ROWS + 1)
    DisclosureLog(database, keys, DisclosureAnchors(tmp_path / "elsewhere")).append("other", [DUE])
    found = prove(database, keys, anchors).fault
    assert found is not None, "a tail that was written anew is not the one that was anchored"
    assert (found.code, found.sequence) == ("row_replaced", ROWS + 1)


def test_a_changed_anchor_is_named_by_file_and_line(
    log: DisclosureLog, proof: Callable[[], Proof], tmp_path: Path
) -> None:
    (file,) = (tmp_path / "anchors").glob("*/*.jsonl")
    lines = file.read_text().splitlines()
    lines[2] = canonical(json.loads(lines[2]) | {"sequence": 5})
    file.write_text("\n".join(lines) + "\n")
    assert fault(proof).code == "anchor_changed"
    assert f"{file.name}:3" in fault(proof).message


def test_rows_of_another_database_with_the_same_key_do_not_fit(
    log: DisclosureLog, insider: Callable[..., None], proof: Callable[[], Proof]
) -> None:
    insider(f"UPDATE lending_marks SET value = '{'0' * 32}' WHERE name = 'disclosure_log_id'")
    assert (fault(proof).code, fault(proof).sequence) == ("row_changed", 1)


def test_another_key_proves_nothing(
    log: DisclosureLog, database: Database, anchors: DisclosureAnchors
) -> None:
    found = prove(database, DataKeys(bytes(32)), anchors).fault
    assert found is not None
    assert found.sequence == 1


def test_many_writers_at_once_make_one_chain(
    url: str, keys: DataKeys, anchors: DisclosureAnchors, clock: FixedClock
) -> None:
    """Each with a database object of its own, as separate processes have."""
    writers = 6

    def write(number: int) -> None:
        own = open_database(url)
        log = DisclosureLog(own, keys, anchors, clock)
        for _ in range(8):
            log.append(f"call-{number}", [PRICE, DUE])
        own.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database = open_database(url)
    found = prove(database, keys, anchors)
    database.close()
    assert (found.rows, found.anchors, found.fault) == (writers * 8 * 2, writers * 8, None)


def test_figures_of_one_reply_are_kept_together_or_not_at_all(
    database: Database, keys: DataKeys, anchors: DisclosureAnchors
) -> None:
    impossible = Disclosure("rate", "0.1", "rate", {"value": float("nan")})
    with pytest.raises(DisclosureNotKept):
        DisclosureLog(database, keys, anchors).append("c", [PRICE, impossible])
    assert told(database) == []


def test_where_anchors_cannot_be_written_the_figures_do_not_count_as_kept(
    database: Database, keys: DataKeys, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    log = DisclosureLog(database, keys, DisclosureAnchors(tmp_path / "file"))
    with pytest.raises(DisclosureNotKept) as refusal:
        log.append("c", [PRICE])
    assert refusal.value.code == "disclosure_not_kept"


def test_a_durable_transaction_waits_for_the_disk_and_the_next_one_does_not(database: Database) -> None:
    def synchronous(durable: bool) -> int:
        with database.writing(durable=durable) as connection:
            return int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())

    assert [synchronous(True), synchronous(False), synchronous(True)] == [2, 1, 2]
