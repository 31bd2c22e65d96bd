"""Early repayment's prices: what closing a loan before its time costs."""

from decimal import Decimal
from typing import Any

from actions.interest import rate_range, rate_range_figures
from actions.lending.early_repayment import EarlyRepaymentQuote
from actions.lending.money import written_percent, written_yuan
from actions.lending.part_repayment import PartRepaymentQuote
from actions.lending.products import EarlyRepaymentRule, Product
from actions.lending.schedule import MONTHS_PER_YEAR
from actions.lending.views import LoanView
from actions.named_product import named_product
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_day


def say_closing(turn: Turn, services: Services, loan: LoanView, closing: EarlyRepaymentQuote) -> None:
    """The sum that closes the loan; then all that it costs, in the clause that cannot be interrupted."""
    cost_fen = closing.total_fen - closing.principal_fen
    inputs: dict[str, Any] = {
        "loan": loan.reference,
        "policy": loan.policy_version,
        "on": closing.on.isoformat(),
        "assumed_paid": closing.assumed_paid,
    }
    turn.say(
        "utter_early_repayment_own_assuming" if closing.assumed_paid else "utter_early_repayment_own",
        figures=(
            figure(
                "early_repayment_total",
                closing.total_fen,
                "fen",
                principal_fen=closing.principal_fen,
                interest_fen=closing.interest_fen,
                penalty_fen=closing.penalty_fen,
                fee_fen=closing.fee_fen,
                **inputs,
            ),
            figure("saved_interest", closing.saved_interest_fen, "fen", **inputs),
        ),
        day=written_day(closing.on, services.clock.today()),
        total=written_yuan(closing.total_fen),
        saved=written_yuan(closing.saved_interest_fen),
    )
    _say_cost(turn, loan, closing.fee_fen, cost_fen, inputs | {"rate": str(closing.fee_rate)})


def say_part(turn: Turn, services: Services, loan: LoanView, part: PartRepaymentQuote) -> None:
    """What paying a part costs and what each instalment is then; the cost in the clause that cannot be interrupted."""
    cost_fen = part.interest_fen + part.fee_fen
    inputs: dict[str, Any] = {
        "loan": loan.reference,
        "policy": loan.policy_version,
        "on": part.on.isoformat(),
        "assumed_paid": part.assumed_paid,
    }
    coming = part.schedule[0]
    turn.say(
        "utter_early_repayment_part_own_assuming" if part.assumed_paid else "utter_early_repayment_part_own",
        figures=(
            figure(
                "early_repayment_total",
                part.total_fen,
                "fen",
                principal_fen=part.principal_fen,
                interest_fen=part.interest_fen,
                fee_fen=part.fee_fen,
                **inputs,
            ),
            figure("instalment_amount", coming.amount_fen, "fen", instalment=coming.number, **inputs),
        ),
        day=written_day(part.on, services.clock.today()),
        amount=written_yuan(part.principal_fen),
        total=written_yuan(part.total_fen),
        instalment=written_yuan(coming.amount_fen),
    )
    _say_cost(turn, loan, part.fee_fen, cost_fen, inputs)


def _say_cost(turn: Turn, loan: LoanView, fee_fen: int, cost_fen: int, inputs: dict[str, Any]) -> None:
    turn.say(
        "utter_early_repayment_cost" if fee_fen else "utter_early_repayment_cost_free",
        figures=(
            figure("early_repayment_fee", fee_fen, "fen", **inputs),
            figure("early_repayment_cost", cost_fen, "fen", **inputs),
            figure("annualised_rate", str(loan.annualised_rate), "rate_per_year", **inputs),
        ),
        interruptible=False,
        fee=written_yuan(fee_fen),
        cost=written_yuan(cost_fen),
        rate=written_percent(loan.annualised_rate),
    )


def say_early_rule(turn: Turn, services: Services) -> None:
    """What the dearest product takes for early repayment, or the named one, for whoever asks in general."""
    named = named_product(turn, services)
    if named is not None:
        _say_rule_of(turn, named)
        return
    products = [p for p in services.policies.products() if p.early_repayment.allowed]
    dearest = max(products, key=_fee_share)
    free_after = max(product.early_repayment.free_after_instalments for product in products)
    low, high = rate_range(services.policies.products())
    turn.say(
        "utter_early_repayment_rule",
        figures=_rule_figures(dearest, services.policies.products()),
        interruptible=False,
        most=_written_fee(dearest),
        low=written_percent(low),
        high=written_percent(high),
    )
    _say_free_after(turn, free_after)


def _say_rule_of(turn: Turn, product: Product) -> None:
    rule = product.early_repayment
    if not rule.allowed:
        turn.say("utter_early_repayment_not_of_product", product=product.name)
        return
    free = not _fee_share(product) and not rule.fee_fixed_fen
    low, high = rate_range((product,))
    turn.say(
        "utter_early_repayment_free_of_product" if free else "utter_early_repayment_rule_of_product",
        figures=_rule_figures(product, (product,)),
        interruptible=False,
        product=product.name,
        most=_written_fee(product),
        low=written_percent(low),
        high=written_percent(high),
    )
    if not free and rule.free_after_instalments:
        _say_free_after(turn, rule.free_after_instalments)


def _rule_figures(dearest: Product, products: tuple[Product, ...]) -> tuple[dict[str, Any], ...]:
    share, inputs = str(_fee_share(dearest)), {"product": dearest.code, "policy": dearest.version}
    return (
        figure("early_repayment_fee_rate_max", share, "rate", **inputs),
        *rate_range_figures(*rate_range(products), products),
    )


def _say_free_after(turn: Turn, instalments: int) -> None:
    turn.say(
        "utter_early_repayment_rule_free",
        figures=(figure("early_repayment_free_after", instalments, "instalments"),),
        free_after=instalments,
    )


def _fee_share(product: Product) -> Decimal:
    """The fee as a share of what is paid early, at the product's highest rate."""
    rule: EarlyRepaymentRule = product.early_repayment
    return rule.fee_rate + product.annual_rate_max * rule.fee_interest_months / MONTHS_PER_YEAR


def _written_fee(product: Product) -> str:
    """``剩余本金的2.00%``, with the fixed sum if the product takes one besides."""
    fixed_fen = product.early_repayment.fee_fixed_fen
    share = f"剩余本金的{written_percent(_fee_share(product))}"
    return f"{share}再加{written_yuan(fixed_fen)}" if fixed_fen else share
