"""DecisionArchive: reads stored decisions with the policies they were taken by, and replays them."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from actions.lending.database import Database
from actions.lending.decision_replay import DecisionUnknown, Replay, StoredDecision, replay
from actions.lending.models import decision_records, policy_archive


class DecisionArchive:
    """Needs a database and nothing else: no policy file of today, no key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, reference: str) -> StoredDecision:
        """Return a stored decision. Raises DecisionUnknown."""
        table = decision_records
        with self._database.reading() as connection:
            row = connection.execute(select(table).where(table.c.reference == reference)).first()
        if row is None:
            raise DecisionUnknown(f"没有编号为 {reference} 的决定")
        return StoredDecision(
            reference=row.reference,
            conversation_id=row.conversation_id,
            on=row.decided_on,
            engine=row.engine_version,
            inputs=json.loads(row.inputs),
            policies=tuple(json.loads(row.policies)),
            words=row.words,
            result=row.result,
            result_digest=row.result_digest,
        )

    def archive_of(self, stored: StoredDecision) -> Mapping[str, Any]:
        """Return the archived contents that a decision refers to, by digest."""
        table = policy_archive
        with self._database.reading() as connection:
            rows = connection.execute(
                select(table).where(table.c.digest.in_([*stored.policies, stored.words]))
            ).all()
        return {row.digest: json.loads(row.content) for row in rows}

    def replay(self, reference: str) -> Replay:
        """Compute a stored decision again. Raises DecisionUnknown, ArchiveBroken."""
        stored = self.find(reference)
        return replay(stored, self.archive_of(stored))
