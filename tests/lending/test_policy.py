"""Policies: versions, effective dates, and clear errors for a bad file."""

import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from actions.lending.policy import PolicyBook, PolicyInvalid, ProductUnknown

SHIPPED = Path("data/policies")


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Copy the shipped policies and replace one passage of one file."""

    def edit(name: str, old: str, new: str) -> Path:
        folder = tmp_path / "policies"
        shutil.copytree(SHIPPED, folder)
        content = (folder / name).read_text(encoding="utf-8")
        assert old in content, "the passage to replace is there"
        (folder / name).write_text(content.replace(old, new, 1), encoding="utf-8")
        return folder

    return edit


def test_the_shipped_policies_hold_several_products_of_several_institutions() -> None:
    """All schema-valid, with distinct codes."""
    products = PolicyBook.load(SHIPPED, on=date(2026, 11, 23)).products()
    assert len({product.code for product in products}) == len(products) >= 4
    assert len({product.institution_code for product in products}) >= 3


def test_the_version_in_force_depends_on_the_day() -> None:
    """青禾店主贷 became cheaper on 1 April 2026."""
    book = PolicyBook.load(SHIPPED)
    assert book.product("qinghe_shop", date(2026, 3, 31)).annual_rate == Decimal("0.1152")
    assert book.product("qinghe_shop", date(2026, 4, 1)).annual_rate == Decimal("0.1080")


def test_an_old_version_stays_readable_for_its_loans() -> None:
    """A loan keeps the rules it was made under."""
    book = PolicyBook.load(SHIPPED, on=date(2026, 11, 23))
    assert book.version("qinghe_shop", "2020.1").early_repayment.fee_rate == Decimal("0.02")


def test_an_unknown_product_or_version_is_named() -> None:
    """No KeyError reaches a customer."""
    book = PolicyBook.load(SHIPPED)
    with pytest.raises(ProductUnknown, match="no_such"):
        book.product("no_such")
    with pytest.raises(ProductUnknown, match=r"1999\.1"):
        book.version("qinghe_shop", "1999.1")


def test_before_the_first_version_nothing_is_on_sale() -> None:
    """There is no product in force in 2019."""
    assert PolicyBook.load(SHIPPED).products(date(2019, 12, 31)) == ()


def test_rates_are_exact_decimals() -> None:
    """0.00036 is not 0.00036000000000000002."""
    rule = PolicyBook.load(SHIPPED, on=date(2026, 11, 23)).product("beichen_first").overdue
    assert str(rule.penalty_rate_per_day) == "0.00036"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("typical: 0.0960", "typical: 9.6", "annual_rate/typical"),
        ("terms_months: [3, 6, 12]", "terms_months: []", "terms_months"),
        ("methods: [interest_first]", "methods: [balloon]", "methods/0"),
        ("        review_working_days: 3\n", "", "versions/0"),
        ("review_working_days: 3", "review_days: 3", "versions/0"),
        ("effective_from: 2020-01-01", "effective_from: 2020-13-01", "effective_from"),
    ],
)
def test_a_file_against_the_schema_is_refused_with_file_and_place(
    edited: Callable[[str, str, str], Path], old: str, new: str, place: str
) -> None:
    """Whoever edited it finds the line."""
    with pytest.raises(PolicyInvalid, match="qinghe.yml") as refusal:
        PolicyBook.load(edited("qinghe.yml", old, new))
    assert place in str(refusal.value)


def test_a_day_that_does_not_exist_is_refused(edited: Callable[[str, str, str], Path]) -> None:
    """30 February fits the pattern, but no calendar."""
    with pytest.raises(PolicyInvalid, match=r"qinghe\.yml"):
        PolicyBook.load(edited("qinghe.yml", "effective_from: 2020-01-01", "effective_from: 2020-02-30"))


def test_versions_that_overlap_are_refused(edited: Callable[[str, str, str], Path]) -> None:
    """Two rules for one day would be a matter of luck."""
    with pytest.raises(PolicyInvalid, match="生效日期重叠"):
        PolicyBook.load(edited("qinghe.yml", "effective_to: 2026-03-31", "effective_to: 2026-04-01"))


def test_a_rule_about_an_unknown_industry_is_refused(edited: Callable[[str, str, str], Path]) -> None:
    """A misspelt industry would silently exclude nobody."""
    with pytest.raises(PolicyInvalid, match="trainning"):
        PolicyBook.load(edited("qinghe.yml", "[training]", "[trainning]"))


def test_broken_yaml_is_refused_by_name(edited: Callable[[str, str, str], Path]) -> None:
    """No parser's traceback reaches the operator."""
    with pytest.raises(PolicyInvalid, match=r"house\.yml 无法读取"):
        PolicyBook.load(edited("house.yml", "name: 首贷", "name: [首贷"))


def test_a_missing_folder_is_refused_by_name(tmp_path: Path) -> None:
    """The message names the file that is missed first."""
    with pytest.raises(PolicyInvalid, match=r"house\.yml"):
        PolicyBook.load(tmp_path)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("我开火锅店的", "catering"),
        ("在镇上有个小超市", "retail"),
        ("跑大货车", "logistics"),
        ("我炒股", None),
    ],
)
def test_an_industry_is_found_in_the_customers_words(words: str, code: str | None) -> None:
    """By its name or any alias; unknown business is unknown, not guessed."""
    industry = PolicyBook.load(SHIPPED).industry_named(words)
    assert (industry.code if industry else None) == code
