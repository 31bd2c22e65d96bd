"""The smallest change: it changes the answer, and one unit less of it does not."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

from actions.lending.decision import Outcome, decide, decide_product
from actions.lending.decision_changes import changed, one_unit_less, smallest_change
from actions.lending.decision_inputs import BusinessFacts
from actions.lending.policy import PolicyBook
from tests.lending.decision_facts import facts_of

ON = date(2026, 11, 23)
BOOK = PolicyBook.load(Path("data/policies"), on=ON)
PRODUCTS = BOOK.products()
REFUSED = BusinessFacts(
    business_months=30,
    industry="retail",
    region="山东省",
    owner_has_overdue_debt=False,
    is_first_time_borrower=False,
    tax_grade="D",
    invoices_12m_fen=0,
    turnover_12m_fen=100_000_000,
    core_enterprise_grade="unrated",
    collateral_value_fen=0,
)


def answer(facts: BusinessFacts) -> Outcome:
    outcomes = {decide_product(facts, product).outcome for product in PRODUCTS}
    return min(outcomes, key=list(Outcome).index)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.filter_too_much])
@given(facts_of(BOOK))
def test_the_named_change_changes_the_answer_and_one_unit_less_does_not(facts: BusinessFacts) -> None:
    change = smallest_change(facts, PRODUCTS)
    assume(change is not None)
    assert change is not None
    assert answer(facts) is Outcome.INELIGIBLE
    assert answer(changed(facts, change.steps)) in (Outcome.ELIGIBLE, Outcome.UNDECIDED)
    for number, step in enumerate(change.steps):
        less = [*change.steps[:number], one_unit_less(facts, step), *change.steps[number + 1 :]]
        assert answer(changed(facts, less)) is Outcome.INELIGIBLE, step


@settings(deadline=None, max_examples=100)
@given(facts_of(BOOK))
def test_whoever_may_borrow_or_is_still_asked_is_told_no_change(facts: BusinessFacts) -> None:
    assume(answer(facts) is not Outcome.INELIGIBLE)
    assert smallest_change(facts, PRODUCTS) is None


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.filter_too_much])
@given(facts_of(BOOK))
def test_where_the_only_reason_can_be_changed_a_change_is_found(facts: BusinessFacts) -> None:
    decision = decide(facts, PRODUCTS, ON)
    assume(decision.outcome is Outcome.INELIGIBLE)
    changeable = {"business_too_young", "overdue_debt", "term_not_offered", "amount_below_minimum"}
    assume(any(len(one.reasons) == 1 and one.reasons[0] in changeable for one in decision.products))
    assert smallest_change(facts, PRODUCTS) is not None


@pytest.mark.parametrize("months", [0, 1, 2, 5, 11])
def test_a_young_business_waits_for_the_first_product_it_can_have(months: int) -> None:
    """Found by trying every number of months."""
    facts = replace(REFUSED, business_months=months)
    least = next(
        wait
        for wait in range(200)
        if answer(replace(facts, business_months=months + wait)) is not Outcome.INELIGIBLE
    )
    change = smallest_change(facts, PRODUCTS)
    assert change is not None
    assert [(step.input, step.value) for step in change.steps] == [("business_months", months + least)]


@pytest.mark.parametrize(
    ("facts", "product", "words"),
    [
        (replace(REFUSED, business_months=4), "qinghe_shop", ["再等8个月，营业执照就满12个月了"]),
        (replace(REFUSED, owner_has_overdue_debt=True), "qinghe_shop", ["把逾期的贷款还清"]),
        (replace(REFUSED, wanted_amount_fen=45_000_000), "qinghe_shop", ["少借一点，借300000元"]),
        (replace(REFUSED, owner_lenders=7), "qinghe_shop", ["先还清几家，只留5家"]),
        (
            replace(REFUSED, turnover_12m_fen=3_000_000),
            "qinghe_shop",
            ["把一年的流水做到33334元"],
        ),
        (
            replace(REFUSED, business_months=10, owner_has_overdue_debt=True),
            "qinghe_shop",
            ["再等2个月，营业执照就满12个月了", "把逾期的贷款还清"],
        ),
    ],
)
def test_the_change_is_said_in_plain_words(facts: BusinessFacts, product: str, words: list[str]) -> None:
    """10000 yuan of limit need 33333.34 yuan of turnover at 0.3: said in whole yuan."""
    change = smallest_change(facts, PRODUCTS)
    assert change is not None
    said = [BOOK.words.change(step, facts) for step in change.steps]
    assert (change.product_code, said) == (product, words)


def test_nothing_is_named_where_nothing_helps() -> None:
    """Over the age of every product; nobody becomes younger."""
    assert smallest_change(replace(REFUSED, owner_age=80), PRODUCTS) is None


def test_a_reason_is_said_with_what_is_needed_and_what_there_is() -> None:
    """In the words of the policy, or of the lender where it is not a matter of the product."""
    shop = BOOK.product("qinghe_shop")
    facts = replace(REFUSED, industry="training", owner_lenders=9, wanted_amount_fen=40_000_000)
    said = [
        BOOK.words.reason(code, facts, shop)
        for code in ("industry_not_served", "too_many_lenders", "amount_above_maximum")
    ]
    assert said == [
        "这款产品暂时不做教育培训行业",
        "现在同时在9家借款，最多只能有5家",
        "最多能借300000元",
    ]
