"""Teaching: what staff say that turns were and meant, and the batches that models were trained with."""

import sqlalchemy as sa
from alembic import op

revision = "0013_teaching"
down_revision = "0012_data_rights"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "teaching_batches",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("parent_id", sa.String(32)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_at_ms", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "teaching_suggestions",
        sa.Column("id", sa.String(32), primary_key=True),
        _of("conversation_id", "conversations.id", 64, cascade=True),
        _of("turn_id", "turns.id", 64, cascade=True, unique=True),
        sa.Column("text_before", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("intent_before", sa.String(64), nullable=False),
        sa.Column("intent", sa.String(64), nullable=False),
        sa.Column("use", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        _of("batch_id", "teaching_batches.id", 32, nullable=True),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("decided_at_ms", sa.BigInteger()),
    )
    for name, columns in INDEXES.items():
        op.create_index(f"ix_teaching_suggestions_{name}", "teaching_suggestions", columns)


INDEXES = {
    "state": ["state", "made_at_ms"],
    "conversation": ["conversation_id"],
    "batch": ["batch_id"],
}


def downgrade() -> None:
    """Drop both; what was accepted lives on in its patches."""
    for table in ("teaching_suggestions", "teaching_batches"):
        op.drop_table(table)


def _of(
    name: str,
    target: str,
    length: int,
    *,
    cascade: bool = False,
    nullable: bool = False,
    unique: bool = False,
) -> sa.Column:
    foreign = sa.ForeignKey(target, ondelete="CASCADE" if cascade else None)
    return sa.Column(name, sa.String(length), foreign, nullable=nullable, unique=unique)
