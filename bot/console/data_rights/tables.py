"""Tables of the data rights: the record of what was removed and handed out; created by migration 0012."""

from sqlalchemy import JSON, BigInteger, Column, Integer, MetaData, String, Table

metadata = MetaData()

data_rights_log = Table(
    "data_rights_log",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("account", String(64), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("borrower_id", Integer),
    Column("details", JSON, nullable=False),
)
"""Append-only. ``account`` is empty where the retention did it. ``details`` hold counts and how the identity was
checked, never words of the conversations nor numbers of the person."""
