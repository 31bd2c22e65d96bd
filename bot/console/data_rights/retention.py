"""Retention: removes what was kept for as long as the policy says; a part at a time, while calls go on."""

import logging
import sqlite3
import time
from collections.abc import Callable
from datetime import datetime, timezone

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from actions.lending.database import Database
from actions.lending.disclosure_cut import DisclosureCut
from actions.lending.errors import LendingError
from bot.console.data_rights.erased_list import ErasedList
from bot.console.data_rights.erasing import erase, recordings_of
from bot.console.data_rights.file_traces import FileTraces
from bot.console.data_rights.retention_policy import RetentionPolicy
from bot.console.data_rights.rights_log import Kind, RightsLog
from bot.console.review.tables import call_waveforms
from bot.transcript_tables import calls, conversations

BATCH = 200
"""Conversations or recordings removed in one transaction."""
_DAY_MS = 24 * 3600 * 1000

_logger = logging.getLogger(__name__)


class Retention:
    """Blocks: called from a thread, once an hour (bot/app.py)."""

    def __init__(
        self,
        database: Database,
        policy: RetentionPolicy,
        files: FileTraces,
        cut: DisclosureCut,
        log: RightsLog,
        erased: ErasedList,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self.policy = policy
        self._database = database
        self._files = files
        self._cut = cut
        self._log = log
        self._erased = erased
        self._looked_for_restored = False
        self._now_s = now_s

    def refresh_quietly(self) -> int:
        """One batch; returns how much it was, 0 when nothing is due. A database that is away is tried again."""
        try:
            return self.remove_due()
        except (SQLAlchemyError, sqlite3.Error, OSError, LendingError) as error:
            _logger.warning("retention waits: code=retention_failed %s", type(error).__name__)
            return 0

    def remove_due(self) -> int:
        """One batch of each kind; what was removed is on record in the transaction that removed it."""
        gone = self._restored() + self._recordings() + self._transcripts() + self._disclosures()
        # Once, when nothing more is due: it takes its time.
        if gone < BATCH and self._files.left_traces:
            self._files.wipe()
        return gone

    def _before_ms(self, days: int) -> int | None:
        return round(self._now_s() * 1000) - days * _DAY_MS if days else None

    def _recordings(self) -> int:
        before = self._before_ms(self.policy.recordings_days)
        if before is None:
            return 0
        # A call that ended with its process has no time of its end (transcripts.keep_recovered).
        over = calls.c.ended_at_ms.isnot(None) | calls.c.ended_by.isnot(None)
        due = calls.c.recording.isnot(None) & over & (calls.c.started_at_ms < before)
        with self._database.reading() as connection:
            rows = connection.execute(select(calls.c.id, calls.c.recording).where(due).limit(BATCH)).all()
        if not rows:
            return 0
        # The sound first: a row without its file shows "no recording", a file without its row would never be found.
        gone = self._files.remove_recordings([row.recording for row in rows])
        with self._database.writing(durable=True) as connection:
            ids = [row.id for row in rows]
            connection.execute(calls.update().where(calls.c.id.in_(ids)).values(recording=None))
            connection.execute(call_waveforms.delete().where(call_waveforms.c.call_id.in_(ids)))
            self._log.append(connection, Kind.RETENTION, "", None, recordings=gone)
        return len(rows)

    def _transcripts(self) -> int:
        before = self._before_ms(self.policy.transcripts_days)
        if before is None:
            return 0
        ended = conversations.c.ended_at_ms.isnot(None)
        due = select(conversations.c.id).where(conversations.c.started_at_ms < before, ended).limit(BATCH)
        with self._database.reading() as connection:
            ids = list(connection.execute(due).scalars())
        return self._remove(ids)

    def _restored(self) -> int:
        """Once a start: what was removed at somebody's wish and came back with a backup goes again."""
        if self._looked_for_restored:
            return 0
        gone, erased = 0, self._erased.ids()
        for first in range(0, len(erased), BATCH):
            some = conversations.c.id.in_(erased[first : first + BATCH])
            with self._database.reading() as connection:
                ids = list(connection.execute(select(conversations.c.id).where(some)).scalars())
            gone += self._remove(ids)
        # Only now: where the database was away it is looked again.
        self._looked_for_restored = True
        return gone

    def _remove(self, ids: list[str]) -> int:
        if not ids:
            return 0
        with self._database.reading() as connection:
            names = recordings_of(connection, ids)
        # What lies in files goes first: without its row nobody would find it again.
        sounds, events = self._files.remove_recordings(names), self._files.forget_dialogue(ids)
        with self._database.writing(durable=True) as connection:
            self._files.overwrite(connection)
            erased = erase(connection, ids)
            counts = vars(erased) | {"recordings": sounds, "tracker_events": events}
            self._log.append(connection, Kind.RETENTION, "", None, **counts)
        return len(ids)

    def _disclosures(self) -> int:
        before = self._before_ms(self.policy.disclosures_days)
        if before is None:
            return 0
        gone = self._cut.cut(datetime.fromtimestamp(before / 1000, timezone.utc))
        if gone:
            with self._database.writing(durable=True) as connection:
                self._log.append(connection, Kind.RETENTION, "", None, disclosures=gone)
        return gone
