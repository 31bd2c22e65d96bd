"""Inbox statement: the SQL that finds conversations, newest first, for SQLite's FTS5 and for PostgreSQL's tsvector."""

from collections.abc import Sequence

SHOWN = """i.number, i.conversation_id, i.outcome AS became, i.intents, i.borrower, i.lowest_confidence,
  i.slowest_ms, i.mood, c.channel, c.started_at_ms, c.ended_at_ms, c.turn_count, c.first_words, c.verified"""
"""The columns of a list: ``i`` is conversation_index, ``c`` conversations."""
IDS = "i.conversation_id, i.outcome AS became"

PLAN = "SET LOCAL enable_seqscan = off"
"""For PostgreSQL, in the transaction of a search by words: its planner does not know what it costs to fetch long
tsvectors, and would read all of them (430 ms over a million turns) where the index needs 60."""

_EVERYTHING = "conversation_index i JOIN conversations c ON c.id = i.conversation_id"
_FTS5 = """conversation_fts CROSS JOIN conversation_index i ON i.number = conversation_fts.rowid
  CROSS JOIN conversations c ON c.id = i.conversation_id"""
_HITS = "SELECT number FROM conversation_words WHERE words @@ CAST(:words AS tsquery)"
_NEWEST = "newest i JOIN conversations c ON c.id = i.conversation_id"


def without_words(columns: str, bounds: Sequence[str], conditions: Sequence[str]) -> str:
    """``bounds`` compare ``{key}``, ``conditions`` columns of ``i``; ``:limit`` rows at most."""
    return _select(columns, _EVERYTHING, "i.number", [*_named(bounds, "i.number"), *conditions])


def of_sqlite(columns: str, bounds: Sequence[str], conditions: Sequence[str]) -> str:
    """With ``:words``. FTS5 walks its own row numbers downwards and stops at the limit."""
    key = "conversation_fts.rowid"
    return _select(columns, _FTS5, key, ["conversation_fts MATCH :words", *_named(bounds, key), *conditions])


def of_postgresql(columns: str, bounds: Sequence[str], conditions: Sequence[str]) -> str:
    """With ``:words``: everything that fits by the index of words, the newest of it, and only of these the rest.

    Materialised step by step: else the planner walks all conversations from the newest on, looking for a rare word.
    """
    # The bounds come after it: with them the planner walks the primary key and fetches every tsvector on its way.
    narrowed = [*_named(bounds, "i.number"), *conditions]
    newest = _select("i.*", "hits JOIN conversation_index i USING (number)", "i.number", narrowed)
    shown = _select(columns, _NEWEST, "i.number", [])
    return f"WITH hits AS MATERIALIZED ({_HITS}), newest AS MATERIALIZED ({newest}) {shown}"


def _named(bounds: Sequence[str], key: str) -> list[str]:
    return [bound.format(key=key) for bound in bounds]


def _select(columns: str, source: str, key: str, conditions: Sequence[str]) -> str:
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {columns} FROM {source}{where} ORDER BY {key} DESC LIMIT :limit"  # noqa: S608
