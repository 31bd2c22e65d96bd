"""FileTraces: what of a conversation lies outside the database: sound, the dialogue's own state, SQLite's log."""

import logging
import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from actions.lending.database import Database
from bot.console.data_rights.erasing import forget_leftovers
from bot.console.teaching.recognition_export import forget_call
from bot.recordings import RecordingMissing, RecordingStore

TRACKERS = Path("rasa", "trackers.db")
"""Rasa's tracker store, where the launcher puts it (serve/services.py)."""
LEFT = Path("data-rights", "traces-left")
"""Files whose names begin so are there while removed words may still lie somewhere in the database's files."""
_BUSY_S = 5.0

_logger = logging.getLogger(__name__)


class FileTraces:
    """Blocks: called from threads."""

    def __init__(self, database: Database, recordings: RecordingStore, var_dir: Path) -> None:
        self._database = database
        self._recordings = recordings
        self._var_dir = var_dir
        self._left = var_dir / LEFT

    def remove_recordings(self, names: Sequence[str]) -> int:
        """Remove sound files and what of them was exported; one that is gone already is no fault. How many went."""
        gone = 0
        for name in names:
            forget_call(self._var_dir / "exports", Path(name).stem)
            try:
                gone += self._recordings.remove(name)
            except RecordingMissing:
                continue
        return gone

    def forget_dialogue(self, ids: Sequence[str]) -> int:
        """Remove what the dialogue remembers of these conversations; returns how many events. Raises sqlite3.Error."""
        path = self._var_dir / TRACKERS
        if not ids or not path.is_file():
            return 0
        with closing(sqlite3.connect(path, timeout=_BUSY_S)) as connection, connection:
            connection.execute("PRAGMA secure_delete = ON")
            has_events = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'events'"
            if connection.execute(has_events).fetchone() is None:
                return 0
            removed = connection.executemany(
                "DELETE FROM events WHERE sender_id = ?", [(one,) for one in ids]
            ).rowcount
        with closing(sqlite3.connect(path, timeout=_BUSY_S)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return removed

    def overwrite(self, connection: Connection) -> None:
        """In the transaction that removes rows: SQLite writes zeros where they were. ``wipe`` comes after it."""
        if self._database.is_sqlite:
            # A file, so that a process that ends before it has wiped tells the next one; each removal has its own.
            self._left.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._left.with_name(f"{self._left.name}-{secrets.token_hex(8)}").touch(mode=0o600)
            connection.exec_driver_sql("PRAGMA secure_delete = ON")

    @property
    def left_traces(self) -> bool:
        """Rows went, and their words may still lie in the full-text index's segments and in the write-ahead log."""
        return bool(self._marks())

    def wipe(self) -> None:
        """Merge the index and empty the log; where a reader holds the log it stays to be done."""
        if self._database.is_sqlite:
            with self._database.writing():
                # The one writer: whoever left one of these has committed, or has removed nothing. What another
                # thread removes from here on leaves a mark of its own, and this wipe does not answer for it.
                marks = self._marks()
            forget_leftovers(self._database)
            if self._empty_the_log():
                for mark in marks:
                    mark.unlink(missing_ok=True)

    def _marks(self) -> list[Path]:
        return list(self._left.parent.glob(f"{self._left.name}*"))

    def _empty_the_log(self) -> bool:
        """Move SQLite's write-ahead log into the file and cut it; whether that could be done."""
        try:
            with self._database.engine.connect() as connection:
                busy = connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except (SQLAlchemyError, sqlite3.Error) as error:
            busy, kind = 1, type(error).__name__
        else:
            kind = "reader"
        if busy:
            _logger.warning("the write-ahead log was not emptied: code=log_busy %s", kind)
        return not busy
