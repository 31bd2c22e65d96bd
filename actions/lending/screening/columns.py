"""Columns of a table of businesses: which inputs they hold, and what becomes of values that cannot be."""

from collections.abc import Mapping

from actions.lending.decision_inputs import CHOICES, INPUT_KINDS, MAX_COUNT, MAX_MONEY_FEN, InputKind
from actions.lending.screening.errors import ColumnsUnfit
from actions.lending.screening.sql_text import named, quoted

KEY_COLUMN = "applicant_key"
"""UBIGINT, optional: decides between versions side by side (version_share); absent or null gets the regular one."""
ID_COLUMN = "business_id"
"""Optional, of any type: copied to the result."""

WISHES = ("wanted_amount_fen", "wanted_term_months")
"""A table of businesses that have asked for nothing has no wishes: products are compared by the reference loan."""
SCREENED = tuple(name for name in INPUT_KINDS if name not in WISHES)

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_SQL_TYPE = {
    InputKind.COUNT: "BIGINT",
    InputKind.MONEY: "BIGINT",
    InputKind.CHOICE: "VARCHAR",
    InputKind.FLAG: "BOOLEAN",
}


def check_columns(types: Mapping[str, str]) -> None:
    """Hold a table's columns (name -> DuckDB type) against the inputs. Raises ColumnsUnfit.

    An unknown column is refused, not passed over: a misspelt input would silently count as unknown for everybody.
    """
    known = {*SCREENED, KEY_COLUMN, ID_COLUMN}
    strange = sorted(set(types) - known)
    if strange:
        raise ColumnsUnfit(f"表里有筛查不认识的列：{'、'.join(strange)}。可用的列：{'、'.join(SCREENED)}")
    if not set(types) & set(SCREENED):
        raise ColumnsUnfit(f"表里没有任何可用的列。可用的列：{'、'.join(SCREENED)}")
    for name, sql_type in types.items():
        if name in SCREENED and not _fits(INPUT_KINDS[name], sql_type):
            raise ColumnsUnfit(f"列 {name} 的类型是 {sql_type}，应该是 {_SQL_TYPE[INPUT_KINDS[name]]}")
    if types.get(KEY_COLUMN, "UBIGINT") != "UBIGINT":
        raise ColumnsUnfit(f"列 {KEY_COLUMN} 的类型是 {types[KEY_COLUMN]}，应该是 UBIGINT")


def input_columns(present: Mapping[str, str]) -> list[str]:
    """Return the select list that gives every input its type; absent ones are null."""
    columns = [
        f"{named(name) if name in present else 'NULL'}::{_SQL_TYPE[INPUT_KINDS[name]]} AS {name}"
        for name in SCREENED
    ]
    columns.append(f"{KEY_COLUMN if KEY_COLUMN in present else 'NULL::UBIGINT'} AS {KEY_COLUMN}")
    return [*columns, named(ID_COLUMN)] if ID_COLUMN in present else columns


def is_impossible(present: Mapping[str, str]) -> str:
    """Return the condition that some input has a value that BusinessFacts would refuse."""
    return " OR ".join(_impossible(name) for name in _checked(present)) or "FALSE"


def impossible_names(present: Mapping[str, str]) -> str:
    """Return the names of those inputs, joined by commas."""
    checks = [f"CASE WHEN {_impossible(name)} THEN {quoted(name)} END" for name in _checked(present)]
    return f"concat_ws(',', {', '.join(checks)})" if checks else "''"


def _checked(present: Mapping[str, str]) -> list[str]:
    """Inputs of which not every value of the type is possible."""
    return [name for name in SCREENED if name in present and (name in CHOICES or _most(name) is not None)]


def _impossible(name: str) -> str:
    """Never null. A map instead of IN: Parquet's dictionaries make a look-up by value cheap, long lists are not."""
    if name in CHOICES:
        possible = ", ".join(f"{quoted(choice)}: FALSE" for choice in CHOICES[name])
        return f"coalesce(MAP {{{possible}}}[{name}], {name} IS NOT NULL)"
    return f"coalesce({name} NOT BETWEEN 0 AND {_most(name)}, FALSE)"


def _most(name: str) -> int | None:
    return {InputKind.MONEY: MAX_MONEY_FEN, InputKind.COUNT: MAX_COUNT}.get(INPUT_KINDS[name])


def _fits(kind: InputKind, sql_type: str) -> bool:
    if kind is InputKind.CHOICE:
        return sql_type == "VARCHAR" or sql_type.startswith("ENUM")
    if kind is InputKind.FLAG:
        return sql_type == "BOOLEAN"
    return sql_type in _INTEGERS
