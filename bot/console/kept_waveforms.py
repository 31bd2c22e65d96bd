"""KeptWaveforms: what recordings look like, computed at the first look and kept: a finished one never changes."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from actions.lending.database import Database
from bot.console.review.tables import call_waveforms
from bot.console.waveform import waveform
from bot.recordings import RecordingStore


class KeptWaveforms:
    """Blocks: called from worker threads."""

    def __init__(self, database: Database, recordings: RecordingStore) -> None:
        self._database = database
        self._recordings = recordings

    def of(self, call_id: str, recording: str) -> dict[str, Any]:
        """A call's peaks as the page reads them. Raises RecordingMissing, RecordingBroken."""
        # Opened in any case: a recording that is gone has no look any more.
        stored = self._recordings.open(recording)
        with self._database.reading() as connection:
            query = select(call_waveforms.c.peaks).where(call_waveforms.c.call_id == call_id)
            kept = connection.execute(query).scalar()
        if kept is not None:
            return dict(kept)
        peaks = waveform(stored.read(0, stored.size), stored.size).to_json()
        try:
            with self._database.writing() as connection:
                connection.execute(call_waveforms.insert().values(call_id=call_id, peaks=peaks))
        except IntegrityError:
            # Somebody else looked at the same moment, or the call is being deleted.
            pass
        return peaks
