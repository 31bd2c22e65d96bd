"""The review: tags, flags, comments, scores and lists of conversations; moods; waveforms that are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0010_review"
down_revision = "0009_dashboards"
branch_labels = None
depends_on = None

TABLES = (
    "call_waveforms",
    "review_items",
    "review_lists",
    "review_scores",
    "review_score_sheets",
    "review_comments",
    "review_flags",
    "review_tags",
)


def upgrade() -> None:
    """Make the tables; all conversations are queued, their index gets moods and pairs of characters."""
    _remarks()
    _scores()
    _lists()
    op.create_table(
        "call_waveforms",
        _reference("call_id", "calls.id", primary_key=True),
        sa.Column("peaks", sa.JSON(), nullable=False),
    )
    op.add_column(
        "conversation_index", sa.Column("mood", sa.String(8), server_default="calm", nullable=False)
    )
    op.execute(
        "INSERT INTO conversations_to_index (conversation_id) SELECT id FROM conversations ORDER BY started_at_ms"
    )


def downgrade() -> None:
    """Drop it all."""
    with op.batch_alter_table("conversation_index") as table:
        table.drop_column("mood")
    for table_name in TABLES:
        op.drop_table(table_name)


def _remarks() -> None:
    op.create_table(
        "review_tags",
        _reference("conversation_id", "conversations.id", primary_key=True),
        sa.Column("tag", sa.String(20), primary_key=True),
        *_made(),
    )
    op.create_index("ix_review_tags_tag", "review_tags", ["tag"])
    op.create_table(
        "review_flags",
        _reference("conversation_id", "conversations.id", primary_key=True),
        sa.Column("flag", sa.String(16), primary_key=True),
        *_made(),
    )
    op.create_table(
        "review_comments",
        sa.Column("id", sa.String(32), primary_key=True),
        _reference("conversation_id", "conversations.id"),
        sa.Column("turn_id", sa.String(64), sa.ForeignKey("turns.id", ondelete="CASCADE")),
        *_made(),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_index("ix_review_comments_conversation", "review_comments", ["conversation_id", "at_ms"])
    # Deleting a turn must not read every comment.
    op.create_index("ix_review_comments_turn", "review_comments", ["turn_id"])


def _scores() -> None:
    op.create_table(
        "review_score_sheets",
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        *_made(),
    )
    op.create_table(
        "review_scores",
        _reference("conversation_id", "conversations.id", primary_key=True),
        sa.Column("account", sa.String(64), primary_key=True),
        sa.Column("sheet", sa.Integer(), sa.ForeignKey("review_score_sheets.version"), primary_key=True),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("mean", sa.Float(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
    )


def _lists() -> None:
    op.create_table(
        "review_lists",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        *_made(),
    )
    op.create_table(
        "review_items",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column(
            "list_id", sa.String(32), sa.ForeignKey("review_lists.id", ondelete="CASCADE"), nullable=False
        ),
        _reference("conversation_id", "conversations.id"),
        sa.Column("assignee", sa.String(64), sa.ForeignKey("staff_accounts.name")),
        sa.Column("made_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("done_at_ms", sa.BigInteger()),
        sa.Column("done_by", sa.String(64)),
        sa.UniqueConstraint("list_id", "conversation_id", name="uq_review_items_list"),
    )
    op.create_index("ix_review_items_conversation", "review_items", ["conversation_id"])
    op.create_index("ix_review_items_assignee", "review_items", ["assignee", "done_at_ms"])


def _reference(name: str, target: str, primary_key: bool = False) -> "sa.Column":
    key = sa.ForeignKey(target, ondelete="CASCADE")
    return sa.Column(name, sa.String(64), key, nullable=False, primary_key=primary_key)


def _made() -> "tuple[sa.Column, sa.Column]":
    return (
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
    )
