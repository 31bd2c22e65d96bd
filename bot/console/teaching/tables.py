"""Tables of teaching: suggestions and batches; created by migration 0013_teaching. Times are ms since the epoch."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, MetaData, String, Table, Text

from bot.transcript_tables import conversations, turns

metadata = MetaData()

LOCK = "teaching"
"""Whoever changes suggestions or batches waits for whoever does it already (Database.serialise)."""

teaching_batches = Table(
    "teaching_batches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("parent_id", String(32)),
    Column("state", String(16), nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_at_ms", BigInteger, nullable=False),
)
"""``parent_id``: the batch whose model served when this one was made; its sentences are taught too. ``state``:
``accepted`` | ``discarded``; how far the training is lies in the batch's folder (teaching/folder.py)."""

teaching_suggestions = Table(
    "teaching_suggestions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", String(64), ForeignKey(conversations.c.id, ondelete="CASCADE"), nullable=False),
    Column("turn_id", String(64), ForeignKey(turns.c.id, ondelete="CASCADE"), nullable=False, unique=True),
    Column("text_before", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("intent_before", String(64), nullable=False),
    Column("intent", String(64), nullable=False),
    Column("use", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("batch_id", String(32), ForeignKey(teaching_batches.c.id)),
    Column("made_by", String(64), nullable=False),
    Column("made_at_ms", BigInteger, nullable=False),
    Column("decided_by", String(64)),
    Column("decided_at_ms", BigInteger),
    Index("ix_teaching_suggestions_state", "state", "made_at_ms"),
    Index("ix_teaching_suggestions_conversation", "conversation_id"),
    Index("ix_teaching_suggestions_batch", "batch_id"),
)
"""One for each turn. ``use``: ``teach`` (an example and a regression test) or ``measure`` (a label). ``state``:
``proposed`` | ``accepted`` | ``rejected``. Texts are masked."""
