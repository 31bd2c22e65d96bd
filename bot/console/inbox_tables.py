"""Tables of the inbox: what conversations are found by, and saved views; created by migration 0008."""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from bot.console.tables import staff_accounts
from bot.transcript_tables import conversations

metadata = MetaData()
_Number = BigInteger().with_variant(Integer(), "sqlite")

conversation_index = Table(
    "conversation_index",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("conversation_id", String(64), ForeignKey(conversations.c.id, ondelete="CASCADE"), unique=True),
    Column("outcome", String(16), nullable=False),
    Column("intents", Text, nullable=False),
    Column("borrower", String(80), nullable=False),
    Column("borrower_id", Integer),
    Column("lowest_confidence", Float),
    Column("slowest_ms", Integer),
    Column("mood", String(8), nullable=False, server_default="calm"),
    Column("indexed_at_ms", BigInteger, nullable=False),
    Index("ix_conversation_index_indexed", "indexed_at_ms"),
)
"""``number`` orders conversations by their start and is the cursor of the list (``inbox_index.number_of``)."""

conversation_words = Table(
    "conversation_words",
    metadata,
    Column("number", _Number, ForeignKey(conversation_index.c.number, ondelete="CASCADE"), primary_key=True),
    Column("words", Text, nullable=False),
)
"""``words`` are text in SQLite (triggers keep ``conversation_fts`` like it) and a tsvector in PostgreSQL."""

to_index = Table(
    "conversations_to_index",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("conversation_id", String(64), nullable=False),
)
"""A queue: triggers on ``conversations`` append to it, ``InboxIndex`` empties it."""

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", String(64), ForeignKey(staff_accounts.c.name, ondelete="CASCADE"), nullable=False),
    Column("name", String(40), nullable=False),
    Column("query", String(600), nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
)
