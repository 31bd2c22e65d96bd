"""Erasing: conversations go with every word that was kept of them, wherever it was kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.engine import Connection

from actions.lending.database import Database
from actions.lending.models import identity_sessions, service_requests
from bot.console.inbox_tables import conversation_index, conversation_words, to_index
from bot.transcript_tables import call_events, calls, conversations, figures, turns

ERASED = "（内容已删除）"
"""Stands where a request's words were; the request itself stays, as a number in the books."""


MERGED_PAGES, MERGE_STEPS = 500, 2_000
_MERGE = text("INSERT INTO conversation_fts(conversation_fts, rank) VALUES ('merge', :pages)")
_CHANGES = text("SELECT total_changes()")


@dataclass(frozen=True)
class Erased:
    """How much it was."""

    conversations: int = 0
    turns: int = 0
    requests: int = 0


def erase(connection: Connection, ids: Sequence[str]) -> Erased:
    """Remove these conversations' rows, and what requests and the identity's claims held of their words and numbers.

    The counts of the dashboards stay: they name nobody. The disclosure log, decisions and the audit log stay, each
    under its own rule.
    """
    if not ids:
        return Erased()
    own_calls = select(calls.c.id).where(calls.c.conversation_id.in_(ids))
    own_turns = select(turns.c.id).where(turns.c.conversation_id.in_(ids))
    connection.execute(call_events.delete().where(call_events.c.call_id.in_(own_calls)))
    connection.execute(figures.delete().where(figures.c.turn_id.in_(own_turns)))
    said = connection.execute(turns.delete().where(turns.c.conversation_id.in_(ids))).rowcount
    connection.execute(calls.delete().where(calls.c.conversation_id.in_(ids)))
    numbers = select(conversation_index.c.number).where(conversation_index.c.conversation_id.in_(ids))
    connection.execute(conversation_words.delete().where(conversation_words.c.number.in_(numbers)))
    connection.execute(conversation_index.delete().where(conversation_index.c.conversation_id.in_(ids)))
    connection.execute(to_index.delete().where(to_index.c.conversation_id.in_(ids)))
    connection.execute(identity_sessions.delete().where(identity_sessions.c.conversation_id.in_(ids)))
    requests = _silence_requests(connection, ids)
    gone = connection.execute(conversations.delete().where(conversations.c.id.in_(ids))).rowcount
    return Erased(gone, said, requests)


def forget_asides(connection: Connection, ids: Sequence[str]) -> int:
    """Of conversations that no transcript holds: what requests and the identity's claims hold; how many requests."""
    if not ids:
        return 0
    connection.execute(identity_sessions.delete().where(identity_sessions.c.conversation_id.in_(ids)))
    return _silence_requests(connection, ids)


def _silence_requests(connection: Connection, ids: Sequence[str]) -> int:
    columns = service_requests.c
    blank = {
        "borrower_id": None,
        "contact_phone_sealed": None,
        "new_phone_sealed": None,
        "industry": None,
        "region": None,
        "business_months": None,
        "wished": None,
        "wished_at": None,
        "summary": ERASED,
        "state": "closed",
    }
    asked = service_requests.update().where(columns.conversation_id.in_(ids)).values(**blank)
    return int(connection.execute(asked).rowcount)


def recordings_of(connection: Connection, ids: Sequence[str]) -> list[str]:
    """Names of the sound files of these conversations."""
    own = calls.c.conversation_id.in_(ids) & calls.c.recording.isnot(None)
    return list(connection.execute(select(calls.c.recording).where(own)).scalars())


def forget_leftovers(database: Database) -> None:
    """Words that were removed must not lie on in the full-text index's older segments: merge these, a little at a time.

    As ``optimize`` does (SQLite, FTS5, "The 'merge' Command"), but nobody waits longer than for one step.
    """
    if not database.is_sqlite:
        return
    pages = -MERGED_PAGES  # negative: begin with every segment there is
    for _ in range(MERGE_STEPS):
        with database.writing() as connection:
            before = connection.execute(_CHANGES).scalar_one()
            connection.execute(_MERGE, {"pages": pages})
            if connection.execute(_CHANGES).scalar_one() - before < 2:
                return
        pages = MERGED_PAGES
