"""Digits that a caller dictates in pieces are kept, sealed, until they are whole."""

import sqlalchemy as sa
from alembic import op

revision = "0003_dictated_digits"
down_revision = "0002_transcripts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column for each of the two numbers that are dictated."""
    op.add_column("identity_sessions", sa.Column("phone_piece_sealed", sa.LargeBinary()))
    op.add_column("identity_sessions", sa.Column("last4_piece_sealed", sa.LargeBinary()))


def downgrade() -> None:
    """Forget the pieces."""
    with op.batch_alter_table("identity_sessions") as table:
        table.drop_column("last4_piece_sealed")
        table.drop_column("phone_piece_sealed")
