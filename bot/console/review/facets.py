"""Facets: what the review adds to the index, so that the inbox filters by it."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from bot.console.review.tables import flags, items, scores, tags

LOW_SCORE, HIGH_SCORE = 6.0, 8.0
"""Means below the one and from the other on."""


def name_token(kind: str, name: str) -> str:
    """A token for a name of any characters: names are not tokens for FTS5."""
    return f"{kind}_{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def score_token(mean: float) -> str:
    """``score_low`` | ``score_middle`` | ``score_high``."""
    return "score_low" if mean < LOW_SCORE else "score_high" if mean >= HIGH_SCORE else "score_middle"


def review_facets(connection: Connection, ids: Sequence[str]) -> dict[str, set[str]]:
    """Tokens of each of these conversations."""
    found: dict[str, set[str]] = {one: {"score_none"} for one in ids}

    def rows(table: Table) -> list[Any]:
        return list(connection.execute(select(table).where(table.c.conversation_id.in_(list(ids)))).all())

    for row in rows(tags):
        found[row.conversation_id].add(name_token("tag", row.tag))
    for row in rows(flags):
        found[row.conversation_id].add(f"flag_{row.flag}")
    means: dict[str, list[float]] = defaultdict(list)
    for row in rows(scores):
        means[row.conversation_id].append(row.mean)
    for conversation_id, given in means.items():
        found[conversation_id] ^= {"score_none", score_token(sum(given) / len(given))}
    for row in rows(items):
        state = "open" if row.done_at_ms is None else "done"
        found[row.conversation_id].add(f"review_{state}")
        if row.assignee:
            found[row.conversation_id].add(name_token("assignee", row.assignee))
    return found
