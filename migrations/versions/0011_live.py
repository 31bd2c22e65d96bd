"""Live: who of the staff wrote a turn, and when a customer wants to be called back."""

import sqlalchemy as sa
from alembic import op

revision = "0011_live"
down_revision = "0010_review"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns that older rows leave empty."""
    op.add_column("turns", sa.Column("staff", sa.String(64)))
    op.add_column("service_requests", sa.Column("wished", sa.String(60)))
    op.add_column("service_requests", sa.Column("wished_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Who wrote and the wished times are lost."""
    for name, columns in (("service_requests", ("wished_at", "wished")), ("turns", ("staff",))):
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.drop_column(column)
