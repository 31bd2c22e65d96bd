"""Whoever hears a price hears its total cost and annualised rate, in one short clause that cannot be interrupted."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from actions.early_repayment_price import say_closing
from actions.lending.policy import PolicyBook
from actions.lending.products import Fee, Product
from actions.lending.quote import quote
from actions.lending.views import LoanView
from actions.overdue import say_own_penalty
from actions.own_data import running_loans
from actions.quote_words import say_quote
from actions.repayment import say_overdue
from actions.services import Services
from actions.turn import Turn
from tests.actions.conftest import Counter
from tests.actions.test_every_intent import BORROWERS, check
from tests.actions.test_sentences import is_price, sentences
from voice.speech.spoken_text import spoken

QUESTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("利息怎么算", "ask_interest", {}),
    ("借十万分十二期", "ask_interest", {"amount": 10_000_000, "term": 12}),
    ("借五十万分三十六期", "ask_interest", {"amount": 50_000_000, "term": 36}),
    ("借五万一天利息多少", "ask_interest", {"amount": 5_000_000}),
    ("借五万分十二期，先息后本", "ask_interest", {"amount": 5_000_000, "term": 12}),
    ("借五千分三期", "ask_interest", {"amount": 500_000, "term": 3}),
    ("逾期了会怎么样", "ask_overdue", {}),
    ("提前还款收违约金吗", "ask_early_repayment", {}),
    ("能先还一部分吗", "ask_early_repayment", {}),
    ("几号还款", "query_repayment", {}),
    ("还欠多少", "query_loan_balance", {}),
    ("我想先还两万", "ask_early_repayment", {"amount": 2_000_000}),
    ("我这笔贷款的利息是多少", "ask_interest", {}),
    ("能晚几天还吗", "ask_extension", {}),
    ("税易贷利率多少", "ask_interest", {}),
    ("税易贷逾期罚息多少", "ask_overdue", {}),
    ("税易贷提前还收费吗", "ask_early_repayment", {}),
    ("首贷通提前还收费吗", "ask_early_repayment", {}),
    (
        "我开餐馆三年了，没有逾期，没贷过，能借吗",
        "check_eligibility",
        {"years_in_business": 3, "industry": "餐馆"},
    ),
)
PRICE_FIGURES = re.compile("instalment_amount|total_|early_repayment_|penalty")
"""Names of figures that say what a loan costs, whatever the words around them."""
WHOLE_COST = {
    "utter_own_interest",
    "utter_eligible_price",
    "utter_quote_cost",
    "utter_quote_cost_fees",
    "utter_early_repayment_cost",
    "utter_early_repayment_cost_free",
}
"""Prices of a sum of money; a rate alone (罚息每天万分之五) has no total."""
OF_A_PRODUCT = {
    "utter_rate_range_of_product",
    "utter_overdue_rule_of_product",
    "utter_early_repayment_rule_of_product",
    "utter_early_repayment_free_of_product",
}
LONGEST_SPOKEN = 62
"""Characters as they are read out, at four to five a second: what nobody can interrupt is over in about 13 s."""
NOTICES = {
    "utter_eligibility_notice",
    "utter_eligibility_change",
    "utter_eligibility_no_licence",
    "utter_eligibility_open",
}
"""Not a price, and yet heard to the end."""


def words_of(turn: Turn, number: int) -> str:
    one = turn.utterances[number]
    return sentences()[str(one.response)].format(**one.values)


def check_prices(turn: Turn) -> set[str]:
    """Hold one reply to the rule; the prices that it says."""
    heard = set()
    told = [figure["name"] for one in turn.utterances for figure in one.payload.get("figures", ())]
    for number, one in enumerate(turn.utterances):
        words, fixed = words_of(turn, number), not one.payload["interruptible"]
        if is_price(words):
            heard.add(str(one.response))
            assert "年化" in words
            assert fixed, words
        if fixed and one.response not in NOTICES:
            assert "年化" in words, "nothing but a price takes the word from the customer"
            assert words.count("。") == 1, "one clause, not the whole reply"
            assert len(spoken(words)) <= LONGEST_SPOKEN, spoken(words)
        if one.response in WHOLE_COST:
            assert "一共" in words
            assert one.values["cost"] in words
    if any(PRICE_FIGURES.match(name) for name in told):
        assert any(not one.payload["interruptible"] for one in turn.utterances), told
        assert any(name.startswith("annualised") for name in told), told
    return heard


def turn_of(customer: Counter) -> Turn:
    return Turn(customer.sender, "", "inform")


def own_loan(counter: Callable[..., Counter], name: str) -> tuple[Counter, LoanView]:
    """A verified borrower and the loan that presses most."""
    phone, last4 = BORROWERS[name]
    customer = counter(sender=name)
    customer.hear(f"{phone} 身份证后四位{last4}", "inform")
    borrower = customer.services.identity.verified_borrower(name)
    assert borrower is not None
    return customer, running_loans(customer.services, borrower)[0]


def test_every_price_that_is_asked_for_is_told_with_its_annualised_rate_and_total(
    counter: Callable[..., Counter],
) -> None:
    heard = set()
    for person, (phone, last4) in [("nobody", ("", "")), *BORROWERS.items()]:
        for number, (text, intent, entities) in enumerate(QUESTIONS):
            customer = counter(sender=f"{person}{number}")
            if phone:
                customer.hear(f"{phone} 身份证后四位{last4}", "inform")
            turn = customer.hear(text, intent, **entities)
            check(turn)
            heard |= check_prices(turn)
    assert {
        "utter_rate_range",
        "utter_quote_cost",
        "utter_daily_interest",
        "utter_overdue_rule",
        "utter_early_repayment_rule",
    } <= heard
    assert heard >= OF_A_PRODUCT
    assert {
        "utter_overdue_now_penalty",
        "utter_overdue_penalty_own",
        "utter_early_repayment_cost_free",
        "utter_own_interest",
    } <= heard


def heard_in_quotes(products: tuple[Product, ...]) -> set[str]:
    heard = set()
    for product in products:
        for method in product.methods:
            for term in (min(product.terms_months), max(product.terms_months)):
                turn = Turn("c", "", "ask_interest")
                say_quote(turn, product, quote(product, product.amount_max_fen - 1, term, method))
                check(turn)
                heard |= check_prices(turn)
    return heard


def test_every_product_term_and_method_is_quoted_by_the_rule() -> None:
    products = PolicyBook.load().products()
    fee = (Fee("服务费", Decimal("0.003"), with_each_instalment=True),)
    with_fee = tuple(replace(product, fees=fee) for product in products)
    assert heard_in_quotes(products) | heard_in_quotes(with_fee) == {
        "utter_quote_cost",
        "utter_quote_cost_fees",
    }


@pytest.mark.parametrize("fee_fen", [0, 123_456])
def test_closing_a_loan_is_told_with_everything_that_it_costs(
    counter: Callable[..., Counter], fee_fen: int
) -> None:
    customer, loan = own_loan(counter, "张伟")
    borrower = customer.services.identity.verified_borrower("张伟")
    assert borrower is not None
    closing = customer.services.records.early_repayment(borrower, loan.reference)
    dearer = replace(closing, fee_fen=fee_fen, total_fen=closing.total_fen + fee_fen)
    turn = turn_of(customer)
    say_closing(turn, customer.services, loan, dearer)
    assert len(check_prices(turn)) == 1
    (cost,) = (
        f["value"] for f in turn.utterances[1].payload["figures"] if f["name"] == "early_repayment_cost"
    )
    assert cost == dearer.interest_fen + dearer.penalty_fen + fee_fen


@pytest.mark.parametrize("penalty_fen", [0, 2_384])
def test_lateness_is_told_with_its_penalty_for_a_year_once_there_is_one(
    counter: Callable[..., Counter], penalty_fen: int
) -> None:
    customer, loan = own_loan(counter, "王强")
    assert loan.overdue is not None
    late = replace(loan, overdue=replace(loan.overdue, penalty_fen=penalty_fen))
    short, asked = turn_of(customer), turn_of(customer)
    say_overdue(short, late)
    say_own_penalty(asked, late)
    assert check_prices(short) == ({"utter_overdue_now_penalty"} if penalty_fen else set())
    assert len(check_prices(asked)) == 1
    check(asked)


def test_a_customer_within_the_grace_period_hears_what_will_be_charged(
    counter: Callable[..., Counter],
) -> None:
    customer, loan = own_loan(counter, "王强")
    assert loan.overdue is not None
    in_grace = replace(loan.overdue, days=1, penalty_fen=0, since=loan.overdue.since + timedelta(days=8))
    turn = turn_of(customer)
    say_own_penalty(turn, replace(loan, overdue=in_grace))
    assert [one.response for one in turn.utterances] == [
        "utter_overdue_now",
        "utter_overdue_penalty_in_grace",
    ]


def test_there_is_no_price_among_the_responses_that_no_test_here_has_heard(
    counter: Callable[..., Counter], services: Services
) -> None:
    heard = {"utter_quote_cost", "utter_quote_cost_fees", "utter_daily_interest", "utter_eligible_price"}
    heard |= {"utter_early_repayment_cost", "utter_early_repayment_cost_free", "utter_early_repayment_rule"}
    heard |= {
        "utter_overdue_then_penalty",
        "utter_overdue_now_penalty",
        "utter_overdue_penalty_own",
        "utter_overdue_penalty_in_grace",
    }
    heard |= {"utter_overdue_rule", "utter_overdue_rule_own", "utter_rate_range", "utter_own_interest"}
    heard |= OF_A_PRODUCT
    assert {name for name, text in sentences().items() if is_price(text)} == heard
