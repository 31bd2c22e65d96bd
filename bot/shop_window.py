"""ShopWindow: what the demo page shows of the lender, taken from the same policies that the bot answers from."""

from dataclasses import dataclass
from decimal import Decimal

from actions.lending.policy import PolicyBook
from actions.lending.products import Product


@dataclass(frozen=True)
class Offer:
    """A product as a card."""

    name: str
    institution: str
    summary: str
    amounts: str
    terms: str
    rates: str
    methods: str


@dataclass(frozen=True)
class ShopWindow:
    """The lender's name, hotline and products of today."""

    policies: PolicyBook
    demo: bool
    """Demo mode: the page names the demo borrowers to try with."""

    @property
    def name(self) -> str:
        """The lender's name."""
        return self.policies.house.name

    @property
    def hotline(self) -> str:
        """The number to call."""
        return self.policies.house.hotline

    @property
    def service_hours(self) -> str:
        """When people answer it."""
        return self.policies.house.service_hours

    def offers(self) -> list[Offer]:
        """Products in force today."""
        return [_offer(product) for product in self.policies.products()]


def _offer(product: Product) -> Offer:
    terms = product.terms_months
    return Offer(
        name=product.name,
        institution=product.institution,
        summary=product.summary,
        amounts=f"{_wan(product.amount_min_fen)}–{_wan(product.amount_max_fen)}万元",
        terms=f"{min(terms)}–{max(terms)}个月" if len(terms) > 1 else f"{terms[0]}个月",
        rates=f"{_percent(product.annual_rate_min)}–{_percent(product.annual_rate_max)}",
        methods="、".join(method.label for method in product.methods),
    )


def _wan(amount_fen: int) -> str:
    """Ten thousands of yuan, without trailing zeros."""
    text = f"{Decimal(amount_fen) / 1_000_000:.2f}"
    return text.rstrip("0").rstrip(".")


def _percent(rate: Decimal) -> str:
    return f"{rate * 100:.2f}%"
