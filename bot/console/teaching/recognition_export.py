"""RecognitionExport: corrected sentences with their sound, as ``make vosk-model SPEECH=`` takes them."""

import json
import re
import shutil
import time
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import select
from sqlalchemy.engine import Row

from actions.lending.database import Database
from bot.console.teaching.tables import teaching_suggestions
from bot.recording_format import CHANNELS, SAMPLE_BYTES, WAV_HEADER_BYTES, rate_of_wav_header
from bot.recordings import RecordingBroken, RecordingMissing, RecordingStore
from bot.transcript_tables import calls, turns

MARGIN_MS = 200
"""Sound before and after a sentence that goes with it."""
_NAME = re.compile(r"\d{8}-\d{6}")
_MASK = "〔"
_OF_CALL = "__"
"""Between a call and a turn in a file's name: what is removed with its call is found by it."""


class ExportMissing(Exception):
    """There is no such export (code ``export_missing``)."""

    code = "export_missing"


@dataclass(frozen=True)
class Exported:
    """One folder of exports/."""

    name: str
    sentences: int
    left_out: int
    """Masked digits in the words, or no sound."""


def forget_call(exports: Path, call_id: str) -> None:
    """Remove a call's sentences from every export: who has a call removed means its copies too."""
    for folder in exports.glob("*/transcripts.tsv"):
        gone = [path for path in folder.parent.glob("*.wav") if path.name.startswith(f"{call_id}{_OF_CALL}")]
        names = {path.name for path in gone}
        if names:
            rows = folder.read_text(encoding="utf-8").split("\n")
            folder.write_text(
                "\n".join(row for row in rows if row.split("\t")[0] not in names), encoding="utf-8"
            )
        for path in gone:
            path.unlink()


class RecognitionExport:
    """Writes folders that hold customers' voices: only for those who may, always noted. Blocks."""

    def __init__(self, database: Database, recordings: RecordingStore, folder: Path) -> None:
        self._database, self._recordings, self._folder = database, recordings, folder

    def waiting(self) -> int:
        """Corrected spoken sentences."""
        return len(self._rows())

    def write(self) -> Exported:
        """A new folder: a WAV file each, named by its turn, and transcripts.tsv (``file TAB text``).

        Left out is what was not said as it is written: sentences with masked digits, whose sound would also carry
        the digits, and those whose recording is gone.
        """
        name = time.strftime("%Y%m%d-%H%M%S")
        target = self._folder / name
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        written, rows = [], self._rows()
        for row in rows:
            file = f"{row.call_id}{_OF_CALL}{row.turn_id}.wav"
            masked = _MASK in row.text or _MASK in row.customer_text
            if not masked and self._cut(row, target / file):
                written.append(f"{file}\t{row.text}\n")
        (target / "transcripts.tsv").write_text("".join(["file\ttext\n", *written]), encoding="utf-8")
        exported = Exported(name, len(written), len(rows) - len(written))
        facts = {"sentences": exported.sentences, "left_out": exported.left_out}
        (target / "export.json").write_text(json.dumps(facts), encoding="utf-8")
        return exported

    def all(self) -> list[Exported]:
        """What lies there, newest first."""
        found = []
        for path in sorted(self._folder.glob("*/export.json"), reverse=True):
            facts = json.loads(path.read_text(encoding="utf-8"))
            found.append(Exported(path.parent.name, facts["sentences"], facts["left_out"]))
        return found

    def remove(self, name: str) -> None:
        """Delete a folder. Raises ExportMissing, also for anything that is no export's name."""
        if not _NAME.fullmatch(name) or not (self._folder / name).is_dir():
            raise ExportMissing("没有这个导出。")
        shutil.rmtree(self._folder / name)

    def _rows(self) -> list[Row]:
        """Corrections of what was said that nobody has rejected; confirmed words count as well."""
        query = (
            select(
                teaching_suggestions.c.turn_id,
                teaching_suggestions.c.text,
                turns.c.customer_text,
                turns.c.speech_start_ms,
                turns.c.speech_end_ms,
                turns.c.call_id,
                calls.c.recording,
            )
            .join(turns, turns.c.id == teaching_suggestions.c.turn_id)
            .join(calls, calls.c.id == turns.c.call_id)
            .where(teaching_suggestions.c.state != "rejected")
            .where(turns.c.speech_start_ms.is_not(None) & turns.c.speech_end_ms.is_not(None))
            .where(calls.c.recording.is_not(None))
            .order_by(teaching_suggestions.c.made_at_ms)
        )
        with self._database.reading() as connection:
            return list(connection.execute(query).all())

    def _cut(self, row: Row, path: Path) -> bool:
        """The caller's lane from the sentence's begin to its end; whether there was any."""
        try:
            stored = self._recordings.open(row.recording)
            rate = rate_of_wav_header(b"".join(stored.read(0, WAV_HEADER_BYTES)))
            frame = CHANNELS * SAMPLE_BYTES
            first = max(0, row.speech_start_ms - MARGIN_MS) * rate // 1000
            last = (row.speech_end_ms + MARGIN_MS) * rate // 1000
            start = WAV_HEADER_BYTES + first * frame
            end = min(WAV_HEADER_BYTES + last * frame, stored.size)
            pcm = b"".join(stored.read(start, end)) if start < end else b""
        except (RecordingMissing, RecordingBroken):
            return False
        samples = np.frombuffer(pcm[: len(pcm) // frame * frame], "<i2").reshape(-1, CHANNELS)
        if not len(samples):
            return False
        with wave.open(str(path), "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(SAMPLE_BYTES)
            wav.setframerate(rate)
            # The caller is the left channel (bot/recordings.py).
            wav.writeframes(np.ascontiguousarray(samples[:, 0]).tobytes())
        return True
