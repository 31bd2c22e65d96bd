"""Seed: writes the demo data, and re-dates it to today whenever it is run again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection

from actions.lending import models
from actions.lending.catalogue import sync_catalogue
from actions.lending.clock import SYSTEM_CLOCK, Clock
from actions.lending.database import Database
from actions.lending.demo.people import demo_people
from actions.lending.demo.plans import plans
from actions.lending.demo.rows import DemoRows
from actions.lending.errors import LendingError
from actions.lending.keys import DataKeys
from actions.lending.policy import PolicyBook

_REWRITTEN = (
    models.credit_limits,
    models.loans,
    models.applications,
    models.businesses,
)
"""Emptied before the rows are written anew; what hangs on them goes with them."""

_KEPT = models.borrowers
"""Updated row by row, because sessions and requests refer to it."""


class RealCustomersPresent(LendingError):
    """The database holds borrowers that are no demo data, so that none may be written."""

    code = "real_customers_present"


def demo_rows(
    policies: PolicyBook, keys: DataKeys, today: date, product_ids: Mapping[str, int]
) -> dict[str, list[dict[str, Any]]]:
    """Return all demo rows by table name, as they have to be on ``today``."""
    rows = DemoRows(policies, keys, today, product_ids)
    for plan in plans(demo_people(), policies):
        rows.add_person(plan)
    return dict(rows.tables)


def write_demo_data(
    database: Database, keys: DataKeys, policies: PolicyBook, clock: Clock = SYSTEM_CLOCK
) -> None:
    """Write the demo data as of today. Leads, handoffs, locks and sessions stay.

    Raises RealCustomersPresent.
    """
    with database.writing() as connection:
        product_ids = sync_catalogue(connection, policies)
    # Sealing and playing the loans takes a moment: not while holding the write lock.
    rows = demo_rows(policies, keys, clock.today(), product_ids)
    with database.writing() as connection:
        real = select(func.count()).where(models.borrowers.c.is_demo.is_(False))
        if connection.execute(real).scalar_one() > 0:
            raise RealCustomersPresent("数据库里有真实客户，不会写入演示数据")
        for table in _REWRITTEN:
            connection.execute(delete(table))
        _keep(connection, _KEPT, rows[_KEPT.name])
        for table in models.metadata.sorted_tables:
            if table.name in rows and table is not _KEPT:
                connection.execute(insert(table), rows[table.name])
        if not database.is_sqlite:
            _advance_sequences(connection, list(rows))


def _keep(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    """Update rows that exist, insert the others."""
    existing = set(connection.execute(select(table.c.id)).scalars())
    for row in rows:
        if row["id"] in existing:
            connection.execute(update(table).where(table.c.id == row["id"]).values(**row))
    new = [row for row in rows if row["id"] not in existing]
    if new:
        connection.execute(insert(table), new)


def _advance_sequences(connection: Connection, tables: list[str]) -> None:
    """PostgreSQL counts ids by itself: tell it which ones were taken by hand."""
    for name in tables:
        highest = select(func.max(models.metadata.tables[name].c.id)).scalar_subquery()
        connection.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), highest)))
