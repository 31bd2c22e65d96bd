"""FileTraces: what of a conversation lies outside the database: sound, the dialogue's own state, SQLite's log."""

import logging
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from actions.lending.database import Database
from bot.console.teaching.recognition_export import forget_call
from bot.recordings import RecordingMissing, RecordingStore

TRACKERS = Path("rasa", "trackers.db")
"""Rasa's tracker store, where the launcher puts it (serve/services.py)."""
_BUSY_S = 5.0

_logger = logging.getLogger(__name__)


class FileTraces:
    """Blocks: called from threads."""

    def __init__(self, database: Database, recordings: RecordingStore, var_dir: Path) -> None:
        self._database = database
        self._recordings = recordings
        self._var_dir = var_dir

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
        """In the transaction that removes rows: SQLite writes zeros where they were."""
        if self._database.is_sqlite:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")

    def empty_the_log(self) -> None:
        """Move SQLite's write-ahead log into the file and cut it: removed rows must not lie on in it."""
        if not self._database.is_sqlite:
            return
        try:
            with self._database.engine.connect() as connection:
                raw = connection.connection
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except (SQLAlchemyError, sqlite3.Error) as error:
            # A reader holds it: the next removal, or the end of the process, empties it.
            _logger.warning("the write-ahead log was not emptied: code=log_busy %s", type(error).__name__)
