"""Invented businesses by the million, to try and to measure screening: no row describes anybody."""

from pathlib import Path

import duckdb

from actions.lending.decision_inputs import CORE_ENTERPRISE_GRADES, TAX_GRADES
from actions.lending.provinces import PROVINCES
from actions.lending.screening.sql_text import quoted


def write_businesses(path: Path, rows: int, industries: tuple[str, ...]) -> None:
    """Write a Parquet file with every input of BusinessFacts but what is wanted, and a ``business_id``.

    The same rows on every machine with the same DuckDB; written in pieces, so in bounded memory.
    """
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1; SET preserve_insertion_order = true")
        connection.execute(f"COPY ({_businesses(rows, industries)}) TO {quoted(str(path))} (FORMAT parquet)")


def _businesses(rows: int, industries: tuple[str, ...]) -> str:
    """Figures that hang together: invoices follow turnover, tax follows invoices, orders a core enterprise."""
    turnover = f"exp(11.5 + 4.2 * ({_chance(1)} + {_chance(2)} + {_chance(3)}) / 3)"
    return f"""
        WITH scale AS (SELECT i, {turnover} AS turnover, {_chance(4)} AS invoiced, {_chance(5)} < 0.12 AS supplies,
                              {_chance(6)} < 0.35 AS owns FROM range({rows}) AS rows(i))
        SELECT i AS business_id, hash(i)::UBIGINT AS applicant_key,
               {_unknown(10, 0.02, f"(180 * pow({_chance(11)}, 2))::BIGINT")} AS business_months,
               {_unknown(12, 0.01, _one_of(13, industries))} AS industry,
               {_unknown(14, 0.01, _one_of(15, PROVINCES))} AS region,
               {_unknown(16, 0.25, _one_of(17, TAX_GRADES))} AS tax_grade,
               {_unknown(18, 0.25, _fen(f"turnover * invoiced * (0.01 + 0.04 * {_chance(19)})"))} AS tax_paid_12m_fen,
               {_unknown(20, 0.20, _fen("turnover * invoiced"))} AS invoices_12m_fen,
               {_unknown(20, 0.20, f"(12 * sqrt({_chance(21)}))::BIGINT")} AS invoice_months,
               {_unknown(22, 0.05, _fen("turnover"))} AS turnover_12m_fen,
               CASE WHEN supplies THEN {_fen(f"turnover * {_chance(23)}")} END AS orders_fen,
               CASE WHEN supplies THEN {_fen(f"turnover * 0.4 * {_chance(24)}")} END AS receivables_fen,
               CASE WHEN supplies THEN {_one_of(25, CORE_ENTERPRISE_GRADES)} END AS core_enterprise_grade,
               CASE WHEN owns THEN {_fen(f"200000 + 4000000 * pow({_chance(26)}, 2)")} END AS collateral_value_fen,
               CASE WHEN owns THEN {_fen(f"900000 * greatest(0, {_chance(27)} - 0.4)")} END AS collateral_debt_fen,
               {_unknown(28, 0.02, f"(19 + 50 * {_chance(29)})::BIGINT")} AS owner_age,
               {_unknown(30, 0.05, f"{_chance(31)} < 0.45")} AS owner_has_bank_credit,
               {_unknown(32, 0.05, f"{_chance(33)} < 0.06")} AS owner_has_overdue_debt,
               {_unknown(32, 0.05, f"(6 * pow({_chance(34)}, 4))::BIGINT")} AS owner_overdue_count_24m,
               {_unknown(32, 0.05, f"(7 * pow({_chance(35)}, 2))::BIGINT")} AS owner_lenders,
               {_unknown(32, 0.05, _fen(f"400000 * pow({_chance(36)}, 3)"))} AS owner_debt_fen,
               {_unknown(37, 0.05, f"{_chance(38)} < 0.7")} AS is_first_time_borrower
        FROM scale"""


def _chance(salt: int) -> str:
    """A number from 0 to 1 that depends on the row and the salt only."""
    return f"(hash(i * 64 + {salt}) % 1000003 / 1000003.0)"


def _unknown(salt: int, share: float, value: str) -> str:
    return f"CASE WHEN {_chance(salt)} >= {share} THEN {value} END"


def _one_of(salt: int, values: tuple[str, ...]) -> str:
    listed = ", ".join(quoted(value) for value in values)
    return f"([{listed}])[1 + (hash(i * 64 + {salt}) % {len(values)})::INTEGER]"


def _fen(yuan: str) -> str:
    return f"floor(100 * ({yuan}))::BIGINT"
