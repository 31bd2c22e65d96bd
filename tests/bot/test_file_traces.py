"""FileTraces: what one thread wipes says nothing of what another has just removed."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.lending.database import Database, open_database
from bot.console.data_rights import file_traces
from bot.console.data_rights.file_traces import FileTraces
from bot.recordings import RecordingStore
from install.database import prepare_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'traces.db'}"
    prepare_database(url)
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def files(database: Database, tmp_path: Path) -> FileTraces:
    return FileTraces(database, RecordingStore(tmp_path / "recordings", None), tmp_path)


def test_a_removal_leaves_a_mark_until_it_is_wiped_also_across_starts(
    files: FileTraces, database: Database, tmp_path: Path
) -> None:
    assert not files.left_traces
    with database.writing(durable=True) as connection:
        files.overwrite(connection)
    next_start = FileTraces(database, RecordingStore(tmp_path / "recordings", None), tmp_path)
    assert next_start.left_traces
    next_start.wipe()
    assert not files.left_traces


def test_what_is_removed_while_another_wipes_keeps_its_mark(
    files: FileTraces, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hourly retention wipes; meanwhile staff erases somebody, and the process ends before that is wiped."""
    merge = file_traces.forget_leftovers

    def erased_meanwhile(given: Database) -> None:
        merge(given)
        with database.writing(durable=True) as connection:
            files.overwrite(connection)

    monkeypatch.setattr(file_traces, "forget_leftovers", erased_meanwhile)
    files.wipe()
    assert files.left_traces


def test_a_wipe_does_not_answer_for_a_removal_that_is_not_committed(
    files: FileTraces, database: Database
) -> None:
    """Its mark is there, its rows are not gone yet: the wipe waits for it, and covers it."""
    wiped = threading.Thread(target=files.wipe)
    with database.writing(durable=True) as connection:
        files.overwrite(connection)
        wiped.start()
        wiped.join(0.3)
        assert wiped.is_alive() and files.left_traces
    wiped.join(10)
    assert not wiped.is_alive() and not files.left_traces
