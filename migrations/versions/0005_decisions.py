"""Decisions that were told, their policies, and who was a first-time borrower at application and disbursement."""

import sqlalchemy as sa
from alembic import op

revision = "0005_decisions"
down_revision = "0004_disclosure_log"
branch_labels = None
depends_on = None

KEPT = ("policy_archive", "decision_records")
RECORDED = ("applications", "loans")


def upgrade() -> None:
    """Make both tables with their guards; take over what the borrowers' rows say for older applications and loans."""
    op.create_table(
        "policy_archive",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "decision_records",
        sa.Column("reference", sa.String(20), primary_key=True),
        sa.Column("conversation_id", sa.String(100), nullable=False, index=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("engine_version", sa.String(20), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("policies", sa.Text(), nullable=False),
        sa.Column("words", sa.String(64), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("result_digest", sa.String(64), nullable=False),
    )
    for table in KEPT:
        for statement in _guards(table):
            op.execute(statement)
    for table in RECORDED:
        op.add_column(table, sa.Column("is_first_time_borrower", sa.Boolean()))
        op.execute(
            f"UPDATE {table} SET is_first_time_borrower = (SELECT b.is_first_time_borrower FROM borrowers b"  # noqa: S608
            f" WHERE b.id = {table}.borrower_id)"
        )
    op.add_column("service_requests", sa.Column("is_first_time_borrower", sa.Boolean()))


def downgrade() -> None:
    """Take it back while no decision was told; such records are not thrown away by a migration."""
    if op.get_bind().execute(sa.text("SELECT 1 FROM decision_records LIMIT 1")).first() is not None:
        raise RuntimeError(
            "decision_records holds what customers were told; it is not removed by a downgrade"
        )
    for table in (*RECORDED, "service_requests"):
        op.drop_column(table, "is_first_time_borrower")
    for table in KEPT:
        op.drop_table(table)
        if not _on_sqlite():
            op.execute(f"DROP FUNCTION {table}_refuse()")


def _guards(table: str) -> tuple[str, ...]:
    """Triggers that refuse every change but a new row."""
    refusal = f"{table} is append-only"
    if _on_sqlite():
        return (
            f"""CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
                BEGIN SELECT RAISE(ABORT, '{refusal}'); END""",
            f"""CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
                BEGIN SELECT RAISE(ABORT, '{refusal}'); END""",
        )
    return (
        f"""CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{refusal}'; END $$""",
        f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()""",
    )


def _on_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
