"""Digits that may have been heard in two ways: the second reading is kept, sealed, until the caller says which."""

import sqlalchemy as sa
from alembic import op

revision = "0014_second_readings"
down_revision = "0013_teaching"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column for each of the two numbers that a caller is asked for."""
    op.add_column("identity_sessions", sa.Column("other_phone_sealed", sa.LargeBinary()))
    op.add_column("identity_sessions", sa.Column("other_last4_sealed", sa.LargeBinary()))


def downgrade() -> None:
    """Forget the second readings."""
    with op.batch_alter_table("identity_sessions") as table:
        table.drop_column("other_last4_sealed")
        table.drop_column("other_phone_sealed")
