"""Tables of the review: tags, flags, comments, scores, lists; created by migration 0010. Times are epoch ms (UTC)."""

from sqlalchemy import (
    JSON,
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
    UniqueConstraint,
)

from bot.console.tables import staff_accounts
from bot.transcript_tables import calls, conversations, turns

metadata = MetaData()


def _conversation(primary_key: bool = False) -> Column:
    key = ForeignKey(conversations.c.id, ondelete="CASCADE")
    return Column("conversation_id", String(64), key, nullable=False, primary_key=primary_key)


tags = Table(
    "review_tags",
    metadata,
    _conversation(primary_key=True),
    Column("tag", String(20), primary_key=True),
    Column("account", String(64), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Index("ix_review_tags_tag", "tag"),
)

flags = Table(
    "review_flags",
    metadata,
    _conversation(primary_key=True),
    Column("flag", String(16), primary_key=True),
    Column("account", String(64), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)

comments = Table(
    "review_comments",
    metadata,
    Column("id", String(32), primary_key=True),
    _conversation(),
    Column("turn_id", String(64), ForeignKey(turns.c.id, ondelete="CASCADE")),
    Column("account", String(64), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_review_comments_conversation", "conversation_id", "at_ms"),
    Index("ix_review_comments_turn", "turn_id"),
)
"""``turn_id`` None: about the whole conversation."""

score_sheets = Table(
    "review_score_sheets",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("criteria", JSON, nullable=False),
    Column("account", String(64), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)
"""Every version stays: ``criteria`` is a list of {code, name, meaning}."""

scores = Table(
    "review_scores",
    metadata,
    _conversation(primary_key=True),
    Column("account", String(64), primary_key=True),
    Column("sheet", Integer, ForeignKey(score_sheets.c.version), primary_key=True),
    Column("points", JSON, nullable=False),
    Column("mean", Float, nullable=False),
    Column("note", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)
"""``points``: code of the criterion -> 1 to 10. One row for each scorer and version of the sheet."""

lists = Table(
    "review_lists",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("account", String(64), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)

items = Table(
    "review_items",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("list_id", String(32), ForeignKey(lists.c.id, ondelete="CASCADE"), nullable=False),
    _conversation(),
    Column("assignee", String(64), ForeignKey(staff_accounts.c.name)),
    Column("made_at_ms", BigInteger, nullable=False),
    Column("done_at_ms", BigInteger),
    Column("done_by", String(64)),
    UniqueConstraint("list_id", "conversation_id", name="uq_review_items_list"),
    Index("ix_review_items_conversation", "conversation_id"),
    Index("ix_review_items_assignee", "assignee", "done_at_ms"),
)

call_waveforms = Table(
    "call_waveforms",
    metadata,
    Column("call_id", String(64), ForeignKey(calls.c.id, ondelete="CASCADE"), primary_key=True),
    Column("peaks", JSON, nullable=False),
)
"""What a recording looks like, computed once: a finished recording never changes."""
