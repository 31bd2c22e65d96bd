"""Tables of the staff console: accounts, sign-ins, the audit log; created by migrations 0002 and 0007.

Times are milliseconds since the epoch (UTC).
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

metadata = MetaData()

staff_accounts = Table(
    "staff_accounts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("password_hash", String(255), nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until_ms", BigInteger),
    Column("roles", String(64), nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("totp_sealed", LargeBinary),
    Column("totp_offered_sealed", LargeBinary),
    Column("totp_step", BigInteger),
)
"""``roles`` are joined with commas. ``must_change``: the password was chosen by somebody else and opens nothing but its
own page. ``totp_offered_sealed``: a secret that its owner has not confirmed yet. ``totp_step``: the last step used."""

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account", String(64), ForeignKey("staff_accounts.name", ondelete="CASCADE"), nullable=False),
    Column("csrf_token", String(64), nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("seen_at_ms", BigInteger, nullable=False),
    Column("needs_code", Boolean, nullable=False),
    Column("address", String(64), nullable=False),
    Column("browser", String(120), nullable=False),
)
"""``needs_code``: the password was right, the one-time code is still to come; such a row opens nothing else."""

sign_in_addresses = Table(
    "sign_in_addresses",
    metadata,
    Column("address", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("first_at_ms", BigInteger, nullable=False),
    Column("locked_until_ms", BigInteger),
)

staff_audit = Table(
    "staff_audit",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("account", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(100), nullable=False),
    Column("details", JSON, nullable=False),
    Index("ix_staff_audit_account", "account", "sequence"),
    Index("ix_staff_audit_subject", "subject", "sequence"),
)
"""Append-only: the database itself refuses to change or remove a row."""
