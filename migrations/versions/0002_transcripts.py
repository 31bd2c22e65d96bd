"""Transcripts, calls and the staff's accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0002_transcripts"
down_revision = "0001_lending"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("started_at_ms", sa.BigInteger, nullable=False),
        sa.Column("last_at_ms", sa.BigInteger, nullable=False),
        sa.Column("ended_at_ms", sa.BigInteger),
        sa.Column("ended_by", sa.String(16)),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("verified", sa.Boolean, nullable=False),
        sa.Column("turn_count", sa.Integer, nullable=False),
        sa.Column("first_words", sa.Text, nullable=False),
    )
    op.create_index("ix_conversations_started", "conversations", ["started_at_ms"])
    op.create_table(
        "calls",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column(
            "conversation_id",
            sa.String(64),
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("transport", sa.String(16), nullable=False),
        sa.Column("sample_rate_hz", sa.Integer, nullable=False),
        sa.Column("started_at_ms", sa.BigInteger, nullable=False),
        sa.Column("ended_at_ms", sa.BigInteger),
        sa.Column("duration_ms", sa.BigInteger),
        sa.Column("ended_by", sa.String(16)),
        sa.Column("failure", sa.String(64)),
        sa.Column("recording", sa.String(128)),
        sa.Column("recording_encrypted", sa.Boolean, nullable=False),
    )
    op.create_index("ix_calls_conversation", "calls", ["conversation_id"])
    op.create_table(
        "turns",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column(
            "conversation_id",
            sa.String(64),
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("call_id", sa.String(64)),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("via", sa.String(16), nullable=False),
        sa.Column("customer_text", sa.Text, nullable=False),
        sa.Column("heard", sa.Text, nullable=False),
        sa.Column("recognizer", sa.String(32), nullable=False),
        sa.Column("recognition_confidence", sa.Float),
        sa.Column("bot_text", sa.JSON, nullable=False),
        sa.Column("intent", sa.String(64)),
        sa.Column("confidence", sa.Float),
        sa.Column("intent_ranking", sa.JSON, nullable=False),
        sa.Column("entities", sa.JSON, nullable=False),
        sa.Column("actions", sa.JSON, nullable=False),
        sa.Column("expects", sa.JSON, nullable=False),
        sa.Column("next_step", sa.String(16), nullable=False),
        sa.Column("verified", sa.Boolean, nullable=False),
        sa.Column("failure", sa.String(64)),
        sa.Column("speech_start_ms", sa.Integer),
        sa.Column("speech_end_ms", sa.Integer),
        sa.Column("endpointing_ms", sa.Integer),
        sa.Column("recognition_ms", sa.Integer),
        sa.Column("dialogue_ms", sa.Integer),
        sa.Column("first_audio_ms", sa.Integer),
        sa.Column("first_figure_ms", sa.Integer),
        sa.Column("interrupted", sa.Boolean, nullable=False),
        sa.Column("not_heard", sa.Text, nullable=False),
    )
    op.create_index("ix_turns_conversation", "turns", ["conversation_id", "position"])
    op.create_table(
        "disclosed_figures",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("turn_id", sa.String(64), sa.ForeignKey("turns.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("inputs", sa.JSON, nullable=False),
    )
    op.create_index("ix_disclosed_figures_turn", "disclosed_figures", ["turn_id"])
    op.create_table(
        "call_events",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("call_id", sa.String(64), sa.ForeignKey("calls.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("audio_ms", sa.Integer, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
    )
    op.create_index("ix_call_events_call", "call_events", ["call_id", "position"])
    op.create_table(
        "staff_accounts",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until_ms", sa.BigInteger),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column(
            "account", sa.String(64), sa.ForeignKey("staff_accounts.name", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("csrf_token", sa.String(64), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.Column("seen_at_ms", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop them; the recordings stay on disk."""
    for table in (
        "staff_sessions",
        "staff_accounts",
        "call_events",
        "disclosed_figures",
        "turns",
        "calls",
        "conversations",
    ):
        op.drop_table(table)
