"""Dashboards: what a day's conversations come to, counted once; and how satisfied a customer was."""

import sqlalchemy as sa
from alembic import op

revision = "0009_dashboards"
down_revision = "0008_inbox"
branch_labels = None
depends_on = None

DAY_MS = 24 * 3600 * 1000
SHANGHAI_MS = 8 * 3600 * 1000


def upgrade() -> None:
    """Make the table with every day that has conversations, uncounted; queue all conversations for new facets."""
    op.add_column("conversations", sa.Column("rating", sa.Integer()))
    op.create_table(
        "dashboard_days",
        sa.Column("day", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("seen_changes", sa.BigInteger(), nullable=False),
        sa.Column("computed_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
    )
    # A literal has the column's type in SQLite; in a SELECT of PostgreSQL it is text.
    empty = "'{}'" if op.get_bind().dialect.name == "sqlite" else "CAST('{}' AS json)"
    op.execute(
        "INSERT INTO dashboard_days (day, changes, seen_changes, computed_at_ms, counts)"  # noqa: S608
        f" SELECT day, 1, 0, 0, {empty} FROM"
        f" (SELECT DISTINCT (started_at_ms + {SHANGHAI_MS}) / {DAY_MS} AS day FROM conversations) AS days"
    )
    op.execute("UPDATE conversations SET id = id")


def downgrade() -> None:
    """Drop both."""
    op.drop_table("dashboard_days")
    op.drop_column("conversations", "rating")  # in place: a rebuilt table would have lost its triggers
