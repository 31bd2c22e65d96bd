"""The number by which a borrower wants to be known is kept, sealed, until staff has changed it."""

import sqlalchemy as sa
from alembic import op

revision = "0006_new_phone"
down_revision = "0005_decisions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column to the conversation and one to the request that comes of it."""
    op.add_column("identity_sessions", sa.Column("new_phone_sealed", sa.LargeBinary()))
    op.add_column("service_requests", sa.Column("new_phone_sealed", sa.LargeBinary()))


def downgrade() -> None:
    """Forget the numbers."""
    for name in ("service_requests", "identity_sessions"):
        with op.batch_alter_table(name) as table:
            table.drop_column("new_phone_sealed")
