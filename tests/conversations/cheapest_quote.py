"""CheapestQuote: the figures that an answer to "how much would it cost" must have, from the policies alone."""

from actions.lending.decision_policy import Comparison
from actions.lending.policy import PolicyBook
from actions.lending.products import Product
from actions.lending.quote import AmountOutOfRange, TermNotOffered, quote


def cheapest(amount_fen: int, term_months: int) -> dict[str, int | str]:
    """The cheapest quote of those products that lend to everybody, where there are any."""
    offers = []
    for product in PolicyBook.load().products():
        try:
            offers.append((not lends_to_everybody(product), quote(product, amount_fen, term_months)))
        except (AmountOutOfRange, TermNotOffered):
            continue
    _, best = min(offers, key=lambda offer: (offer[0], offer[1].annualised_rate))
    return {
        "instalment_amount": best.first_instalment_fen,
        "total_interest": best.total_interest_fen,
        "annualised_rate": str(best.annualised_rate),
    }


def lends_to_everybody(product: Product) -> bool:
    """Whether it asks for nothing but a business of some months, no overdue debt and no excluded trade."""
    asked = {rule.condition.input for rule in product.decision.rules if rule.asked}
    by_trade = any(
        rule.condition.input == "industry" and rule.condition.comparison is Comparison.ONE_OF
        for rule in product.decision.rules
    )
    return asked <= {"business_months", "owner_has_overdue_debt", "industry"} and not by_trade
