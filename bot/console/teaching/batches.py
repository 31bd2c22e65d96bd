"""Batches: accepted suggestions, and everything that a lesson has to know about them."""

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Row

from actions.lending.database import Database
from bot.console.teaching.suggestions import SuggestionRefused, Suggestions
from bot.console.teaching.tables import LOCK, teaching_batches, teaching_suggestions
from bot.transcript_tables import turns
from teaching.examples import Example, key_of

RECENT = 400
"""Different sentences of customers on which both models are compared without labels."""
_DEEPEST = 1_000


@dataclass(frozen=True)
class Accepted:
    """What became of the chosen suggestions."""

    batch_id: str | None
    """None: all were for measuring, nothing is to be learnt."""
    taught: int
    measured: int


class Batches:
    """Reads and writes. Blocks: called from worker threads."""

    def __init__(
        self, database: Database, suggestions: Suggestions, now_s: Callable[[], float] = time.time
    ) -> None:
        self._database, self._suggestions, self._now_s = database, suggestions, now_s

    def accept(self, chosen: Sequence[str], parent: str, account: str) -> Accepted:
        """Take these out of the queue, into a new batch or among the labels. Raises SuggestionRefused.

        ``parent`` is the batch whose model serves, empty for the repository's.
        """
        now, table = round(self._now_s() * 1000), teaching_suggestions
        with self._database.writing() as connection:
            self._database.serialise(connection, LOCK)
            rows = connection.execute(
                select(table).where(table.c.id.in_(list(chosen)) & (table.c.state == "proposed"))
            ).all()
            if not rows or len(rows) != len(set(chosen)):
                raise SuggestionRefused("请先选择待处理的建议；有的可能已经被别人处理了。")
            teach = [row for row in rows if row.use == "teach"]
            _agree(teach)
            decided = {"state": "accepted", "decided_by": account, "decided_at_ms": now}
            batch_id = uuid.uuid4().hex if teach else None
            if batch_id:
                batch = {"id": batch_id, "parent_id": parent or None, "state": "accepted"}
                connection.execute(teaching_batches.insert().values(**batch, made_by=account, made_at_ms=now))
            for row in rows:
                into = {"batch_id": batch_id} if row.use == "teach" else {}
                connection.execute(table.update().where(table.c.id == row.id).values(**decided, **into))
            return Accepted(batch_id, len(teach), len(rows) - len(teach))

    def all(self, most: int = 50) -> list[Row]:
        """The newest first."""
        query = select(teaching_batches).order_by(teaching_batches.c.made_at_ms.desc()).limit(most)
        with self._database.reading() as connection:
            return list(connection.execute(query).all())

    def one(self, batch_id: str) -> Row | None:
        """A batch, or None."""
        query = select(teaching_batches).where(teaching_batches.c.id == batch_id)
        with self._database.reading() as connection:
            row: Row | None = connection.execute(query).first()
            return row

    def discard(self, batch_id: str) -> bool:
        """Give its suggestions back to the queue; whether there was something to give back."""
        table = teaching_suggestions
        with self._database.writing() as connection:
            self._database.serialise(connection, LOCK)
            mine = (teaching_batches.c.id == batch_id) & (teaching_batches.c.state == "accepted")
            if not connection.execute(
                teaching_batches.update().where(mine).values(state="discarded")
            ).rowcount:
                return False
            back = {"state": "proposed", "batch_id": None, "decided_by": None, "decided_at_ms": None}
            connection.execute(table.update().where(table.c.batch_id == batch_id).values(**back))
            return True

    def line(self, batch_id: str) -> list[str]:
        """The batch and those that it builds on, newest first."""
        found: list[str] = []
        while batch_id and len(found) < _DEEPEST:
            row = self.one(batch_id)
            if row is None or row.id in found:
                break
            found.append(row.id)
            batch_id = row.parent_id or ""
        return found

    def examples(self, batch_id: str) -> list[Example]:
        """What a batch and those that it builds on teach, the oldest first; of two for one sentence the newer."""
        found: dict[str, Example] = {}
        for one in reversed(self.line(batch_id)):
            for row in self._suggestions.of_batch(one):
                found[key_of(row.text)] = Example(row.intent, row.text)
        return list(found.values())

    def lesson(self, batch_id: str, model_before: str) -> dict[str, Any]:
        """The content of lesson.json."""
        examples = [one.to_json() for one in self.examples(batch_id)]
        return {
            "examples": examples,
            "regressions": examples,
            "labels": [
                {"intent": row.intent, "text": row.text, "conversation": row.conversation_id}
                for row in self._suggestions.labels()
            ],
            "conversations": self._suggestions.teaching_conversations(self.line(batch_id)),
            "recent": self._recent(),
            "model": model_before,
        }

    def _recent(self) -> list[str]:
        query = select(turns.c.customer_text).where(turns.c.customer_text != "")
        with self._database.reading() as connection:
            newest = connection.execute(query.order_by(turns.c.at_ms.desc()).limit(RECENT * 5)).scalars()
            return list(dict.fromkeys(str(words) for words in newest))[:RECENT]


def _agree(rows: Sequence[Row]) -> None:
    meant: dict[str, str] = {}
    for row in rows:
        if meant.setdefault(key_of(row.text), row.intent) != row.intent:
            raise SuggestionRefused(f"“{row.text}”在这一批里被教成两个意图，请先改成一致。")
