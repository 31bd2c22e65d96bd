"""Catalogue: the institutions and products of the policy files as rows that applications and loans refer to."""

from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from actions.lending.models import institutions, products
from actions.lending.policy import PolicyBook


def sync_catalogue(connection: Connection, policies: PolicyBook) -> dict[str, int]:
    """Write every institution and product; return the products' ids by code.

    A product that left the policy files keeps its row: its loans live on.
    """
    institution_ids: dict[str, int] = {}
    product_ids: dict[str, int] = {}
    for product in policies.all_versions():
        if product.institution_code not in institution_ids:
            institution_ids[product.institution_code] = _write(
                connection, institutions, product.institution_code, name=product.institution
            )
        if product.code not in product_ids:
            product_ids[product.code] = _write(
                connection,
                products,
                product.code,
                name=product.name,
                institution_id=institution_ids[product.institution_code],
            )
    return product_ids


def _write(connection: Connection, table: Any, code: str, **values: Any) -> int:
    """Update the row with that code, or insert it; return its id."""
    row_id = connection.execute(select(table.c.id).where(table.c.code == code)).scalar()
    if row_id is not None:
        connection.execute(update(table).where(table.c.id == row_id).values(**values))
        return int(row_id)
    result = connection.execute(insert(table).values(code=code, **values))
    return int(result.inserted_primary_key[0])
