"""Eligibility: rules with reasons, unknown values allowed, no promise."""

from dataclasses import replace

import pytest

from actions.lending.eligibility import NO_PROMISE, Applicant, Outlook, check_all, check_eligibility
from actions.lending.policy import PolicyBook

GOOD = Applicant(
    business_months=30,
    industry="catering",
    region="四川省",
    has_overdue_debt=False,
    owner_age=40,
    is_first_time_borrower=True,
    amount_fen=8_000_000,
    term_months=12,
)


def test_whoever_meets_every_rule_may_apply_but_is_promised_nothing(policies: PolicyBook) -> None:
    """The notice goes with every outlook and says who decides."""
    result = check_eligibility(policies.product("qinghe_shop"), GOOD, policies)
    assert (result.outlook, result.reasons, result.missing) == (Outlook.FITS, (), ())
    assert result.notice == NO_PROMISE
    assert "以机构审核为准" in result.notice


@pytest.mark.parametrize(
    ("product", "applicant", "reason"),
    [
        ("qinghe_shop", replace(GOOD, business_months=11), "营业执照要满12个月"),
        ("qinghe_shop", replace(GOOD, has_overdue_debt=True), "还有逾期没还清的贷款，要先还清"),
        ("qinghe_shop", replace(GOOD, industry="training"), "这款产品暂时不做教育培训行业"),
        ("qinghe_shop", replace(GOOD, amount_fen=500_000), "最少要借10000元"),
        ("qinghe_shop", replace(GOOD, amount_fen=31_000_000), "最多能借300000元"),
        ("qinghe_shop", replace(GOOD, term_months=7), "可以分6、12、18、24期"),
        ("qinghe_shop", replace(GOOD, owner_age=61), "年龄要在20到60周岁之间"),
        ("jiangdu_quick", replace(GOOD, region="浙江"), "目前只在四川省、重庆市、贵州省、云南省办理"),
        ("beichen_first", replace(GOOD, is_first_time_borrower=False), "这款产品只给第一次贷款的老板"),
    ],
)
def test_each_rule_refuses_with_its_reason(
    policies: PolicyBook, product: str, applicant: Applicant, reason: str
) -> None:
    """One thing is wrong, one reason is given."""
    result = check_eligibility(policies.product(product), applicant, policies)
    assert (result.outlook, result.reasons) == (Outlook.DOES_NOT_FIT, (reason,))


def test_at_the_limit_a_rule_is_met(policies: PolicyBook) -> None:
    """Twelve months are twelve months, and the greatest amount may be borrowed."""
    applicant = replace(GOOD, business_months=12, amount_fen=30_000_000, owner_age=60)
    assert check_eligibility(policies.product("qinghe_shop"), applicant, policies).outlook is Outlook.FITS


def test_what_is_unknown_leaves_the_outlook_open_and_is_named(policies: PolicyBook) -> None:
    """Nothing known: what to ask comes in order, and age is never asked."""
    result = check_eligibility(policies.product("jiangdu_quick"), Applicant(), policies)
    assert result.outlook is Outlook.UNDECIDED
    assert result.missing == ("business_age", "overdue", "region", "amount")


def test_one_failed_rule_decides_even_while_others_are_unknown(policies: PolicyBook) -> None:
    """Nobody is asked further questions in vain."""
    result = check_eligibility(policies.product("qinghe_shop"), Applicant(business_months=2), policies)
    assert result.outlook is Outlook.DOES_NOT_FIT


@pytest.mark.parametrize("said", ["四川", "四川省", "四川成都", "重庆", "重庆市渝中区"])
def test_a_province_is_recognised_as_people_say_it(policies: PolicyBook, said: str) -> None:
    """With and without 省 or 市."""
    result = check_eligibility(policies.product("jiangdu_quick"), replace(GOOD, region=said), policies)
    assert result.outlook is Outlook.FITS


def test_a_town_alone_is_asked_back_and_not_refused(policies: PolicyBook) -> None:
    """Chengdu lies in a province that is served, but the rule knows provinces only."""
    result = check_eligibility(policies.product("jiangdu_quick"), replace(GOOD, region="成都"), policies)
    assert (result.outlook, result.missing) == (Outlook.UNDECIDED, ("region",))


def test_all_products_are_ranked_with_those_that_fit_first(policies: PolicyBook) -> None:
    """A shop of eight months fits three products; the others say why not."""
    results = check_all(replace(GOOD, business_months=8), policies)
    fitting = [result.product_code for result in results if result.outlook is Outlook.FITS]
    assert fitting == [result.product_code for result in results[:3]]
    assert fitting == ["beichen_first", "jiangdu_quick", "yunling_first"]
    assert all("营业执照要满" in result.reasons[0] for result in results[3:])
