"""Scores: what somebody gave a conversation on the score sheet of that day."""

import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Row

from actions.lending.database import Database
from bot.console.review.remarks import queue_for_index
from bot.console.review.score_sheet import ScoreSheet, ScoreSheets
from bot.console.review.tables import scores
from bot.stored_text import stored_words
from bot.transcript_tables import conversations

LOWEST, HIGHEST = 1, 10
NOTE_CHARACTERS = 500


class ScoreRefused(Exception):
    """A score that is not complete (code ``score_refused``); the message is for whoever gave it."""

    code = "score_refused"


class Scores:
    """Blocks: called from worker threads."""

    def __init__(self, database: Database, sheets: ScoreSheets) -> None:
        self._database = database
        self._sheets = sheets

    def of(self, conversation_id: str) -> list[Row]:
        """Every score of a conversation, the newest first."""
        query = select(scores).where(scores.c.conversation_id == conversation_id)
        with self._database.reading() as connection:
            return list(connection.execute(query.order_by(scores.c.at_ms.desc())).all())

    def give(
        self, conversation_id: str, sheet: ScoreSheet, given: Mapping[str, str], note: str, account: str
    ) -> dict[str, Any]:
        """Keep one's score in place of an earlier one on the same sheet; return what changed. Raises ScoreRefused."""
        points = _points(sheet, given)
        self._sheets.keep_first()
        mean = sum(points.values()) / len(points)
        values = {"points": points, "mean": mean, "at_ms": round(time.time() * 1000)}
        values["note"] = stored_words("", note.strip()[:NOTE_CHARACTERS]) if note.strip() else ""
        mine = (scores.c.conversation_id == conversation_id) & (scores.c.account == account)
        mine &= scores.c.sheet == sheet.version
        with self._database.writing() as connection:
            self._database.serialise(connection, f"score:{conversation_id}")
            known = select(conversations.c.id).where(conversations.c.id == conversation_id)
            if connection.execute(known).first() is None:
                raise ScoreRefused("没有这个对话。")
            before = connection.execute(select(scores.c.points).where(mine)).scalar()
            if before is None:
                key = {"conversation_id": conversation_id, "account": account, "sheet": sheet.version}
                connection.execute(scores.insert().values(**key | values))
            else:
                connection.execute(scores.update().where(mine).values(**values))
            queue_for_index(connection, conversation_id)
        changed = {"sheet": sheet.version, "points": _written(sheet, points)}
        return changed | ({"before": _written(sheet, before)} if before else {})


def _written(sheet: ScoreSheet, points: Mapping[str, int]) -> list[str]:
    """For the audit log: 合规 8."""
    return [f"{one.name} {points[one.code]}" for one in sheet.criteria]


def _points(sheet: ScoreSheet, given: Mapping[str, str]) -> dict[str, int]:
    points = {}
    for criterion in sheet.criteria:
        value = given.get(criterion.code, "")
        if not (value.isascii() and value.isdigit() and len(value) <= 2 and LOWEST <= int(value) <= HIGHEST):
            raise ScoreRefused(f"“{criterion.name}”要打{LOWEST}到{HIGHEST}分。")
        points[criterion.code] = int(value)
    return points
