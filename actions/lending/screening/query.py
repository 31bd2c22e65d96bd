"""Query: all policies in force as one SQL statement over a table of businesses."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from actions.lending.decision_policy import PPM
from actions.lending.products import Product
from actions.lending.screening.columns import ID_COLUMN, impossible_names, input_columns, is_impossible
from actions.lending.screening.conditions import limit_fen_sql, rate_ppm_sql
from actions.lending.screening.cost_order import cost_order
from actions.lending.screening.rule_bits import (
    Bits,
    asked_bits,
    asked_columns,
    reason_bits,
    reason_columns,
)
from actions.lending.screening.sql_text import named, quoted
from actions.lending.screening.version_query import bucket_stages, is_chosen

_PLACE_BITS = 10
_PLACES = 1 << _PLACE_BITS
"""A row's best product is one number: class, then rank, then which product; fewer products than this."""
_UNDECIDED = 1 << 40
_INELIGIBLE = 2 * _UNDECIDED


def screening_query(source: str, types: Mapping[str, str], products: Sequence[Product]) -> str:
    """Return the statement that decides on every row of ``source`` (a table expression with these columns).

    Result: ``business_id`` if the source has it, ``decision`` (eligible, undecided, ineligible, invalid), ``product``,
    ``policy_version``, ``limit_fen``, ``annual_rate`` (a decimal share), ``reason_codes`` (why the nearest product is
    out of reach), ``inputs`` (what has to be known, or what cannot be). Order of the products as ``decision.decide``.
    """
    assert len(products) < _PLACES, "more products than a row's best can be told by"
    broken, missing = reason_bits(products), asked_bits(products)
    chosen = [is_chosen(products, index) for index in range(len(products))]
    words = [*reason_columns(products, broken), *asked_columns(products, missing)]
    return f"""
        WITH inputs AS (SELECT {", ".join(input_columns(types))} FROM {source}),
             {_stages(bucket_stages(products))}
             words AS (SELECT *, {is_impossible(types)} AS impossible, {", ".join(words)} FROM shares),
             cheapest AS (SELECT *, least({_cheapest(products, broken, missing, chosen)}) AS cheapest FROM words),
             best AS (SELECT *, CASE WHEN cheapest IS NOT NULL THEN cheapest
                                     ELSE least({_nearest(broken, missing, chosen)}) END AS best FROM cheapest),
             placed AS (SELECT *, best & {_PLACES - 1} AS place,
                               CASE WHEN impossible THEN 'invalid' WHEN best >= {_INELIGIBLE} THEN 'ineligible'
                                    WHEN best >= {_UNDECIDED} THEN 'undecided' ELSE 'eligible' END AS decision
                        FROM best)
        SELECT {", ".join(_result(products, broken, missing, types))} FROM placed"""


def _stages(selects: Sequence[str]) -> str:
    """Stages one behind the other, from ``inputs`` to ``shares``."""
    names = ["inputs", *(f"share_{number}" for number in range(len(selects)))]
    stages = [
        f"{after} AS (SELECT {one} FROM {before}),"
        for before, after, one in zip(names[:-1], names[1:], selects, strict=True)
    ]
    return " ".join([*stages, f"shares AS (SELECT * FROM {names[-1]}),"])


def _cheapest(
    products: Sequence[Product], broken: Sequence[Bits], missing: Sequence[Bits], chosen: Sequence[str]
) -> str:
    """For each product the rank of its cost where the row is eligible, else null."""
    order = cost_order(products)

    def rank(index: int) -> str:
        fits = f"{broken[index].none()} AND {missing[index].none()}"
        by_rate = " ".join(
            f"WHEN {one.rate_ppm} THEN {rank * _PLACES + index}"
            for rank, one in enumerate(order)
            if one.place == index
        )
        only = f" AND {chosen[index]}" if chosen[index] else ""
        return f"CASE WHEN {fits}{only} THEN CASE {rate_ppm_sql(products[index])} {by_rate} END END"

    return ", ".join(rank(index) for index in range(len(products)))


def _nearest(broken: Sequence[Bits], missing: Sequence[Bits], chosen: Sequence[str]) -> str:
    """For each product, of which none is eligible: how much is missing, or how much stands against it."""

    def distance(index: int) -> str:
        unfit = f"{_INELIGIBLE + index} + {_PLACES}::BIGINT * {broken[index].count()}"
        unknown = f"{_UNDECIDED + index} + {_PLACES}::BIGINT * {missing[index].count()}"
        one = f"CASE WHEN {broken[index].any()} THEN {unfit} ELSE {unknown} END"
        return f"CASE WHEN {chosen[index]} THEN {one} END" if chosen[index] else one

    return ", ".join(distance(index) for index in range(len(broken)))


def _result(
    products: Sequence[Product], broken: Sequence[Bits], missing: Sequence[Bits], types: Mapping[str, str]
) -> list[str]:
    def of_place(values: list[str]) -> str:
        return f"CASE place {' '.join(f'WHEN {index} THEN {one}' for index, one in enumerate(values))} END"

    reasons = of_place([one.set_names() for one in broken])
    unknown = of_place([one.set_names() for one in missing])
    codes, versions = (
        f"([{', '.join(map(quoted, names))}])[place + 1]"
        for names in zip(*((one.code, one.version) for one in products), strict=True)
    )
    rates = ", ".join(f"{Decimal(one.rate_ppm) / PPM}::DECIMAL(7, 6)" for one in cost_order(products))
    impossible = impossible_names(types)
    limits = of_place([limit_fen_sql(product) for product in products])
    return [
        *([named(ID_COLUMN)] if ID_COLUMN in types else []),
        "decision",
        f"CASE WHEN NOT impossible THEN {codes} END AS product",
        f"CASE WHEN NOT impossible THEN {versions} END AS policy_version",
        f"CASE decision WHEN 'eligible' THEN {limits} END AS limit_fen",
        f"CASE decision WHEN 'eligible' THEN ([{rates}])[(best >> {_PLACE_BITS}) + 1] END AS annual_rate",
        f"CASE decision WHEN 'ineligible' THEN {reasons} WHEN 'invalid' THEN 'facts_invalid' ELSE '' END"
        " AS reason_codes",
        f"CASE decision WHEN 'undecided' THEN {unknown} WHEN 'invalid' THEN {impossible} ELSE '' END AS inputs",
    ]
