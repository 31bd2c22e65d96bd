"""TranscriptReader: conversations as staff see them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from actions.lending.database import Database
from bot.transcript_tables import call_events, calls, conversations, figures, turns

SHOWN_EVENTS = (
    "engine_failed_over",
    "call_failed",
    "transferred",
    "playback_resumed",
    "bot_prompt",
    "dtmf_received",
    "took_leave",
    "recording_lost",
    "stages_measured",
)
"""Happenings worth a line between the turns; timings and partials are for measuring."""


@dataclass(frozen=True)
class ConversationView:
    """One conversation with everything that was said."""

    conversation: Row
    calls: list[Row]
    turns: list[Row]
    figures: dict[str, list[Row]]
    """By turn id."""
    events: list[Row]


class TranscriptReader:
    """Reads only. Blocks: called from worker threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def conversation(self, conversation_id: str) -> ConversationView | None:
        """One conversation, or None."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(conversations).where(conversations.c.id == conversation_id)
            ).first()
            if row is None:
                return None
            said = connection.execute(
                select(turns).where(turns.c.conversation_id == conversation_id).order_by(turns.c.position)
            ).all()
            held = connection.execute(
                select(calls)
                .where(calls.c.conversation_id == conversation_id)
                .order_by(calls.c.started_at_ms)
            ).all()
            return ConversationView(
                row,
                list(held),
                list(said),
                _figures(connection, [turn.id for turn in said]),
                _events(connection, [call.id for call in held]),
            )

    def events(self, call_ids: Collection[str], kinds: Collection[str]) -> list[Row]:
        """What the log holds of these calls, of these kinds, in order."""
        wanted = call_events.c.call_id.in_(list(call_ids)) & call_events.c.kind.in_(list(kinds))
        ordered = select(call_events).where(wanted).order_by(call_events.c.call_id, call_events.c.position)
        with self._database.reading() as connection:
            return list(connection.execute(ordered).all())

    def recording(self, call_id: str) -> str | None:
        """The name of a call's recording, or None."""
        with self._database.reading() as connection:
            name: Any = connection.execute(select(calls.c.recording).where(calls.c.id == call_id)).scalar()
        return str(name) if name else None


def _figures(connection: Connection, turn_ids: list[str]) -> dict[str, list[Row]]:
    by_turn: dict[str, list[Row]] = {}
    for row in connection.execute(
        select(figures).where(figures.c.turn_id.in_(turn_ids)).order_by(figures.c.name)
    ):
        by_turn.setdefault(row.turn_id, []).append(row)
    return by_turn


def _events(connection: Connection, call_ids: list[str]) -> list[Row]:
    wanted = call_events.c.call_id.in_(call_ids) & call_events.c.kind.in_(SHOWN_EVENTS)
    return list(connection.execute(select(call_events).where(wanted).order_by(call_events.c.at_ms)).all())
