"""Cost: what one and the same loan costs with each product, so that products can be put in order."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from actions.lending.decision_policy import PPM
from actions.lending.products import Product
from actions.lending.quote import quote

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
    anything = replace(product, amount_min_fen=1, amount_max_fen=amount_fen, terms_months=(term_months,))
    offer = quote(anything, amount_fen, term_months, annual_rate=Decimal(rate_ppm) / PPM, on=_REFERENCE_DAY)
    return Cost(amount_fen, term_months, offer.total_cost_fen, offer.annualised_rate)
