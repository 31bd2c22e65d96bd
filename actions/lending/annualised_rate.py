"""Annualised rate: interest and fees of a loan as one rate a year (internal rate of return)."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext

from actions.lending.errors import LendingError

RATE_STEP = Decimal("0.0001")
"""Precision of the rate that is told: two decimals of a percent."""

_PRECISION = 40
_TOLERANCE = Decimal("1e-18")
_HIGHEST_MONTHLY_RATE = Decimal(10)


class RateUndefined(LendingError):
    """The payments do not pay the loan back, so that no rate of return exists."""

    code = "rate_undefined"


def monthly_irr(received_fen: int, payments_fen: Sequence[int]) -> Decimal:
    """Return the monthly rate ``i`` at which ``received = sum(payment_k / (1 + i) ** k)``.

    ``received_fen`` is what the borrower has in hand after fees at disbursement; payments are a month apart,
    the first a month after. Bisection on Decimal: exact, and no start value can mislead it. Raises
    RateUndefined.
    """
    if received_fen <= 0 or sum(payments_fen) < received_fen:
        raise RateUndefined("还款总额少于到手金额，无法计算年化利率")
    with localcontext() as context:
        context.prec = _PRECISION
        low, high = Decimal(0), Decimal(1)
        while present_value(payments_fen, high) > received_fen:
            high *= 2
            if high > _HIGHEST_MONTHLY_RATE:
                raise RateUndefined("费用高于到手金额的合理范围，无法计算年化利率")
        while high - low > _TOLERANCE:
            middle = (low + high) / 2
            if present_value(payments_fen, middle) > received_fen:
                low = middle
            else:
                high = middle
        return (low + high) / 2


def annualised_rate(received_fen: int, payments_fen: Sequence[int]) -> Decimal:
    """Return the monthly internal rate of return times twelve, as a fraction with four decimals.

    The People's Bank of China (Announcement [2021] No. 3) has lenders show an annualised rate over all costs and
    the principal really received, simple or compound; this is the simple one (单利): monthly rate x 12.
    """
    yearly = monthly_irr(received_fen, payments_fen) * 12
    return yearly.quantize(RATE_STEP, rounding=ROUND_HALF_UP)


def present_value(payments_fen: Sequence[int], monthly_rate: Decimal) -> Decimal:
    """Discount payments a month apart to the day of disbursement (Horner's scheme)."""
    value = Decimal(0)
    for payment_fen in reversed(payments_fen):
        value = (value + payment_fen) / (1 + monthly_rate)
    return value
