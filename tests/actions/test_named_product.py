"""A product that is named is the one that the answer is about."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from actions.interest import rate_range
from actions.lending.policy import PolicyBook
from actions.lending.products import Product
from actions.named_product import named_product
from actions.services import Services
from actions.turn import Turn
from tests.actions.conftest import Counter

Begin = Callable[..., Counter]


def of(code: str) -> Product:
    return PolicyBook.load().product(code)


def first(turn: Turn) -> tuple[str | None, dict[str, Any]]:
    return turn.utterances[0].response, turn.utterances[0].values


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("北辰税易贷利率多少", "beichen_tax"),
        ("税易贷利率多少", "beichen_tax"),
        ("你们那个首贷通怎么样", "beichen_first"),
        ("北辰睡易贷的利息", "beichen_tax"),
        ("介绍一下江渡快贷", "jiangdu_quick"),
        ("抵押贷要什么资料", "lanhai_property"),
    ],
)
def test_a_name_is_known_with_and_without_its_institution_and_by_its_sound(
    counter: Begin, services: Services, words: str, code: str
) -> None:
    product = named_product(counter().hear(words, "ask_product"), services)
    assert product is not None and product.name == of(product.code).name
    assert product.code == code


@pytest.mark.parametrize(
    "words",
    ["抵押贷款要什么资料", "有没有快贷", "北辰税易贷和澜海发票贷哪个好", "首贷是什么公司", "我想贷款"],
)
def test_other_words_and_two_names_name_no_product(counter: Begin, services: Services, words: str) -> None:
    assert named_product(counter().hear(words, "ask_product"), services) is None


def test_its_amounts_terms_papers_and_summary_are_told(counter: Begin) -> None:
    product, customer = of("beichen_first"), counter()
    response, values = first(customer.hear("首贷通最多借多少", "ask_amount_range"))
    assert response == "utter_amount_range_of_product"
    assert values == {"product": product.name, "least": "10000元", "most": "200000元"}
    response, values = first(customer.hear("首贷通能分几期", "ask_term"))
    assert (response, values["terms"]) == ("utter_terms_of_product", "6期、12期、24期")
    response, values = first(customer.hear("首贷通要什么资料", "ask_documents"))
    assert (response, values["common"]) == ("utter_documents_of_product", "、".join(product.documents))
    response, values = first(customer.hear("首贷通是什么", "ask_product"))
    assert (response, values["summary"]) == ("utter_product", product.summary)


def test_its_rates_are_its_own(counter: Begin) -> None:
    low, high = rate_range((of("beichen_first"),))
    turn = counter().hear("首贷通利率多少", "ask_interest")
    response, _ = first(turn)
    assert response == "utter_rate_range_of_product"
    assert [one["value"] for one in turn.utterances[0].payload["figures"]] == [str(low), str(high)]
    every = rate_range(PolicyBook.load().products())
    assert (low, high) != every and every[0] <= low <= high <= every[1]


def test_its_price_is_told_though_another_is_cheaper(counter: Begin) -> None:
    words = {"amount": 5_000_000, "term": 12}
    any_product = counter("c1").hear("借五万分十二期利息多少", "ask_interest", **words)
    named = counter("c2").hear("江渡快贷借五万分十二期利息多少", "ask_interest", **words)
    assert named.utterances[0].values["product"] == "江渡快贷" != any_product.utterances[0].values["product"]


def test_it_stays_the_subject_while_amount_and_term_are_asked(counter: Begin) -> None:
    customer = counter()
    customer.hear("江渡快贷利息怎么算", "ask_interest")
    customer.hear("五万", "inform", amount=5_000_000)
    turn = customer.hear("十二期", "inform", term=12)
    assert turn.utterances[0].values["product"] == "江渡快贷"


def test_another_name_behind_a_price_changes_the_subject(counter: Begin) -> None:
    customer = counter()
    customer.hear("税易贷借五万分十二期利息多少", "ask_interest", amount=5_000_000, term=12)
    turn = customer.hear("江渡快贷借五万分十二期呢", "out_of_scope", amount=5_000_000, term=12)
    assert turn.utterances[0].values["product"] == "江渡快贷"


def test_a_wish_beyond_it_hears_what_it_lends(counter: Begin) -> None:
    turn = counter().hear("首贷通借五十万分十二期利息多少", "ask_interest", amount=50_000_000, term=12)
    response, values = first(turn)
    assert response == "utter_quote_beyond_product"
    assert values["most"] == "200000元"


def test_its_penalty_and_its_fee_of_early_repayment_are_its_own(counter: Begin) -> None:
    product, customer = of("beichen_first"), counter()
    response, values = first(customer.hear("首贷通逾期罚息多少", "ask_overdue"))
    assert response == "utter_overdue_rule_of_product"
    assert Decimal(values["rate"].rstrip("%")) == product.overdue.penalty_rate_per_day * 100
    assert product.early_repayment.fee_rate == 0
    response, _ = first(customer.hear("首贷通提前还收费吗", "ask_early_repayment"))
    assert response == "utter_early_repayment_free_of_product"
    response, values = first(customer.hear("税易贷提前还收费吗", "ask_early_repayment"))
    assert response == "utter_early_repayment_rule_of_product"
    assert values["most"] == "剩余本金的1.00%"
