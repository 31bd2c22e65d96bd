"""Whoever asks for a price hears it to the end, with what it comes to in a year."""

from collections.abc import Callable

from tests.actions.conftest import Counter
from tests.actions.test_every_intent import BORROWERS, check
from tests.actions.test_sentences import is_price, sentences

QUESTIONS = (
    ("利息怎么算", "ask_interest", {}),
    ("借十万分十二期", "ask_interest", {"amount": 10_000_000, "term": 12}),
    ("借五十万分三十六期", "ask_interest", {"amount": 50_000_000, "term": 36}),
    ("借五千分三期", "ask_interest", {"amount": 500_000, "term": 3}),
    ("逾期了会怎么样", "ask_overdue", {}),
    ("提前还款收违约金吗", "ask_early_repayment", {}),
    ("能先还一部分吗", "ask_early_repayment", {}),
    ("能晚几天还吗", "ask_extension", {}),
    (
        "我开餐馆三年了，没有逾期，没贷过，能借吗",
        "check_eligibility",
        {"years_in_business": 3, "industry": "餐馆"},
    ),
)
NEVER_HEARD_HERE = {
    "utter_quote_interest_first": "no product's cheapest offer is repaid like that today",
    "utter_quote_interest_first_fees": "the same, with a fee",
    "utter_quote_fees": "the cheapest offers have no fee today",
    "utter_early_repayment_own": "none of the three pays a fee",
}


def test_every_price_is_said_with_its_annualised_rate_and_cannot_be_interrupted(
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
            for one in turn.utterances:
                words = sentences()[str(one.response)].format(**one.values)
                if is_price(words):
                    heard.add(str(one.response))
                    assert "年化" in words
                    assert one.payload["interruptible"] is False, words
    prices = {name for name, text in sentences().items() if is_price(text)}
    assert heard | set(NEVER_HEARD_HERE) == prices
