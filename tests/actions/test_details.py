"""Details are read from whole sentences and from bare answers to a question."""

from pathlib import Path
from typing import Any

import pytest

from actions.details import details_of
from actions.lending.clock import today
from actions.lending.policy import PolicyBook
from actions.turn import Turn
from actions.yes_no import yes_or_no
from understanding.entities import entities as entities_of
from understanding.text_normaliser import normalise

POLICIES = PolicyBook.load(Path(__file__).parents[2] / "data" / "policies")


def details(
    text: str, question: str | None = None, intent: str = "inform", **entities: Any
) -> dict[str, Any]:
    """What the clerk takes from a message: ``entities`` are those given, or else what the rules find in the text."""
    read: list[dict[str, Any]] = [
        {"entity": one.entity, "value": one.value, "start": one.start, "end": one.end}
        for one in entities_of(normalise(text), today())
    ]
    given = [{"entity": name, "value": value} for name, value in entities.items()]
    found = tuple(given or read)
    return details_of(Turn("c", text, intent, entities=found, memory={"question": question}), POLICIES)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("三年了", 36),
        ("两年半", 30),
        ("半年", 6),
        ("十二年", 144),
        ("18个月", 18),
        ("八个月吧", 8),
        ("不到一年", 6),
        ("刚办的", 6),
        ("还没办", 0),
        ("5", 60),
        ("二十五年", 300),
        ("不到三个月", 2),
        ("俩月", 2),
        ("一年零三个月", 15),
        ("小十年吧", 120),
        ("我跑货运跑了五年了", 60),
        ("没有执照", 0),
    ],
)
def test_the_age_of_a_business_is_understood_in_many_words(text: str, months: int) -> None:
    assert details(text, "business_age")["business_months"] == months


@pytest.mark.parametrize("text", ["2019年开的", "2019年", "二零一九年注册的"])
def test_a_calendar_year_is_a_beginning_and_not_an_age(text: str) -> None:
    months = details(text, "business_age")["business_months"]
    assert 0 <= (today().year - 2019) * 12 + today().month - 6 - months <= 6


def test_a_bare_figure_is_an_amount_where_one_was_asked_for() -> None:
    assert details("3050", "amount")["amount_fen"] == 305_000
    assert "amount_fen" not in details("3050", "industry")


def test_a_term_is_no_age_of_a_business() -> None:
    assert "business_months" not in details("分两年还", "term", term=24)


def test_several_details_in_one_sentence() -> None:
    found = details("我在四川开餐馆三年了，想借10万")
    assert found["amount_fen"] == 10_000_000
    assert found["region"] == "四川"
    assert found["business_months"] == 36


@pytest.mark.parametrize(
    ("question", "text", "intent", "name", "value"),
    [
        ("overdue_debt", "没有", "deny", "has_overdue_debt", False),
        ("overdue_debt", "有", "affirm", "has_overdue_debt", True),
        ("overdue_debt", "从来没有", "deny", "has_overdue_debt", False),
        ("first_time", "没有", "deny", "is_first_time_borrower", True),
        ("first_time", "贷过", "inform", "is_first_time_borrower", False),
        ("first_time", "没贷过", "deny", "is_first_time_borrower", True),
        (None, "我没有逾期", "inform", "has_overdue_debt", False),
        (None, "我是第一次贷款", "inform", "is_first_time_borrower", True),
    ],
)
def test_yes_and_no_mean_what_was_asked(
    question: str | None, text: str, intent: str, name: str, value: bool
) -> None:
    assert details(text, question, intent)[name] is value


@pytest.mark.parametrize(
    ("text", "intent", "meaning"),
    [
        ("对", "affirm", True),
        ("没错", "deny", True),
        ("没问题", "out_of_scope", True),
        ("不是", "deny", False),
        ("嗯不用了", "inform", False),
        ("那不行", "out_of_scope", False),
        ("嗯，好的", "inform", True),
        ("嗯", "inform", True),
        ("那好吧", "out_of_scope", True),
        ("不用了谢谢", "thank", False),
        ("好的", "thank", True),
        ("没有", "inform", False),
        ("对了怎么提前还款", "ask_early_repayment", None),
        ("不上征信的贷款有吗", "ask_credit_report", None),
        ("今天天气怎么样", "out_of_scope", None),
    ],
)
def test_yes_or_no_is_told_by_words_before_the_guessed_intent(
    text: str, intent: str, meaning: bool | None
) -> None:
    assert yes_or_no(Turn("c", text, intent)) is meaning


@pytest.mark.parametrize(
    ("text", "first_time", "overdue"),
    [
        ("没有逾期 以前贷过款 我能借吗", False, False),
        ("没有逾期以前在银行贷过款", False, False),
        ("没有逾期也贷过款", None, False),
        ("没逾期，没贷过款", True, None),
        ("没有在银行贷过款", True, None),
        ("以前没贷过", True, None),
    ],
)
def test_no_overdue_debt_does_not_make_a_first_time_borrower(
    text: str, first_time: bool | None, overdue: bool | None
) -> None:
    found = details(text)
    assert found.get("is_first_time_borrower") is first_time
    assert overdue is None or found["has_overdue_debt"] is overdue


@pytest.mark.parametrize(
    ("question", "text", "name", "yuan"),
    [
        ("turnover", "一个月二十万", "turnover_12m_fen", 2_400_000),
        ("turnover", "二十万一个月", "turnover_12m_fen", 2_400_000),
        ("turnover", "每天六七千", "turnover_12m_fen", 2_190_000),
        ("turnover", "一年三百万", "turnover_12m_fen", 3_000_000),
        ("turnover", "近三个月二十万", "turnover_12m_fen", 200_000),
        ("tax_paid", "每季度五万", "tax_paid_12m_fen", 200_000),
        ("invoices", "每个月开十万", "invoices_12m_fen", 1_200_000),
        (None, "开票一个月二十万", "invoices_12m_fen", 2_400_000),
        (None, "我一个月流水二十万能借吗", "turnover_12m_fen", 2_400_000),
    ],
)
def test_a_sum_by_the_month_or_day_is_made_that_of_a_year_and_names_no_term(
    question: str | None, text: str, name: str, yuan: int
) -> None:
    found = details(text, question)
    assert found[name] == 100 * yuan
    assert "term_months" not in found


@pytest.mark.parametrize(
    ("text", "age"), [("63岁", 63), ("我今年19岁", 19), ("六十三岁了", 63), ("十九岁", 19), ("五十岁", 50)]
)
def test_a_stated_age_is_that_of_the_owner_and_not_of_the_business(text: str, age: int) -> None:
    for question in (None, "business_age"):
        found = details(text, question)
        assert found["owner_age"] == age
        assert "business_months" not in found


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("一个月还多少", None),
        ("借十万一个月要还多少钱", None),
        ("借1000一个月还多少", None),
        ("一个月还清", 1),
        ("借一个月要多少利息", 1),
        ("三个月还清", 3),
    ],
)
def test_what_is_paid_each_month_is_no_term_of_a_month(text: str, term: int | None) -> None:
    assert details(text).get("term_months") == term


@pytest.mark.parametrize("text", ["我孩子16岁", "我妈六十三岁"])
def test_the_age_of_a_child_or_parent_is_not_the_owners(text: str) -> None:
    assert "owner_age" not in details(text)


@pytest.mark.parametrize("text", ["我退休了，开了三年店", "我打工攒钱开的店，做了三年了"])
def test_who_was_employed_has_the_business_that_he_tells_of(text: str) -> None:
    assert details(text, "business_age")["business_months"] == 36


def test_who_has_no_customers_these_days_has_a_business_all_the_same() -> None:
    assert "business_months" not in details("最近没有生意，周转不开")


def test_who_is_employed_has_no_business() -> None:
    assert details("我是上班族")["business_months"] == 0


@pytest.mark.parametrize("text", ["我儿子今年十八了", "我爸都七十了"])
def test_the_age_of_a_relative_is_not_the_owners(text: str) -> None:
    assert "owner_age" not in details(text)
