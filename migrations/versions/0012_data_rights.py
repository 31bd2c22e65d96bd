"""Data rights: a record of what was removed and handed out, and a log of figures whose oldest rows may go in time."""

import sqlalchemy as sa
from alembic import op

revision = "0012_data_rights"
down_revision = "0011_live"
branch_labels = None
depends_on = None

REFUSAL = "data_rights_log is append-only"
KEPT = "disclosure_log is append-only"

SQLITE = (
    f"""CREATE TRIGGER data_rights_log_no_update BEFORE UPDATE ON data_rights_log
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER data_rights_log_no_delete BEFORE DELETE ON data_rights_log
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER data_rights_log_at_the_end BEFORE INSERT ON data_rights_log
        WHEN NEW.sequence <> (SELECT COALESCE(MAX(sequence), 0) + 1 FROM data_rights_log)
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",  # noqa: S608
    "DROP TRIGGER disclosure_log_no_delete",
    # Up to the sealed mark (actions/lending/disclosure_cut.py) and no further.
    f"""CREATE TRIGGER disclosure_log_no_delete BEFORE DELETE ON disclosure_log
        WHEN OLD.sequence > COALESCE(
          (SELECT CAST(value AS INTEGER) FROM lending_marks WHERE name = 'disclosure_cut'), 0)
        BEGIN SELECT RAISE(ABORT, '{KEPT}'); END""",  # noqa: S608
)
POSTGRESQL = (
    f"""CREATE FUNCTION data_rights_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
    """CREATE TRIGGER data_rights_log_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON data_rights_log
       FOR EACH STATEMENT EXECUTE FUNCTION data_rights_log_refuse()""",
    "DROP TRIGGER disclosure_log_no_change ON disclosure_log",
    """CREATE TRIGGER disclosure_log_no_change BEFORE UPDATE OR TRUNCATE ON disclosure_log
       FOR EACH STATEMENT EXECUTE FUNCTION disclosure_log_refuse()""",
    f"""CREATE FUNCTION disclosure_log_keep() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF OLD.sequence > COALESCE((SELECT split_part(value, ':', 1)::bigint FROM lending_marks
          WHERE name = 'disclosure_cut'), 0) THEN RAISE EXCEPTION '{KEPT}'; END IF; RETURN OLD; END $$""",  # noqa: S608
    """CREATE TRIGGER disclosure_log_no_delete BEFORE DELETE ON disclosure_log
       FOR EACH ROW EXECUTE FUNCTION disclosure_log_keep()""",
)
SQLITE_BACK = (
    "DROP TRIGGER disclosure_log_no_delete",
    f"""CREATE TRIGGER disclosure_log_no_delete BEFORE DELETE ON disclosure_log
        BEGIN SELECT RAISE(ABORT, '{KEPT}'); END""",
)
POSTGRESQL_BACK = (
    "DROP TRIGGER disclosure_log_no_delete ON disclosure_log",
    "DROP FUNCTION disclosure_log_keep()",
    "DROP TRIGGER disclosure_log_no_change ON disclosure_log",
    """CREATE TRIGGER disclosure_log_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosure_log
       FOR EACH STATEMENT EXECUTE FUNCTION disclosure_log_refuse()""",
)


def upgrade() -> None:
    """Make the record; let rows of the disclosure log go up to the sealed mark."""
    op.create_table(
        "data_rights_log",
        sa.Column("sequence", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("borrower_id", sa.Integer()),
        sa.Column("details", sa.JSON(), nullable=False),
    )
    for statement in SQLITE if _on_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take it back while nothing is on record."""
    if op.get_bind().execute(sa.text("SELECT 1 FROM data_rights_log LIMIT 1")).first() is not None:
        raise RuntimeError(
            "data_rights_log holds what was removed and handed out; a downgrade does not remove it"
        )
    op.drop_table("data_rights_log")
    for statement in SQLITE_BACK if _on_sqlite() else POSTGRESQL_BACK:
        op.execute(statement)
    if not _on_sqlite():
        op.execute("DROP FUNCTION data_rights_log_refuse()")


def _on_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
