"""我能借吗: few questions, the cheapest product with its price, or the reason and what would change it."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from actions.business_details import BUSINESS_QUESTIONS
from actions.details import details_of
from actions.eligibility import facts_of
from actions.lending.clock import today
from actions.lending.database import open_database
from actions.lending.decision_archive import DecisionArchive
from actions.lending.decision_inputs import BusinessFacts
from actions.lending.decision_policy import Family
from actions.lending.policy import PolicyBook
from actions.lending.quote import quote
from actions.outlook import MOST_QUESTIONS, QUESTION_OF, family_spoken_of
from actions.questions import QUESTIONS
from actions.services import Services
from actions.turn import Turn
from tests.actions.conftest import Counter
from tests.actions.test_sentences import sentences

Open = Callable[..., Counter]
WAN = 1_000_000
"""Ten thousand yuan in fen."""


def amount(text: str, words: str, fen: int) -> dict[str, Any]:
    """An amount where the text says it."""
    start = text.index(words)
    return {"entity": "amount", "value": fen, "start": start, "end": start + len(words)}


def said(turn: Turn) -> str:
    return "".join(sentences()[str(one.response)].format(**one.values) for one in turn.utterances)


def figures(turn: Turn) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for utterance in turn.utterances for one in utterance.payload.get("figures", ())}


def talk(customer: Counter, *lines: str | tuple[str, str, dict[str, Any]]) -> Turn:
    turn: Turn | None = None
    for line in lines:
        text, intent, entities = line if isinstance(line, tuple) else (line, "inform", {})
        turn = customer.hear(text, intent, **entities)
    assert turn is not None
    return turn


def asks(text: str) -> tuple[str, str, dict[str, Any]]:
    return (text, "check_eligibility", {})


def years(text: str, number: int) -> tuple[str, str, dict[str, Any]]:
    return (text, "inform", {"years_in_business": number})


def sum_of(text: str, fen: int) -> tuple[str, str, dict[str, Any]]:
    return (text, "inform", {"amount": fen})


@pytest.mark.parametrize(
    ("lines", "product"),
    [
        ([asks("我能不能借"), years("三年了", 3), "没有", "没贷过"], "beichen_first"),
        (
            [asks("我能办税贷吗"), years("三年了", 3), "没有", "A级", sum_of("五万", 5 * WAN)],
            "beichen_tax",
        ),
        (
            [
                asks("开发票能贷款吗"),
                years("三年了", 3),
                "没有",
                sum_of("两百万", 200 * WAN),
                "每个月都开",
                ("开餐馆的", "inform", {"industry": "餐馆"}),
            ],
            "lanhai_invoice",
        ),
        (
            [
                ("一年流水三百万行吗", "check_eligibility", {"amount": 300 * WAN}),
                years("三年了", 3),
                "没有",
                ("开餐馆的", "inform", {"industry": "餐馆"}),
            ],
            "qinghe_shop",
        ),
        (
            [asks("我有大厂的订单能贷款吗"), years("三年了", 3), "没有", sum_of("五十万", 50 * WAN)],
            "tuoyuan_orders",
        ),
        (
            [
                asks("用房子抵押能贷吗"),
                years("三年了", 3),
                "没有",
                sum_of("两百万", 200 * WAN),
                sum_of("五十万", 50 * WAN),
            ],
            "lanhai_property",
        ),
    ],
)
def test_each_family_is_reached_by_a_few_questions_and_ends_in_a_price(
    counter: Open, lines: list[Any], product: str
) -> None:
    turn = talk(counter(), *lines)
    outlook = figures(turn)["eligibility_outlook"]
    assert (outlook["value"], outlook["inputs"]["product"]) == ("eligible", product), said(turn)
    assert "可以申请" in said(turn)
    assert "初步判断" in said(turn)


def test_the_price_is_of_a_loan_that_the_product_gives_and_cannot_be_interrupted(
    counter: Open, services: Services
) -> None:
    turn = talk(
        counter(), asks("能用税贷吗"), years("三年", 3), "没有", "A级", sum_of("三万三", 33 * WAN // 10)
    )
    price = turn.utterances[-1]
    assert price.payload["interruptible"] is False
    rate = figures(turn)["annualised_rate"]
    loan = rate["inputs"]
    product = services.policies.version(loan["product"], loan["policy"])
    offer = quote(
        product,
        loan["amount_fen"],
        loan["term_months"],
        annual_rate=Decimal(loan["annual_rate"]),
        on=today(),
    )
    assert (rate["value"], figures(turn)["total_cost"]["value"]) == (
        str(offer.annualised_rate),
        offer.total_cost_fen,
    )
    assert figures(turn)["eligible_limit_max"]["value"] == 26 * WAN, "eight times 33000 yuan, by 10000"
    assert loan["amount_fen"] <= 26 * WAN
    assert "50000元到260000元" in said(turn)


def test_the_wanted_amount_and_term_are_priced_where_they_were_said(counter: Open) -> None:
    first = ("我想借八万分六期，能借吗", "check_eligibility", {"amount": 8 * WAN, "term": 6})
    turn = talk(counter(), first, years("三年", 3), "没有", "没贷过")
    loan = figures(turn)["annualised_rate"]["inputs"]
    assert (loan["amount_fen"], loan["term_months"]) == (8 * WAN, 6)


def test_several_answers_in_one_sentence_leave_nothing_to_ask(counter: Open) -> None:
    text = "我开店三年了，没有逾期，以前没贷过款，能借吗"
    turn = talk(counter(), (text, "check_eligibility", {"years_in_business": 3}))
    assert figures(turn)["eligibility_outlook"]["value"] == "eligible"


def test_sums_in_one_sentence_go_to_what_they_are_sums_of(counter: Open, services: Services) -> None:
    text = "我一年交五万的税，开票三百万，流水五百万，想借二十万"
    turn = Turn(
        "c",
        text,
        "inform",
        entities=(
            amount(text, "五万", 5 * WAN),
            amount(text, "三百万", 300 * WAN),
            amount(text, "五百万", 500 * WAN),
            amount(text, "二十万", 20 * WAN),
        ),
    )
    assert facts_of(turn, services, details_of(turn, services.policies)) == BusinessFacts(
        tax_paid_12m_fen=5 * WAN,
        invoices_12m_fen=300 * WAN,
        turnover_12m_fen=500 * WAN,
        wanted_amount_fen=20 * WAN,
    )


def test_overdue_debt_is_the_reason_and_paying_it_the_change(counter: Open) -> None:
    turn = talk(counter(), asks("我符合条件吗"), years("五年", 5), "有的")
    assert figures(turn)["eligibility_outlook"]["value"] == "ineligible"
    assert "还有逾期没还清的贷款" in said(turn)
    assert "您可以把逾期的贷款还清，再来问一次" in said(turn)
    assert turn.utterances[-1].payload["interruptible"] is False


def test_a_business_of_two_months_hears_how_long_to_wait(counter: Open) -> None:
    """The quickest product wants three months, but only in four provinces, and nobody said where the shop is."""
    turn = talk(counter(), asks("我能借吗"), ("两个月", "inform", {"term": 2}))
    assert "再等1个月，营业执照就满3个月了" in said(turn)


def test_too_much_is_answered_by_the_amount_that_would_do(counter: Open) -> None:
    first = ("我想借一千万能借吗", "check_eligibility", {"amount": 1000 * WAN})
    turn = talk(counter(), first)
    assert figures(turn)["eligibility_outlook"]["value"] == "ineligible"
    assert "少借一点，借3000000元" in said(turn)


def test_what_the_customer_does_not_know_is_not_asked_again(counter: Open) -> None:
    """Without the grade no tax loan can be told; something else still may."""
    customer = counter()
    turn = talk(customer, asks("税贷能办吗"), years("三年", 3), "没有", "这个我不清楚")
    assert customer.memory["question"] != "tax_grade"
    assert "纳税等级" not in said(turn)


def test_a_verified_borrower_is_not_asked_what_is_on_record(counter: Open) -> None:
    """Age of the business, trade, province and debts are known; one answer is enough, or none."""
    customer = counter()
    customer.hear("13800000001 身份证后四位1234", "inform")
    turn = customer.hear("我还能再借吗", "check_eligibility")
    assert figures(turn)["eligibility_outlook"]["value"] == "eligible", said(turn)


def test_the_told_decision_is_stored_and_replays(
    counter: Open, services: Services, database_url: str
) -> None:
    turn = talk(counter(), asks("我能借吗"), years("三年", 3), "没有", "没贷过")
    reference = figures(turn)["eligibility_outlook"]["inputs"]["decision"]
    database = open_database(database_url)
    assert DecisionArchive(database).replay(reference).same
    stored = DecisionArchive(database).find(reference)
    assert stored.inputs == {
        "business_months": 36,
        "owner_has_overdue_debt": False,
        "is_first_time_borrower": True,
    }
    database.close()


def test_every_input_that_a_shipped_policy_asks_for_has_a_question() -> None:
    for product in PolicyBook.load().all_versions():
        inputs = {rule.condition.input for rule in product.decision.rules if rule.asked}
        for cap in product.decision.caps:
            inputs |= {name for name in (cap.input, cap.minus) if name is not None and cap.asked}
        assert inputs <= set(QUESTION_OF), product.code
        assert len(inputs) <= MOST_QUESTIONS + 1, product.code


def test_every_question_is_one_that_the_clerk_has() -> None:
    assert set(QUESTION_OF.values()) <= set(QUESTIONS)
    assert set(BUSINESS_QUESTIONS) <= set(QUESTIONS)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("我按时纳税能贷多少", Family.TAX),
        ("开发票能不能贷", Family.INVOICE),
        ("用流水贷款", Family.TURNOVER),
        ("我有大厂的订单", Family.SUPPLY_CHAIN),
        ("货款没收回来能借吗", Family.SUPPLY_CHAIN),
        ("拿房子抵押", Family.COLLATERAL),
        ("不用抵押的有吗", None),
        ("我能借吗", None),
    ],
)
def test_the_kind_of_loan_is_heard_from_the_words(text: str, family: Family | None) -> None:
    assert family_spoken_of(text) is family


def test_no_reply_of_an_outlook_is_longer_than_two_sentences(counter: Open) -> None:
    for number, lines in enumerate(
        (
            [asks("我能借吗"), years("三年", 3), "没有", "没贷过"],
            [asks("我能借吗"), years("三年", 3), "有"],
            [("借一千万", "check_eligibility", {"amount": 1000 * WAN})],
        )
    ):
        turn = talk(counter(sender=f"s{number}"), *lines)
        assert len([part for part in re.split("[。？]", said(turn)) if part]) <= 2, said(turn)


def test_without_a_licence_nobody_is_told_to_wait_until_it_is_old_enough(counter: Open) -> None:
    turn = talk(counter(), asks("没有营业执照能借吗"))
    assert "先办营业执照" in said(turn), said(turn)
    assert "再等" not in said(turn)


def test_the_age_that_the_owner_states_is_held_against_the_conditions(counter: Open) -> None:
    too_old = talk(counter(), asks("我今年68岁，能借吗"))
    assert "目前条件还不够" in said(too_old), said(too_old)
    too_young = talk(counter(sender="c2"), asks("我今年17岁，能借吗"))
    assert "目前条件还不够" in said(too_young), said(too_young)
    old_enough = talk(counter(sender="c3"), asks("我今年30岁，能借吗"))
    assert "目前条件还不够" not in said(old_enough)


def test_who_repays_the_principal_at_the_end_is_told_so(counter: Open, services: Services) -> None:
    """青禾周转贷 is paid back that way only; for a term of three months nothing cheaper is left."""
    turn = talk(
        counter(),
        ("一年流水三百万，想借二十万分三期", "check_eligibility", {"amount": 20 * WAN, "term": 3}),
        years("三年了", 3),
        "没有",
        ("开餐馆的", "inform", {"industry": "餐馆"}),
        sum_of("三百万", 300 * WAN),
    )
    assert figures(turn)["annualised_rate"]["inputs"]["method"] == "interest_first", said(turn)
    assert "本金到期一次还" in said(turn)
