"""TranscriptWriter: one thread that writes transcript rows in order, off the hot path, and loses none."""

import logging
import queue
import threading
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from actions.lending.database import Database

CAPACITY = 20_000
"""Rows that may wait, some hundred calls' worth of a minute. When full, whoever records waits for room: a
conversation goes slower rather than unrecorded, and the log says so."""

BATCH = 200
"""Rows written in one transaction at most."""

_RETRY_S = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Pauses between tries while the database does not answer; the last one is repeated until it does."""

_CLOSE_S = 30.0
"""How long ``close`` waits for the rows that are left."""

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Insert:
    """A new row."""

    table: Table
    values: dict[str, Any]


@dataclass(frozen=True)
class Update:
    """New values for the row with this id."""

    table: Table
    row_id: str
    values: dict[str, Any]


Write = Insert | Update


class TranscriptWriter:
    """A bounded queue and the thread that empties it."""

    def __init__(self, database: Database, capacity: int = CAPACITY) -> None:
        self._database = database
        self._queue: queue.Queue[Write | None] = queue.Queue(maxsize=capacity)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="transcripts", daemon=True)
        self._thread.start()

    def put(self, write: Write) -> None:
        """Queue a row; waits when the queue is full."""
        try:
            self._queue.put_nowait(write)
        except queue.Full:
            _logger.error(
                "transcripts wait for the database: code=transcripts_slow rows=%d", self._queue.qsize()
            )
            self._queue.put(write)

    def flush(self) -> None:
        """Return once everything queued so far is written or refused."""
        self._queue.join()

    def close(self) -> None:
        """Write what is left, for half a minute at most, and stop."""
        self._queue.put(None)
        self._closing.set()
        self._thread.join(_CLOSE_S)
        if self._thread.is_alive():
            _logger.error("transcripts lost: code=transcripts_lost rows=%d", self._queue.qsize())

    def _run(self) -> None:
        last = False
        while not last:
            batch = [self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get())
            last = None in batch
            self._write([write for write in batch if write is not None])
            for _ in batch:
                self._queue.task_done()

    def _write(self, batch: list[Write]) -> None:
        """Write a batch; wait for a database that is away, and set aside rows that it refuses."""
        tries = 0
        while batch:
            try:
                with self._database.writing() as connection:
                    for write in batch:
                        _execute(connection, write)
                return
            except OperationalError as error:
                pause_s = _RETRY_S[min(tries, len(_RETRY_S) - 1)]
                tries += 1
                _logger.warning("transcripts wait: code=database_unavailable %s", type(error.orig).__name__)
                time.sleep(pause_s)
                if self._closing.is_set() and tries > len(_RETRY_S):
                    _logger.error("transcripts lost: code=transcripts_lost rows=%d", len(batch))
                    return
            except SQLAlchemyError as error:
                if len(batch) == 1:
                    _refused(batch[0], error)
                    return
                for write in batch:
                    self._write([write])
                return


def _execute(connection: Connection, write: Write) -> None:
    if isinstance(write, Insert):
        connection.execute(write.table.insert().values(**write.values))
    else:
        connection.execute(
            write.table.update().where(write.table.c.id == write.row_id).values(**write.values)
        )


def _refused(write: Write, error: SQLAlchemyError) -> None:
    """A row that breaks a constraint would block all others for ever; its words stay out of the log."""
    reason = type(error.orig).__name__ if isinstance(error, DBAPIError) else type(error).__name__
    _logger.error("transcript row refused: code=transcript_row_refused table=%s %s", write.table.name, reason)
