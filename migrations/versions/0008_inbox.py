"""The inbox: what conversations are found by, kept up to date through a queue that triggers fill; saved views."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0008_inbox"
down_revision = "0007_staff_console"
branch_labels = None
depends_on = None

SQLITE = (
    # Words and facets only, no positions: half the size, and nothing more than the masked transcript holds.
    """CREATE VIRTUAL TABLE conversation_fts USING fts5(words, content='conversation_words', content_rowid='number',
       detail=none, columnsize=0, tokenize="unicode61 remove_diacritics 0 tokenchars '_'")""",
    """CREATE TRIGGER conversation_words_insert AFTER INSERT ON conversation_words
       BEGIN INSERT INTO conversation_fts(rowid, words) VALUES (NEW.number, NEW.words); END""",
    """CREATE TRIGGER conversation_words_delete AFTER DELETE ON conversation_words
       BEGIN INSERT INTO conversation_fts(conversation_fts, rowid, words)
       VALUES ('delete', OLD.number, OLD.words); END""",
    """CREATE TRIGGER conversation_words_update AFTER UPDATE ON conversation_words
       BEGIN INSERT INTO conversation_fts(conversation_fts, rowid, words) VALUES ('delete', OLD.number, OLD.words);
       INSERT INTO conversation_fts(rowid, words) VALUES (NEW.number, NEW.words); END""",
    """CREATE TRIGGER conversations_made AFTER INSERT ON conversations
       BEGIN INSERT INTO conversations_to_index(conversation_id) VALUES (NEW.id); END""",
    """CREATE TRIGGER conversations_changed AFTER UPDATE ON conversations
       BEGIN INSERT INTO conversations_to_index(conversation_id) VALUES (NEW.id); END""",
)
POSTGRESQL = (
    "CREATE INDEX ix_conversation_words ON conversation_words USING gin (words)",
    """CREATE FUNCTION conversation_to_index() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN INSERT INTO conversations_to_index(conversation_id) VALUES (NEW.id); RETURN NULL; END $$""",
    """CREATE TRIGGER conversations_changed AFTER INSERT OR UPDATE ON conversations
       FOR EACH ROW EXECUTE FUNCTION conversation_to_index()""",
)


def upgrade() -> None:
    """Make the tables; what was said until now is put into the queue."""
    op.create_table(
        "conversation_index",
        sa.Column("number", _big(), primary_key=True, autoincrement=False),
        sa.Column(
            "conversation_id",
            sa.String(64),
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            nullable=False,
            unique=True,
        ),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("intents", sa.Text(), nullable=False),
        sa.Column("borrower", sa.String(80), nullable=False),
        sa.Column("borrower_id", sa.Integer()),
        sa.Column("lowest_confidence", sa.Float()),
        sa.Column("slowest_ms", sa.Integer()),
        sa.Column("indexed_at_ms", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_conversation_index_indexed", "conversation_index", ["indexed_at_ms"])
    op.create_table(
        "conversation_words",
        sa.Column(
            "number",
            _big(),
            sa.ForeignKey("conversation_index.number", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("words", sa.Text() if _on_sqlite() else TSVECTOR(), nullable=False),
    )
    op.create_table(
        "conversations_to_index",
        sa.Column("id", _big(), primary_key=True, autoincrement=True),
        sa.Column("conversation_id", sa.String(64), nullable=False),
    )
    op.create_table(
        "saved_views",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column(
            "account", sa.String(64), sa.ForeignKey("staff_accounts.name", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("query", sa.String(600), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_saved_views_account", "saved_views", ["account", "created_at_ms"])
    for statement in SQLITE if _on_sqlite() else POSTGRESQL:
        op.execute(statement)
    op.execute(
        "INSERT INTO conversations_to_index (conversation_id) SELECT id FROM conversations ORDER BY started_at_ms"
    )


def downgrade() -> None:
    """Drop it all: the transcripts themselves stay."""
    if _on_sqlite():
        for trigger in ("conversations_made", "conversations_changed"):
            op.execute(f"DROP TRIGGER {trigger}")
        op.execute("DROP TABLE conversation_fts")
    else:
        op.execute("DROP TRIGGER conversations_changed ON conversations")
        op.execute("DROP FUNCTION conversation_to_index()")
    for table in ("saved_views", "conversations_to_index", "conversation_words", "conversation_index"):
        op.drop_table(table)


def _on_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def _big() -> "sa.types.TypeEngine":
    """64 bits; SQLite's own row number is called INTEGER."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
