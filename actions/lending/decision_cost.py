"""Cost: what one and the same loan costs with each product, so that products can be put in order."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from actions.lending.annualised_rate import annualised_rate
from actions.lending.decision_policy import PPM
from actions.lending.products import Product
from actions.lending.quote import fees_of
from actions.lending.schedule import instalments

REFERENCE_AMOUNT_FEN = 10_000_000
REFERENCE_TERM_MONTHS = 12
"""What is compared where the business does not say what it wants: 100000 yuan over a year."""
_REFERENCE_DAY = date(2025, 1, 1)
"""Costs are compared for a loan paid out on one fixed day, so that the order does not depend on today's."""


@dataclass(frozen=True)
class Cost:
    """Of a loan with the product's first repayment method, fees included."""

    amount_fen: int
    term_months: int
    total_fen: int
    """Interest plus fees."""
    annualised_rate: Decimal
    """Internal rate of return a year."""


@lru_cache(maxsize=8192)
def loan_cost(
    product: Product,
    rate_ppm: int,
    amount_fen: int = REFERENCE_AMOUNT_FEN,
    term_months: int = REFERENCE_TERM_MONTHS,
) -> Cost:
    """Return the cost at a nominal rate (millionths a year).

    Amount and term need not be offered: all products are compared by the same loan, and it is never said to a
    customer. Depends on product version and rate alone while nothing is wanted: there are few enough to tabulate.
    """
    rate = Decimal(rate_ppm) / PPM
    upfront_fen = fees_of(product, amount_fen, with_each_instalment=False)
    each_fen = fees_of(product, amount_fen, with_each_instalment=True)
    rows = instalments(amount_fen, term_months, rate, product.methods[0], _REFERENCE_DAY)
    return Cost(
        amount_fen=amount_fen,
        term_months=term_months,
        total_fen=sum(row.interest_fen for row in rows) + upfront_fen + each_fen * term_months,
        annualised_rate=annualised_rate(
            amount_fen - upfront_fen, [row.amount_fen + each_fen for row in rows]
        ),
    )
