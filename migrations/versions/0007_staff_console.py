"""Roles, one-time codes, sign-in failures by address, and an audit log that the database refuses to change."""

import sqlalchemy as sa
from alembic import op

revision = "0007_staff_console"
down_revision = "0006_new_phone"
branch_labels = None
depends_on = None

REFUSAL = "staff_audit is append-only"

SQLITE = (
    f"""CREATE TRIGGER staff_audit_no_update BEFORE UPDATE ON staff_audit
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER staff_audit_no_delete BEFORE DELETE ON staff_audit
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    # INSERT OR REPLACE removes a row without any delete trigger; and a row belongs at the end.
    f"""CREATE TRIGGER staff_audit_at_the_end BEFORE INSERT ON staff_audit
        WHEN NEW.sequence <> (SELECT COALESCE(MAX(sequence), 0) + 1 FROM staff_audit)
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",  # noqa: S608
)
POSTGRESQL = (
    f"""CREATE FUNCTION staff_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
    """CREATE TRIGGER staff_audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_audit
       FOR EACH STATEMENT EXECUTE FUNCTION staff_audit_refuse()""",
)


def upgrade() -> None:
    """Add the columns (whoever had an account until now is an administrator) and make the tables."""
    for column in (
        sa.Column("roles", sa.String(64), nullable=False, server_default="admin"),
        sa.Column("disabled", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("totp_sealed", sa.LargeBinary()),
        sa.Column("totp_offered_sealed", sa.LargeBinary()),
        sa.Column("totp_step", sa.BigInteger()),
    ):
        op.add_column("staff_accounts", column)
    for column in (
        sa.Column("needs_code", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("address", sa.String(64), nullable=False, server_default=""),
        sa.Column("browser", sa.String(120), nullable=False, server_default=""),
    ):
        op.add_column("staff_sessions", column)
    op.create_table(
        "sign_in_addresses",
        sa.Column("address", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("first_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("locked_until_ms", sa.BigInteger()),
    )
    op.create_table(
        "staff_audit",
        sa.Column("sequence", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
    )
    op.create_index("ix_staff_audit_account", "staff_audit", ["account", "sequence"])
    op.create_index("ix_staff_audit_subject", "staff_audit", ["subject", "sequence"])
    for statement in SQLITE if _on_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take it back while nobody's doings are on record; an audit log is not thrown away by a migration."""
    if op.get_bind().execute(sa.text("SELECT 1 FROM staff_audit LIMIT 1")).first() is not None:
        raise RuntimeError("staff_audit holds what staff did; it is not removed by a downgrade")
    op.drop_table("staff_audit")
    if not _on_sqlite():
        op.execute("DROP FUNCTION staff_audit_refuse()")
    op.drop_table("sign_in_addresses")
    for table, columns in (
        ("staff_sessions", ("needs_code", "address", "browser")),
        (
            "staff_accounts",
            ("roles", "disabled", "must_change", "totp_sealed", "totp_offered_sealed", "totp_step"),
        ),
    ):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)


def _on_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
