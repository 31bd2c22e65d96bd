"""Conditions, limits and rates of a product version as SQL over whole numbers.

Mirrors ``decision_policy`` and ``decision``; tests/lending/test_screening.py holds both against each other.
"""

from actions.lending.decision_inputs import MAX_MONEY_FEN
from actions.lending.decision_policy import PPM, TIMES_ONE, Cap, Comparison, Condition
from actions.lending.products import Product
from actions.lending.screening.sql_text import quoted


def broken_sql(condition: Condition) -> str:
    """Return what is true where a condition is not met, false where it is, and null where its input is."""
    return _compared(
        condition,
        {
            Comparison.AT_LEAST: "<",
            Comparison.AT_MOST: ">",
            Comparison.IS: "<>",
            Comparison.ONE_OF: "NOT IN",
            Comparison.NONE_OF: "IN",
        }[condition.comparison],
    )


def met_sql(condition: Condition) -> str:
    """Return the opposite of ``broken_sql``; null where the input is."""
    return _compared(
        condition,
        {
            Comparison.AT_LEAST: ">=",
            Comparison.AT_MOST: "<=",
            Comparison.IS: "=",
            Comparison.ONE_OF: "IN",
            Comparison.NONE_OF: "NOT IN",
        }[condition.comparison],
    )


def limit_too_low_sql(product: Product) -> str:
    """Return what is true where the known caps do not allow the product's minimum; empty where that cannot be.

    Division-free: rounded down to the step, a bound reaches the minimum where it reaches the first step that does.
    """
    step_fen = product.decision.step_fen
    needed_fen = -(-product.amount_min_fen // step_fen) * step_fen
    if product.amount_max_fen < needed_fen:
        return "TRUE"
    tests = [_too_low(cap, needed_fen) for cap in product.decision.caps]
    return " OR ".join(test for test in dict.fromkeys(tests) if test)


def limit_fen_sql(product: Product) -> str:
    """Return the limit of an eligible row: the least of the known caps and the maximum, rounded down to the step."""
    caps = [_bound_fen(cap) for cap in product.decision.caps]
    least = f"least({', '.join([*caps, f'{product.amount_max_fen}::BIGINT'])})"
    return f"{least} // {product.decision.step_fen} * {product.decision.step_fen}"


def rate_ppm_sql(product: Product) -> str:
    """Return the nominal rate, millionths a year."""
    base, low, high = (
        int(rate * PPM) for rate in (product.annual_rate, product.annual_rate_min, product.annual_rate_max)
    )
    steps = [
        f"(CASE WHEN {met_sql(one.condition)} THEN {one.by_ppm} ELSE 0 END)"
        for one in product.decision.adjustments
    ]
    return f"greatest({low}, least({high}, {' + '.join([str(base), *steps])}))"


def _compared(condition: Condition, sign: str) -> str:
    value = condition.value
    if isinstance(value, tuple):
        return f"{condition.input} {sign} ({', '.join(quoted(one) for one in value)})"
    return f"{condition.input} {sign} {str(value).lower()}"


def _too_low(cap: Cap, needed_fen: int) -> str:
    if cap.fixed_fen is not None:
        return "TRUE" if cap.fixed_fen < needed_fen else ""
    if cap.minus is None:
        if cap.times == 0:
            return f"{cap.input} IS NOT NULL" if needed_fen > 0 else ""
        return f"{cap.input} < {-(-needed_fen * TIMES_ONE // cap.times)}"
    # values that cannot be are told apart elsewhere; here they must not overflow
    base, less = (f"greatest(0, least({MAX_MONEY_FEN}, {name}))" for name in (cap.input, cap.minus))
    too_low = f"{base} * {cap.times} < ({less} + {needed_fen}) * {TIMES_ONE}"
    return f"({cap.input} IS NOT NULL AND {cap.minus} IS NOT NULL AND {too_low})"


def _bound_fen(cap: Cap) -> str:
    """null where an input is not known, which least() passes over."""
    if cap.fixed_fen is not None:
        return f"{cap.fixed_fen}::BIGINT"
    minus = f" - {cap.minus}" if cap.minus else ""
    return f"({cap.input} * {cap.times} // {TIMES_ONE}{minus})"
