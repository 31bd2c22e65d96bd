"""Tables of the dashboards: one row a day with what was counted in it; created by migration 0009."""

from sqlalchemy import JSON, BigInteger, Column, Integer, MetaData, Table

metadata = MetaData()

dashboard_days = Table(
    "dashboard_days",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("changes", BigInteger, nullable=False),
    Column("seen_changes", BigInteger, nullable=False),
    Column("computed_at_ms", BigInteger, nullable=False),
    Column("counts", JSON, nullable=False),
)
"""``day``: days since 1970-01-01 in Shanghai. ``changes`` grows whenever a conversation of the day is indexed;
``counts`` hold those up to ``seen_changes``."""
