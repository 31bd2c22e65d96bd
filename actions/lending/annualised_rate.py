"""Annualised rate: interest and fees of a loan as one rate a year (internal rate of return)."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise

from actions.lending.errors import LendingError

RATE_STEP = Decimal("0.0001")
"""Precision of the rate that is told: two decimals of a percent."""

DAYS_PER_YEAR = 365
"""Of the compound rate, as XIRR counts; interest itself is counted on 360 (schedule.DAYS_PER_YEAR)."""

_PRECISION = 40
_TOLERANCE = Decimal("1e-16")
"""Share of what was received that may be left over."""
_FIRST_MONTHLY_RATE = Decimal("0.04")
_FIRST_DAILY_RATE = Decimal("0.0013")
_HIGHEST_RATE = Decimal(10)
"""A period: beyond it no cost has anything to do with a loan."""


class RateUndefined(LendingError):
    """The payments do not pay the loan back, so that no rate of return exists."""

    code = "rate_undefined"


def monthly_irr(
    received_fen: int, payments_fen: Sequence[int], first_period: Decimal = Decimal(1)
) -> Decimal:
    """Return the monthly rate ``i`` at which the payments are worth what was received.

    ``received_fen`` is what the borrower has in hand after fees at disbursement; payments, fees with them included,
    are a month apart, the first ``first_period`` months of thirty days after (schedule.first_period_days). Decimal
    throughout. Raises RateUndefined.
    """
    _check(received_fen, payments_fen)
    return _root(
        lambda rate: present_value(payments_fen, rate, first_period) - received_fen,
        _FIRST_MONTHLY_RATE,
        received_fen,
    )


def annualised_rate(
    received_fen: int, payments_fen: Sequence[int], first_period: Decimal = Decimal(1)
) -> Decimal:
    """Return the monthly internal rate of return times twelve, as a fraction with four decimals.

    The People's Bank of China (Announcement [2021] No. 3) has lenders show an annualised rate over all costs and
    the principal really received, compound or simple, and to say so where it is simple; this is the simple one
    (单利). Without fees it is the rate of the contract, odd first period or not. Raises RateUndefined.
    """
    yearly = monthly_irr(received_fen, payments_fen, first_period) * 12
    return yearly.quantize(RATE_STEP, rounding=ROUND_HALF_UP)


def present_value(
    payments_fen: Sequence[int], monthly_rate: Decimal, first_period: Decimal = Decimal(1)
) -> Decimal:
    """Discount payments a month apart to the day of disbursement (Horner's scheme).

    The first period is discounted the way its interest accrues: 1 + months x rate, without interest on interest.
    """
    value = Decimal(0)
    for payment_fen in reversed(payments_fen[1:]):
        value = (value + payment_fen) / (1 + monthly_rate)
    return (value + sum(payments_fen[:1])) / (1 + first_period * monthly_rate)


def effective_rate(received_fen: int, payments: Sequence[tuple[date, int]], on: date) -> Decimal:
    """Return the compound rate a year (复利) on real dates, as a fraction with four decimals.

    XIRR as spreadsheets define it: ``received = sum(payment / (1 + r) ** (days / 365))``, days counted from ``on``,
    the day of disbursement; ``payments`` in order of their dates. Raises RateUndefined.
    """
    amounts = [amount_fen for _, amount_fen in payments]
    _check(received_fen, amounts)
    days = [(day - on).days for day, _ in payments]
    if days[0] <= 0 or days != sorted(days):
        raise RateUndefined("还款日要在放款日以后，按先后排列")
    gaps = [later - earlier for earlier, later in pairwise([0, *days])]
    with localcontext() as context:
        context.prec = _PRECISION
        daily = _root(
            lambda rate: _value_by_days(amounts, gaps, rate) - received_fen, _FIRST_DAILY_RATE, received_fen
        )
        yearly = (1 + daily) ** DAYS_PER_YEAR - 1
    return yearly.quantize(RATE_STEP, rounding=ROUND_HALF_UP)


def _value_by_days(payments_fen: Sequence[int], gaps: Sequence[int], daily_rate: Decimal) -> Decimal:
    growth = 1 + daily_rate
    value = Decimal(0)
    for payment_fen, gap in zip(reversed(payments_fen), reversed(gaps), strict=True):
        value = (value + payment_fen) / growth**gap
    return value


def _check(received_fen: int, payments_fen: Sequence[int]) -> None:
    if received_fen <= 0 or sum(payments_fen) < received_fen:
        raise RateUndefined("还款总额少于到手金额，无法计算年化利率")


def _root(excess_fen: Callable[[Decimal], Decimal], high: Decimal, received_fen: int) -> Decimal:
    """Find the rate at which nothing is in excess: regula falsi, Illinois variant (Dowell and Jarratt 1971).

    The root stays between two bounds, so no start value can mislead it; ``high`` is doubled until it is a bound.
    """
    enough = received_fen * _TOLERANCE
    with localcontext() as context:
        context.prec = _PRECISION
        low, above, below = Decimal(0), excess_fen(Decimal(0)), excess_fen(high)
        while below > 0:
            high *= 2
            if high > _HIGHEST_RATE:
                raise RateUndefined("费用高于到手金额的合理范围，无法计算年化利率")
            below = excess_fen(high)
        kept = 0
        rate, left = low, above
        while abs(left) > enough:
            rate = (low * below - high * above) / (below - above)
            left = excess_fen(rate)
            if left > 0:
                low, above, below = rate, left, below / 2 if kept == 1 else below
                kept = 1
            else:
                high, below, above = rate, left, above / 2 if kept == -1 else above
                kept = -1
        return rate
