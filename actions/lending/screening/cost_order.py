"""Cost order: every rate that a product can come to, in the order of what the reference loan costs at it."""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from actions.lending.decision_cost import loan_cost
from actions.lending.decision_policy import PPM
from actions.lending.products import Product


class Price(NamedTuple):
    """One product at one rate."""

    place: int
    """Index of the product."""
    rate_ppm: int
    """Nominal, millionths a year."""


def cost_order(products: Sequence[Product]) -> list[Price]:
    """Return all possible prices, cheapest first: the order of ``decide`` for a business that has no wishes."""
    prices = [
        Price(place, rate_ppm)
        for place, product in enumerate(products)
        for rate_ppm in possible_rates(product)
    ]

    def cost(price: Price) -> tuple[object, ...]:
        product = products[price.place]
        found = loan_cost(product, price.rate_ppm)
        return found.total_fen, found.annualised_rate, product.code, price

    return sorted(prices, key=cost)


def possible_rates(product: Product) -> tuple[int, ...]:
    """Return every rate that some set of the adjustments leads to, lowest first."""
    steps = [one.by_ppm for one in product.decision.adjustments]
    base, low, high = (
        int(rate * PPM) for rate in (product.annual_rate, product.annual_rate_min, product.annual_rate_max)
    )
    sums = {sum(chosen) for count in range(len(steps) + 1) for chosen in combinations(steps, count)}
    return tuple(sorted({max(low, min(high, base + one)) for one in sums}))
