"""The decision sections of policy files: what they may say, and two versions side by side."""

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from actions.lending.decision_inputs import INPUT_KINDS, BusinessFacts, FactsInvalid
from actions.lending.decision_policy import Comparison, Condition, Family
from actions.lending.policy import PolicyBook, PolicyInvalid
from actions.lending.provinces import PROVINCES, province_named
from actions.lending.version_share import applicant_key, share_bucket

SHIPPED = Path("data/policies")
ON = date(2026, 11, 23)
Edit = Callable[[str, str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Copy the shipped policies and replace one passage of one file."""

    def edit(name: str, old: str, new: str) -> Path:
        folder = tmp_path / "policies"
        shutil.copytree(SHIPPED, folder)
        content = (folder / name).read_text(encoding="utf-8")
        assert old in content, "the passage to replace is there"
        (folder / name).write_text(content.replace(old, new, 1), encoding="utf-8")
        return folder

    return edit


def test_every_family_has_a_product_and_four_institutions_offer_them() -> None:
    products = PolicyBook.load(SHIPPED, on=ON).products()
    assert {product.family for product in products} == set(Family)
    assert len({product.institution_code for product in products}) >= 4


def test_every_input_of_the_facts_has_a_kind() -> None:
    assert list(INPUT_KINDS) == [field.name for field in fields(BusinessFacts)]


def test_multipliers_and_rates_are_whole_numbers() -> None:
    tax = PolicyBook.load(SHIPPED, on=ON).product("beichen_tax").decision
    assert tax.caps[0].times == 80_000
    assert [one.by_ppm for one in tax.adjustments] == [-9_000, 9_000, -5_400, 12_600]
    assert tax.step_fen == 1_000_000


@pytest.mark.parametrize(
    ("known", "bound_fen"),
    [
        ({"collateral_value_fen": 100_000_001, "collateral_debt_fen": 20_000_000}, 50_000_000),
        ({"collateral_value_fen": 100_000_000, "collateral_debt_fen": 90_000_000}, 0),
        ({"collateral_value_fen": 100_000_000}, None),
        ({}, None),
    ],
)
def test_a_cap_is_the_input_times_its_multiplier_less_the_debt_on_it(
    known: dict[str, int], bound_fen: int | None
) -> None:
    cap = PolicyBook.load(SHIPPED, on=ON).product("lanhai_property").decision.caps[0]
    assert cap.bound_fen(BusinessFacts(**known)) == bound_fen


@pytest.mark.parametrize(
    ("condition", "facts", "holds"),
    [
        (Condition("business_months", Comparison.AT_LEAST, 12), BusinessFacts(business_months=12), True),
        (Condition("business_months", Comparison.AT_LEAST, 12), BusinessFacts(business_months=11), False),
        (Condition("owner_lenders", Comparison.AT_MOST, 3), BusinessFacts(owner_lenders=3), True),
        (Condition("owner_lenders", Comparison.AT_MOST, 3), BusinessFacts(owner_lenders=4), False),
        (Condition("tax_grade", Comparison.ONE_OF, ("A", "B")), BusinessFacts(tax_grade="B"), True),
        (Condition("tax_grade", Comparison.ONE_OF, ("A", "B")), BusinessFacts(tax_grade="C"), False),
        (Condition("industry", Comparison.NONE_OF, ("training",)), BusinessFacts(industry="retail"), True),
        (Condition("industry", Comparison.NONE_OF, ("training",)), BusinessFacts(industry="training"), False),
        (
            Condition("owner_has_overdue_debt", Comparison.IS, False),
            BusinessFacts(owner_has_overdue_debt=False),
            True,
        ),
        (
            Condition("owner_has_overdue_debt", Comparison.IS, False),
            BusinessFacts(owner_has_overdue_debt=True),
            False,
        ),
        (Condition("owner_lenders", Comparison.AT_MOST, 3), BusinessFacts(), None),
    ],
)
def test_a_condition_holds_fails_or_cannot_be_told(
    condition: Condition, facts: BusinessFacts, holds: bool | None
) -> None:
    assert condition.holds(facts) is holds


@pytest.mark.parametrize(
    "impossible",
    [
        {"business_months": -1},
        {"tax_grade": "E"},
        {"region": "成都"},
        {"tax_paid_12m_fen": 10**13 + 1},
        {"owner_age": True},
        {"owner_has_overdue_debt": 1},
        {"turnover_12m_fen": 1.5},
    ],
)
def test_facts_that_no_business_has_are_refused_by_name(impossible: dict[str, object]) -> None:
    with pytest.raises(FactsInvalid, match=next(iter(impossible))):
        BusinessFacts(**impossible)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "op: at_least, value_yuan: 10000",
            "op: one_of, value_yuan: 10000",
            "tax_paid_12m_fen 不能用 one_of",
        ),
        ("op: at_least, value_yuan: 10000", "op: at_least, value: 10000", "缺少 value_yuan"),
        ("values: [A, B, M]", "values: [A, B, X]", "没有 X"),
        ("op: is, value: false", "op: is, value: 0", "true 或 false"),
        ("code: tax_paid_too_low", "code: tax_grade_too_low", "原因代码重复：tax_grade_too_low"),
        ("一年要交满{value}的税", "一年要交满{sum}的税", "{sum} 没有意义"),
        (
            'reason: "纳税等级要在B级以上，或者是新办的M级"',
            'reason: "纳税等级不够", change: "换个等级"',
            "不是店主自己能改的",
        ),
        ("code: tax_paid_too_low", "code: limit_too_low", "是系统自己的"),
        ("step_yuan: 10000", "step_yuan: 900000", "额度取整"),
        ("input: tax_paid_12m_fen, times: 8", "input: business_months, times: 8", "不是金额"),
        ("input: tax_paid_12m_fen, times: 8", "input: tax_paid_12m_fen", "fixed_yuan"),
        ("input: tax_paid_12m_fen, times: 8", "input: tax_paid, times: 8", "caps/0/input"),
        ("times: 8", "times: 8.00001", "caps/0/times"),
        ("family: tax", "family: taxes", "products/1/family"),
    ],
)
def test_a_decision_section_that_makes_no_sense_is_refused_with_its_place(
    edited: Edit, old: str, new: str, complaint: str
) -> None:
    with pytest.raises(PolicyInvalid, match="beichen.yml") as refusal:
        PolicyBook.load(edited("beichen.yml", old, new))
    assert complaint in str(refusal.value)


def test_two_versions_side_by_side_share_the_businesses_as_stated() -> None:
    """30 % of the businesses get the challenger; sigma of 20000 draws is 65."""
    book = PolicyBook.load(SHIPPED, on=ON)
    versions = Counter(
        product.version
        for number in range(20_000)
        for product in book.products_for(applicant_key(f"business {number}"))
        if product.code == "lanhai_invoice"
    )
    assert abs(versions["2026.2"] - 6_000) < 5 * 65
    assert versions["2026.1"] + versions["2026.2"] == 20_000


def test_a_business_gets_the_same_version_every_time_and_nobody_in_particular_the_regular_one() -> None:
    book = PolicyBook.load(SHIPPED, on=ON)
    assert book.products_for(123) == book.products_for(123)
    assert book.products_for(None) == book.products()
    assert book.product("lanhai_invoice").version == "2026.1"
    assert [p.version for p in book.in_force() if p.code == "lanhai_invoice"] == ["2026.1", "2026.2"]


def test_the_share_is_a_published_function_of_the_key() -> None:
    """Screening and old records depend on it: these values must never change."""
    assert applicant_key("business 1") == 15_883_536_017_000_622_772
    assert [share_bucket("lanhai_invoice", key) for key in (0, 1, 2**63 + 5)] == [6456, 2830, 6443]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('runs_beside: "2026.1"', 'runs_beside: "2025.9"', "2025.9 版不存在"),
        ("share: 0.3", "share: 0.0", "份额"),
        ("effective_from: 2026-07-01", "effective_from: 2025-07-01", "超出了 2026.1 版"),
        ("        share: 0.3\n", "", "share"),
        ('        runs_beside: "2026.1"\n        share: 0.3\n', "", "生效日期重叠"),
    ],
)
def test_a_challenger_without_champion_or_share_is_refused(
    edited: Edit, old: str, new: str, complaint: str
) -> None:
    with pytest.raises(PolicyInvalid) as refusal:
        PolicyBook.load(edited("lanhai.yml", old, new))
    assert complaint in str(refusal.value)


@pytest.mark.parametrize("said", ["四川", "四川省", "四川成都"])
def test_a_province_has_one_official_name(said: str) -> None:
    assert province_named(said) == "四川省"
    assert province_named("成都") is None
    assert all(province_named(name) == name for name in PROVINCES)
