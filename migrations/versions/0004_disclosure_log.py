"""The log of disclosed figures: rows that the database itself refuses to change or remove."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004_disclosure_log"
down_revision = "0003_dictated_digits"
branch_labels = None
depends_on = None

REFUSAL = "disclosure_log is append-only"

SQLITE = (
    f"""CREATE TRIGGER disclosure_log_no_update BEFORE UPDATE ON disclosure_log
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER disclosure_log_no_delete BEFORE DELETE ON disclosure_log
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    # INSERT OR REPLACE removes a row without any delete trigger; and a row belongs at the end.
    f"""CREATE TRIGGER disclosure_log_at_the_end BEFORE INSERT ON disclosure_log
        WHEN NEW.sequence <> (SELECT COALESCE(MAX(sequence), 0) + 1 FROM disclosure_log)
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",  # noqa: S608
)
POSTGRESQL = (
    f"""CREATE FUNCTION disclosure_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
    """CREATE TRIGGER disclosure_log_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosure_log
       FOR EACH STATEMENT EXECUTE FUNCTION disclosure_log_refuse()""",
)


def upgrade() -> None:
    """Make the table, its guards and the identity of this log, which its first hash and its anchors carry."""
    op.create_table(
        "disclosure_log",
        sa.Column("sequence", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conversation_id", sa.String(100), nullable=False, index=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.String(20)),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("own_hash", sa.String(64), nullable=False),
    )
    for statement in SQLITE if _on_sqlite() else POSTGRESQL:
        op.execute(statement)
    marks = sa.table("lending_marks", sa.column("name"), sa.column("value"))
    op.execute(marks.insert().values(name="disclosure_log_id", value=secrets.token_hex(16)))


def downgrade() -> None:
    """Take it back while it is empty; what customers were told is not thrown away by a migration."""
    rows = op.get_bind().execute(sa.text("SELECT 1 FROM disclosure_log LIMIT 1")).first()
    if rows is not None:
        raise RuntimeError("disclosure_log holds what customers were told; it is not removed by a downgrade")
    op.drop_table("disclosure_log")
    if not _on_sqlite():
        op.execute("DROP FUNCTION disclosure_log_refuse()")
    op.execute("DELETE FROM lending_marks WHERE name IN ('disclosure_log_id', 'disclosure_head')")


def _on_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
