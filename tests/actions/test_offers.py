"""Whose price is told: that of a product which the asker may get, by its name, paid the way that he wants."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.actions.conftest import Counter
from tests.actions.test_eligibility import WAN, asks, figures, said, talk, years

Open = Callable[..., Counter]


def told(customer: Counter, text: str, **entities: Any) -> tuple[str, str]:
    """The product whose price is told, and the words."""
    turn = customer.hear(text, "ask_interest", **entities)
    return str(figures(turn)["annualised_rate"]["inputs"].get("product")), said(turn)


def test_a_quote_for_everybody_is_of_a_product_without_special_conditions_and_names_it(counter: Open) -> None:
    product, words = told(counter(), "借十万一年利息多少", amount=10 * WAN, term=12)
    assert product == "qinghe_shop", "a first loan, a province or taxes would make it cheaper"
    assert "青禾店主贷借100000元" in words
    assert "另有条件" not in words


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("没在银行贷过款，借十万一年利息多少", "beichen_first"),
        ("我在四川种菜，没贷过款，借十万一年利息多少", "beichen_first"),
        ("我是培训班，在重庆，借十万分十二期", "jiangdu_quick"),
    ],
)
def test_what_the_asker_says_opens_and_closes_products(counter: Open, text: str, product: str) -> None:
    trade = {"industry": "培训"} if "培训" in text else {}
    assert told(counter(), text, amount=10 * WAN, term=12, **trade)[0] == product


def test_what_was_said_before_is_still_known_in_a_quote(counter: Open) -> None:
    customer = counter()
    talk(customer, asks("我能借吗"), years("三年", 3), "没有", "没贷过")
    assert told(customer, "借十万一年利息多少", amount=10 * WAN, term=12)[0] == "beichen_first"


def test_a_quote_that_only_some_can_get_says_so(counter: Open) -> None:
    """300000 yuan over three years: the mortgage is cheapest, but who has no house cannot have it."""
    product, words = told(counter(), "借三十万分三十六期", amount=30 * WAN, term=36)
    assert product == "beichen_tax"
    assert "北辰税易贷另有条件" in words
    only_mortgage = told(counter(sender="c2"), "借两百万分三十六期", amount=200 * WAN, term=36)
    assert only_mortgage[0] == "lanhai_property"


def test_nobody_hears_the_price_of_what_he_was_known_not_to_get(counter: Open) -> None:
    turn = counter().hear("我有逾期，借十万一年利息多少", "ask_interest", amount=10 * WAN, term=12)
    assert not any("figures" in one.payload and one.payload["figures"] for one in turn.utterances), said(turn)
    assert "条件还不够" in said(turn)


@pytest.mark.parametrize(
    ("text", "method", "words"),
    [
        ("借十万分十二期先息后本", "interest_first", "平时不还本金"),
        ("借十万分十二期等额本金", "equal_principal", "越还越少"),
        ("借十万分十二期", "equal_instalment", "每期还"),
    ],
)
def test_the_way_of_paying_that_was_asked_for_is_quoted(
    counter: Open, text: str, method: str, words: str
) -> None:
    turn = counter().hear(text, "ask_interest", amount=10 * WAN, term=12)
    assert figures(turn)["total_cost"]["inputs"]["method"] == method
    assert words in said(turn)


def test_a_way_of_paying_that_nobody_has_is_said_not_to_be_had(counter: Open) -> None:
    turn = counter().hear("借五万分十八期先息后本", "ask_interest", amount=5 * WAN, term=18)
    assert "没有您说的还法" in said(turn)
    assert figures(turn)["total_cost"]["inputs"]["method"] == "equal_instalment"


def test_a_day_of_interest_needs_no_term(counter: Open) -> None:
    turn = counter().hear("一万块一天利息多少", "ask_interest", amount=WAN)
    assert figures(turn)["daily_interest"]["value"] == 300, "10.8 % of 10000 yuan, a day of 360"
    assert "期？" not in said(turn)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"amount": 5000 * WAN}, "最多借"),
        ({"amount": 200_000}, "最少借"),
        ({"amount": 5 * WAN, "term": 8}, "可以分"),
    ],
)
def test_an_application_for_what_nobody_lends_is_told_the_range(
    counter: Open, wish: dict[str, int], words: str
) -> None:
    turn = counter().hear("我想申请贷款", "apply_loan", **wish)
    assert words in said(turn)
    assert said(turn).count("？") == 1


def test_turnover_by_the_day_is_no_question_for_a_day_of_interest(counter: Open) -> None:
    turn = counter().hear("我一天流水不少，借一万利息多少", "ask_interest", amount=WAN)
    assert "daily_interest" not in figures(turn)
    assert said(turn).count("？") == 1, "the term is asked for"
