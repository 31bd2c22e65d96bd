"""Decisions: three-valued rules, limits, rates and the order of the products."""

from dataclasses import replace
from datetime import date

import pytest

from actions.lending.decision import NO_PROMISE, Decision, Outcome, ProductDecision, decide, decide_product
from actions.lending.decision_cost import loan_cost
from actions.lending.decision_inputs import BusinessFacts
from actions.lending.policy import PolicyBook
from actions.lending.quote import quote

ON = date(2026, 11, 23)
SHOP = BusinessFacts(
    business_months=30,
    industry="catering",
    region="四川省",
    owner_has_overdue_debt=False,
    owner_age=40,
    is_first_time_borrower=True,
    wanted_amount_fen=8_000_000,
    wanted_term_months=12,
)
TAXPAYER = BusinessFacts(
    business_months=24, owner_has_overdue_debt=False, tax_grade="A", tax_paid_12m_fen=3_333_333
)


def of(policies: PolicyBook, code: str, facts: BusinessFacts) -> ProductDecision:
    return decide_product(facts, policies.product(code))


def all_of(policies: PolicyBook, facts: BusinessFacts) -> Decision:
    return decide(facts, policies.products(), ON)


def test_whoever_meets_every_rule_is_eligible_but_is_promised_nothing(policies: PolicyBook) -> None:
    decision = all_of(policies, SHOP)
    assert decision.outcome is Outcome.ELIGIBLE
    assert decision.notice == NO_PROMISE
    assert "以机构审核为准" in decision.notice


@pytest.mark.parametrize(
    ("product", "facts", "code"),
    [
        ("qinghe_shop", replace(SHOP, business_months=11), "business_too_young"),
        ("qinghe_shop", replace(SHOP, owner_has_overdue_debt=True), "overdue_debt"),
        ("qinghe_shop", replace(SHOP, industry="training"), "industry_not_served"),
        ("qinghe_shop", replace(SHOP, wanted_amount_fen=500_000), "amount_below_minimum"),
        ("qinghe_shop", replace(SHOP, wanted_amount_fen=31_000_000), "amount_above_maximum"),
        ("qinghe_shop", replace(SHOP, wanted_term_months=7), "term_not_offered"),
        ("qinghe_shop", replace(SHOP, owner_age=61), "owner_too_old"),
        ("qinghe_shop", replace(SHOP, turnover_12m_fen=20_000_000), "amount_above_limit"),
        ("qinghe_shop", replace(SHOP, turnover_12m_fen=3_000_000), "limit_too_low"),
        ("jiangdu_quick", replace(SHOP, region="浙江省"), "region_not_served"),
        ("beichen_first", replace(SHOP, is_first_time_borrower=False), "not_first_time"),
        ("yunling_first", replace(SHOP, industry="beauty"), "industry_not_served"),
        ("beichen_tax", replace(TAXPAYER, tax_grade="C"), "tax_grade_too_low"),
        ("beichen_tax", replace(TAXPAYER, tax_paid_12m_fen=999_999), "tax_paid_too_low"),
        ("tuoyuan_orders", BusinessFacts(core_enterprise_grade="A"), "core_enterprise_not_served"),
        ("lanhai_property", BusinessFacts(collateral_value_fen=29_999_999), "no_collateral"),
    ],
)
def test_each_rule_refuses_with_its_code(
    policies: PolicyBook, product: str, facts: BusinessFacts, code: str
) -> None:
    result = of(policies, product, facts)
    assert result.outcome is Outcome.INELIGIBLE
    assert result.reasons[0] == code
    assert (result.missing, result.limit_fen, result.annual_rate_ppm, result.cost) == ((), None, None, None)


def test_at_the_limit_a_rule_is_met(policies: PolicyBook) -> None:
    facts = replace(SHOP, business_months=12, wanted_amount_fen=30_000_000, owner_age=60)
    assert of(policies, "qinghe_shop", facts).outcome is Outcome.ELIGIBLE


def test_reasons_come_in_the_order_of_the_policy(policies: PolicyBook) -> None:
    facts = replace(
        SHOP,
        business_months=3,
        industry="training",
        wanted_amount_fen=40_000_000,
        owner_has_overdue_debt=True,
    )
    assert of(policies, "qinghe_shop", facts).reasons == (
        *("business_too_young", "overdue_debt", "industry_not_served", "amount_above_maximum"),
    )


def test_what_is_unknown_leaves_a_product_undecided_and_is_named_in_order(policies: PolicyBook) -> None:
    result = of(policies, "beichen_tax", BusinessFacts())
    assert result.outcome is Outcome.UNDECIDED
    assert result.missing == ("business_months", "owner_has_overdue_debt", "tax_grade", "tax_paid_12m_fen")
    assert result.unchecked == ("owner_age", "owner_overdue_count_24m", "owner_lenders")


def test_one_broken_rule_decides_even_while_others_are_unknown(policies: PolicyBook) -> None:
    assert of(policies, "beichen_tax", BusinessFacts(business_months=2)).outcome is Outcome.INELIGIBLE


def test_an_unknown_debt_leaves_a_limit_open_only_where_it_is_asked_for(policies: PolicyBook) -> None:
    """The debt on a mortgaged house is asked for; the owner's other debt is looked up at the review."""
    house = BusinessFacts(business_months=24, owner_has_overdue_debt=False, collateral_value_fen=200_000_000)
    assert of(policies, "lanhai_property", house).missing == ("collateral_debt_fen",)
    dealer = BusinessFacts(
        business_months=24, owner_has_overdue_debt=False, industry="retail", turnover_12m_fen=300_000_000
    )
    result = of(policies, "qinghe_turnover", dealer)
    assert (result.outcome, result.limit_fen) == (Outcome.ELIGIBLE, 50_000_000)
    assert "owner_debt_fen" in result.unchecked
    indebted = replace(dealer, owner_debt_fen=155_500_000)
    assert of(policies, "qinghe_turnover", indebted).limit_fen == 24_000_000, (
        "1.8 million less 1.555, by 10000"
    )


def test_the_limit_is_the_least_cap_rounded_down_to_the_step(policies: PolicyBook) -> None:
    """Eight times 33333.33 yuan are 266666.64."""
    assert of(policies, "beichen_tax", TAXPAYER).limit_fen == 26_000_000
    rich = replace(TAXPAYER, tax_paid_12m_fen=100_000_000)
    assert of(policies, "beichen_tax", rich).limit_fen == 100_000_000, "never more than the product lends"


@pytest.mark.parametrize(
    ("changed", "rate_ppm"),
    [
        ({}, 63_000),
        ({"tax_grade": "B"}, 72_000),
        ({"tax_grade": "M"}, 81_000),
        ({"tax_grade": "M", "owner_overdue_count_24m": 1}, 90_000),
        ({"tax_paid_12m_fen": 10_000_000}, 57_600),
    ],
)
def test_the_rate_is_the_base_with_what_is_known_and_stays_in_its_bounds(
    policies: PolicyBook, changed: dict[str, int | str], rate_ppm: int
) -> None:
    """7.20 %, less 0.90 for grade A, 0.54 for 100000 yuan of tax, more for grade M and late payments; at most 9 %."""
    facts = replace(TAXPAYER, **changed)  # type: ignore[arg-type]
    assert of(policies, "beichen_tax", facts).annual_rate_ppm == rate_ppm


def test_eligible_products_come_cheapest_first_by_the_wanted_loan(policies: PolicyBook) -> None:
    """Each cost is what the product's own quote says."""
    products = all_of(policies, SHOP).with_outcome(Outcome.ELIGIBLE)
    assert [product.product_code for product in products][:2] == ["yunling_first", "beichen_first"]
    costs = []
    for one in products:
        offer = quote(
            policies.product(one.product_code),
            8_000_000,
            12,
            annual_rate=one.annual_rate,
            on=date(2025, 1, 1),
        )
        assert one.cost is not None
        assert (one.cost.total_fen, one.cost.annualised_rate) == (offer.total_cost_fen, offer.annualised_rate)
        costs.append(one.cost.total_fen)
    assert costs == sorted(costs)


def test_without_a_wish_all_products_are_compared_by_the_same_loan(policies: PolicyBook) -> None:
    """100000 yuan over a year, whether the product offers exactly that or not."""
    wishless = replace(SHOP, wanted_amount_fen=None, wanted_term_months=None)
    for one in all_of(policies, wishless).with_outcome(Outcome.ELIGIBLE):
        assert one.annual_rate_ppm is not None
        assert one.cost == loan_cost(policies.product(one.product_code), one.annual_rate_ppm)
        assert (one.cost.amount_fen, one.cost.term_months) == (10_000_000, 12)


def test_undecided_products_follow_and_ineligible_ones_come_last(policies: PolicyBook) -> None:
    outcomes = [product.outcome for product in all_of(policies, SHOP).products]
    assert set(outcomes) == set(Outcome)
    order = list(Outcome)
    assert outcomes == sorted(outcomes, key=order.index)


def test_the_two_versions_of_a_product_decide_differently(policies: PolicyBook) -> None:
    """The challenger lends an eighth of the invoices instead of a tenth."""
    facts = BusinessFacts(
        business_months=24,
        owner_has_overdue_debt=False,
        invoices_12m_fen=200_000_000,
        invoice_months=10,
        industry="retail",
    )
    limits = {
        version: decide_product(facts, policies.version("lanhai_invoice", version)).limit_fen
        for version in ("2026.1", "2026.2")
    }
    assert limits == {"2026.1": 20_000_000, "2026.2": 25_000_000}
