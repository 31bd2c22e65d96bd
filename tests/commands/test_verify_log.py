"""`make verify-log`: one JSON line and an exit status that a nightly job can rely on."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from actions.lending.database import open_database
from actions.lending.disclosure_anchors import DisclosureAnchors
from actions.lending.disclosure_log import Disclosure, DisclosureLog, anchors_folder
from actions.lending.keys import load_keys
from commands.verify_log import main


@pytest.fixture
def told(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a database in which three figures were told."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SHOUDAI_ANCHORS_DIR", str(tmp_path / "anchors"))
    database = open_database(database_url)
    log = DisclosureLog(database, load_keys(), DisclosureAnchors(anchors_folder()))
    for amount_fen in (100, 200, 300):
        log.append("c", [Disclosure("x", amount_fen, "fen", {})])
    database.close()
    return database_url


def test_an_untouched_log_is_proven(told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["proven"], line["rows"], line["anchored_rows"], line["fault"]) == (True, 3, 3, None)


def test_a_tampered_row_ends_with_1_and_its_number(told: str, capsys: pytest.CaptureFixture[str]) -> None:
    database = open_database(told)
    with database.writing() as connection:
        connection.execute(text("DROP TRIGGER disclosure_log_no_update"))
        connection.execute(text("UPDATE disclosure_log SET value = '999' WHERE sequence = 2"))
    database.close()
    assert main([]) == 1
    printed = capsys.readouterr()
    line = json.loads(printed.out.splitlines()[-1])
    assert (line["proven"], line["rows"], line["fault"]["sequence"]) == (False, 1, 2)
    assert "第2条被改过" in printed.err


def test_a_database_without_the_log_is_an_error_and_no_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    assert main([]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "disclosure_log_unreadable"


def test_an_unknown_option_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--nonsense"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "option_invalid"
