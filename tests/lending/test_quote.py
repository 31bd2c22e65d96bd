"""Quotes: what a loan would cost."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from actions.lending.methods import RepaymentMethod
from actions.lending.policy import PolicyBook
from actions.lending.products import Fee
from actions.lending.quote import AmountOutOfRange, MethodNotOffered, TermNotOffered, quote

ON = date(2026, 11, 23)


def test_a_quote_adds_up(policies: PolicyBook) -> None:
    """100 000 yuan, 12 months, 10.80 %: first instalment by the annuity formula 8828.84, interest 5946.07."""
    offer = quote(policies.product("qinghe_shop"), 10_000_000, 12, on=ON)
    assert offer.method is RepaymentMethod.EQUAL_INSTALMENT
    assert (offer.first_instalment_fen, offer.total_interest_fen) == (882_884, 594_607)
    assert offer.total_repayment_fen == 10_000_000 + offer.total_interest_fen
    assert offer.total_cost_fen == offer.total_interest_fen + offer.total_fees_fen
    assert offer.annualised_rate == Decimal("0.1080")
    assert offer.daily_interest_fen == 3_000
    assert offer.policy_version == "2026.1"


def test_a_fee_shows_in_the_cost_and_in_the_annualised_rate(policies: PolicyBook) -> None:
    """江渡快贷 takes 1 % at disbursement: 1000 yuan on 100 000, and the annualised rate passes the nominal 14.40 %."""
    offer = quote(policies.product("jiangdu_quick"), 10_000_000, 12, on=ON)
    assert offer.total_fees_fen == 100_000
    assert offer.annual_rate == Decimal("0.144")
    assert offer.annualised_rate == Decimal("0.1632")


def test_no_product_costs_more_than_24_percent_a_year(policies: PolicyBook) -> None:
    """The highest rate of every product with its shortest term, where a fee weighs most."""
    for product in policies.products():
        offer = quote(
            product,
            product.amount_min_fen,
            product.terms_months[0],
            annual_rate=product.annual_rate_max,
            on=ON,
        )
        assert product.annual_rate_max <= offer.annualised_rate <= Decimal("0.24")


def test_an_amount_out_of_range_is_refused_with_the_range(policies: PolicyBook) -> None:
    """The customer hears what is possible."""
    with pytest.raises(AmountOutOfRange, match="青禾店主贷可以借10000元到300000元"):
        quote(policies.product("qinghe_shop"), 40_000_000, 12)


def test_a_term_that_is_not_offered_is_refused_with_the_terms(policies: PolicyBook) -> None:
    """The customer hears what is possible."""
    with pytest.raises(TermNotOffered, match="6、12、18、24期"):
        quote(policies.product("qinghe_shop"), 10_000_000, 13)


def test_a_method_that_is_not_offered_is_refused_with_the_methods(policies: PolicyBook) -> None:
    """The customer hears what is possible."""
    with pytest.raises(MethodNotOffered, match="等额本息、等额本金"):
        quote(policies.product("qinghe_shop"), 10_000_000, 12, RepaymentMethod.INTEREST_FIRST)


def test_a_fee_with_each_instalment_is_in_every_payment_and_in_both_rates(policies: PolicyBook) -> None:
    """0.5 % of 100 000 is 500 yuan twelve times; on a loan at 10.80 % that is 21.9 % a year, simple."""
    shop = policies.product("qinghe_shop")
    plain = quote(shop, 10_000_000, 12, on=ON)
    with_fee = replace(shop, fees=(Fee("服务费", Decimal("0.005"), with_each_instalment=True),))
    offer = quote(with_fee, 10_000_000, 12, on=ON)
    assert (offer.upfront_fees_fen, offer.instalment_fee_fen, offer.total_fees_fen) == (0, 50_000, 600_000)
    assert offer.first_instalment_fen == plain.first_instalment_fen + 50_000
    assert offer.total_repayment_fen == plain.total_repayment_fen + 600_000
    assert offer.total_cost_fen == plain.total_interest_fen + 600_000
    assert plain.annualised_rate < offer.annualised_rate < offer.effective_rate


def test_the_compound_rate_of_a_year_of_months_is_on_its_real_dates(policies: PolicyBook) -> None:
    """(1 + 0.108 / 12) ** 12 - 1 = 11.35 %; months by their days make some hundredths of difference."""
    offer = quote(policies.product("qinghe_shop"), 10_000_000, 12, on=ON)
    assert abs(offer.effective_rate - Decimal("0.1135")) <= Decimal("0.0005")
