"""Tables of the transcripts; created by migration 0002_transcripts.

Times are milliseconds since the epoch (UTC): exact, and the same in SQLite and PostgreSQL.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
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

metadata = MetaData()

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("started_at_ms", BigInteger, nullable=False),
    Column("last_at_ms", BigInteger, nullable=False),
    Column("ended_at_ms", BigInteger),
    Column("ended_by", String(16)),
    Column("outcome", String(16), nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("turn_count", Integer, nullable=False),
    Column("first_words", Text, nullable=False),
    Column("rating", Integer),
    Index("ix_conversations_started", "started_at_ms"),
)

calls = Table(
    "calls",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("transport", String(16), nullable=False),
    Column("sample_rate_hz", Integer, nullable=False),
    Column("started_at_ms", BigInteger, nullable=False),
    Column("ended_at_ms", BigInteger),
    Column("duration_ms", BigInteger),
    Column("ended_by", String(16)),
    Column("failure", String(64)),
    Column("recording", String(128)),
    Column("recording_encrypted", Boolean, nullable=False),
    Index("ix_calls_conversation", "conversation_id"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("call_id", String(64)),
    Column("position", Integer, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("via", String(16), nullable=False),
    Column("customer_text", Text, nullable=False),
    Column("heard", Text, nullable=False),
    Column("recognizer", String(32), nullable=False),
    Column("recognition_confidence", Float),
    Column("bot_text", JSON, nullable=False),
    Column("intent", String(64)),
    Column("confidence", Float),
    Column("intent_ranking", JSON, nullable=False),
    Column("entities", JSON, nullable=False),
    Column("actions", JSON, nullable=False),
    Column("expects", JSON, nullable=False),
    Column("next_step", String(16), nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("failure", String(64)),
    Column("speech_start_ms", Integer),
    Column("speech_end_ms", Integer),
    Column("endpointing_ms", Integer),
    Column("recognition_ms", Integer),
    Column("dialogue_ms", Integer),
    Column("first_audio_ms", Integer),
    Column("first_figure_ms", Integer),
    Column("interrupted", Boolean, nullable=False),
    Column("not_heard", Text, nullable=False),
    Column("staff", String(64)),
    Index("ix_turns_conversation", "conversation_id", "position"),
)

figures = Table(
    "disclosed_figures",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("turn_id", String(64), ForeignKey("turns.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(64), nullable=False),
    Column("value", Text, nullable=False),
    Column("unit", String(32), nullable=False),
    Column("inputs", JSON, nullable=False),
    Index("ix_disclosed_figures_turn", "turn_id"),
)

call_events = Table(
    "call_events",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("call_id", String(64), ForeignKey("calls.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("audio_ms", Integer, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("details", JSON, nullable=False),
    Index("ix_call_events_call", "call_id", "position"),
)
