"""A month that a question names is a month of the calendar."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from actions.asked_month import month_asked, month_gone_asked
from actions.lending.clock import today
from actions.turn import Turn
from tests.actions.conftest import Counter

Open = Callable[..., Counter]


@pytest.mark.parametrize(
    ("words", "month"),
    [
        ("下个月几号扣", (2026, 12)),
        ("下下个月还多少", (2027, 1)),
        ("一月份要还多少", (2027, 1)),
        ("12月还多少", (2026, 12)),
        ("十二月几号还", (2026, 12)),
        ("11月还多少", (2026, 11)),
        ("12月要还的是多少", (2026, 12)),
    ],
)
def test_the_month_is_this_years_or_the_next_ones(words: str, month: tuple[int, int]) -> None:
    asked = month_asked(words)
    assert asked is not None
    assert asked.after(date(2026, 11, 24)) == month


@pytest.mark.parametrize("words", ["这个月还多少", "十二个月", "月供多少", "分三个月还", "几号还"])
def test_other_words_name_no_month(words: str) -> None:
    assert month_asked(words) is None


def verified(counter: Open) -> Counter:
    caller = counter()
    caller.hear("我还欠多少", "query_loan_balance")
    caller.hear("13800000001", "inform")
    caller.hear("1234", "inform")
    return caller


def dates(turn: Turn) -> list[str]:
    figures = [one for said in turn.utterances for one in said.payload.get("figures", ())]
    return [str(one["value"]) for one in figures if str(one["name"]).endswith("_repayment_date")]


def test_next_month_behind_a_balance_is_next_month(counter: Open) -> None:
    """A balance tells no instalment that another one could follow."""
    turn = verified(counter).hear("下个月还多少", "query_repayment")
    first = today().replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    assert [one[:7] for one in dates(turn)] == [following.isoformat()[:7]]


def test_a_month_without_an_instalment_is_said_with_the_next_one(counter: Open) -> None:
    """The demo loan's instalment of this month is paid."""
    turn = verified(counter).hear(f"{today().month}月份还要还多少", "query_repayment")
    paid = dates(turn)[0][:7] != today().isoformat()[:7]
    responses = [one.response for one in turn.utterances]
    assert ("utter_no_instalment_in_month" in responses) is paid
    assert len(dates(turn)) == 1


@pytest.mark.parametrize(
    "words", ["十月份的已经还了，下一期多少", "5月借的那笔还多少", "上次是10月还的这次还多少"]
)
def test_a_month_that_is_over_is_not_asked_for(words: str) -> None:
    assert month_asked(words) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("十月份扣了多少", (2026, 10)),
        ("上个月扣了多少", (2026, 10)),
        ("上上个月扣了吗", (2026, 9)),
        ("十二月扣了多少", (2025, 12)),
        ("去年三月扣成功了吗", (2025, 3)),
        ("十二月扣多少", None),
        ("这个月扣了吗", None),
    ],
)
def test_a_month_gone_by(text: str, expected: tuple[int, int] | None) -> None:
    assert month_gone_asked(text, date(2026, 11, 24)) == expected
