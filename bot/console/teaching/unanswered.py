"""Unanswered turns: what customers asked and the bot did not understand or know."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Row

from actions.lending.database import Database
from bot.console.teaching.suggestions import TAUGHT, example_text
from bot.console.teaching.tables import teaching_suggestions
from bot.transcript_tables import conversations, turns

UNDERSTOOD_NOT = ("nlu_fallback", "out_of_scope")
DAYS = 90
MOST = 3_000
"""Questions that are sorted at once, the newest."""
_SHORTEST = 3
"""Characters: 嗯 and 好的 ask nothing."""
_LINKS = 6


@dataclass(frozen=True)
class DraftQuestion:
    """Questions that seem to be one, as a draft of an FAQ."""

    example: Row
    turns: list[Row]
    """Newest first."""
    guess: str
    """The intent that Rasa's rankings lean to, the unanswered ones left out; empty: to none."""

    @property
    def count(self) -> int:
        """How often it was asked."""
        return len(self.turns)

    @property
    def conversations(self) -> list[Row]:
        """A turn each of some different conversations, newest first."""
        return list({turn.conversation_id: turn for turn in self.turns}.values())[:_LINKS]


class UnansweredTurns:
    """Reads only. Blocks: called from worker threads."""

    def __init__(self, database: Database, now_s: Callable[[], float] = time.time) -> None:
        self._database, self._now_s = database, now_s

    def items(self) -> list[dict[str, str]]:
        """What is to be sorted: the turn and its masked words. Turns that somebody has judged are left out."""
        since = round((self._now_s() - DAYS * 86_400) * 1000)
        judged = select(teaching_suggestions.c.turn_id)
        query = (
            select(turns.c.id, turns.c.customer_text)
            .where(turns.c.intent.in_(UNDERSTOOD_NOT) & (turns.c.at_ms >= since))
            .where(turns.c.id.not_in(judged))
            .order_by(turns.c.at_ms.desc())
            .limit(MOST)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            {"turn": row.id, "text": text}
            for row in rows
            if len(text := example_text(row.customer_text)) >= _SHORTEST
        ]

    def drafts(self, report: dict[str, Any] | None) -> list[DraftQuestion]:
        """The groups of a sorting with their turns as they are now; what is gone or judged is in no group."""
        groups = (report or {}).get("groups", [])
        wanted = [turn for group in groups for turn in group["turns"]]
        held = self._rows(wanted)
        drafts = []
        for group in groups:
            mine = sorted(
                (held[turn] for turn in group["turns"] if turn in held), key=lambda turn: -turn.at_ms
            )
            if mine:
                drafts.append(DraftQuestion(held.get(group["example"], mine[0]), mine, _leaning(mine)))
        return sorted(drafts, key=lambda draft: -draft.count)

    def _rows(self, ids: Sequence[str]) -> dict[str, Row]:
        if not ids:
            return {}
        judged = select(teaching_suggestions.c.turn_id)
        query = select(turns).join(conversations).where(turns.c.intent.in_(UNDERSTOOD_NOT))
        found: dict[str, Row] = {}
        with self._database.reading() as connection:
            # In portions: SQLite takes 32,766 values at most, older ones 999.
            for start in range(0, len(ids), 900):
                mine = turns.c.id.in_(list(ids[start : start + 900])) & turns.c.id.not_in(judged)
                found |= {row.id: row for row in connection.execute(query.where(mine)).all()}
        return found


def _leaning(rows: Sequence[Row]) -> str:
    """The served intent with the largest sum of confidences."""
    sums: dict[str, float] = {}
    for row in rows:
        for name, score in row.intent_ranking:
            if name in TAUGHT and name not in UNDERSTOOD_NOT:
                sums[name] = sums.get(name, 0.0) + float(score)
    return max(sums, key=lambda name: sums[name], default="")
