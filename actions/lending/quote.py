"""Quote: what a loan of an amount and term would cost."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actions.lending import clock
from actions.lending.annualised_rate import annualised_rate, effective_rate
from actions.lending.errors import LendingError
from actions.lending.methods import RepaymentMethod
from actions.lending.money import round_fen, written_yuan
from actions.lending.products import Product
from actions.lending.schedule import Instalment, instalments, interest_of_days


class AmountOutOfRange(LendingError):
    """The product does not lend that amount."""

    code = "amount_out_of_range"


class TermNotOffered(LendingError):
    """The product does not have that term."""

    code = "term_not_offered"


class MethodNotOffered(LendingError):
    """The product is not paid back that way."""

    code = "method_not_offered"


@dataclass(frozen=True)
class Quote:
    """A computed example, not an offer."""

    product_code: str
    policy_version: str
    amount_fen: int
    term_months: int
    method: RepaymentMethod
    annual_rate: Decimal
    first_instalment_fen: int
    """With the fee that is paid with it, if there is one; so is the last."""
    last_instalment_fen: int
    total_interest_fen: int
    upfront_fees_fen: int
    """Paid once, at disbursement."""
    instalment_fee_fen: int
    """Paid with every instalment."""
    total_fees_fen: int
    total_cost_fen: int
    """Interest plus fees."""
    total_repayment_fen: int
    """All instalments, with the fees paid with them."""
    annualised_rate: Decimal
    """Over all costs, simple: the rate that is told."""
    effective_rate: Decimal
    """Over all costs, compound and on the real dates (XIRR)."""
    daily_interest_fen: int
    """Interest of the first day on the whole amount (annual rate / 360)."""
    schedule: tuple[Instalment, ...]


def quote(
    product: Product,
    amount_fen: int,
    term_months: int,
    method: RepaymentMethod | None = None,
    annual_rate: Decimal | None = None,
    on: date | None = None,
) -> Quote:
    """Compute a loan of ``product``; ``method`` and ``annual_rate`` default to the product's usual ones.

    Raises AmountOutOfRange, TermNotOffered, MethodNotOffered.
    """
    chosen = method or product.methods[0]
    _check(product, amount_fen, term_months, chosen)
    rate = product.annual_rate if annual_rate is None else annual_rate
    day = on or clock.today()
    rows = instalments(amount_fen, term_months, rate, chosen, day)
    upfront_fen = fees_of(product, amount_fen, with_each_instalment=False)
    each_fen = fees_of(product, amount_fen, with_each_instalment=True)
    payments_fen = [row.amount_fen + each_fen for row in rows]
    dated = [(row.due_on, row.amount_fen + each_fen) for row in rows]
    interest_fen = sum(row.interest_fen for row in rows)
    fees_fen = upfront_fen + each_fen * term_months
    return Quote(
        product_code=product.code,
        policy_version=product.version,
        amount_fen=amount_fen,
        term_months=term_months,
        method=chosen,
        annual_rate=rate,
        first_instalment_fen=payments_fen[0],
        last_instalment_fen=payments_fen[-1],
        total_interest_fen=interest_fen,
        upfront_fees_fen=upfront_fen,
        instalment_fee_fen=each_fen,
        total_fees_fen=fees_fen,
        total_cost_fen=interest_fen + fees_fen,
        total_repayment_fen=sum(payments_fen),
        annualised_rate=annualised_rate(amount_fen - upfront_fen, payments_fen),
        effective_rate=effective_rate(amount_fen - upfront_fen, dated, day),
        daily_interest_fen=interest_of_days(amount_fen, rate, days=1),
        schedule=rows,
    )


def fees_of(product: Product, amount_fen: int, with_each_instalment: bool) -> int:
    """Return what is paid at disbursement, or with every instalment."""
    fees = (fee for fee in product.fees if fee.with_each_instalment is with_each_instalment)
    return sum(round_fen(amount_fen * fee.rate) for fee in fees)


def _check(product: Product, amount_fen: int, term_months: int, method: RepaymentMethod) -> None:
    if not product.amount_min_fen <= amount_fen <= product.amount_max_fen:
        low, high = written_yuan(product.amount_min_fen), written_yuan(product.amount_max_fen)
        raise AmountOutOfRange(f"{product.name}可以借{low}到{high}")
    if term_months not in product.terms_months:
        raise TermNotOffered(f"{product.name}可以分{'、'.join(str(term) for term in product.terms_months)}期")
    if method not in product.methods:
        raise MethodNotOffered(f"{product.name}的还款方式是{'、'.join(m.label for m in product.methods)}")
