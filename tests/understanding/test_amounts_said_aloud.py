"""Whatever amount and term the clerk can say, a customer who repeats it is understood to the fen."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from understanding.entities import entities
from voice.hearing.numerals import amounts_written_out

TODAY = date(2026, 11, 23)
YUAN = st.integers(1, 99_999_999)


def values(text: str, entity: str) -> list[object]:
    return [one.value for one in entities(text, TODAY) if one.entity == entity]


@given(YUAN)
def test_an_amount_said_in_full_is_the_same_amount(yuan: int) -> None:
    assert values(amounts_written_out(f"{yuan}元"), "amount") == [yuan * 100]


@given(YUAN)
def test_an_amount_in_figures_is_the_same_amount_with_and_without_separators(yuan: int) -> None:
    assert values(f"{yuan}块钱", "amount") == values(f"{yuan:,}元", "amount") == [yuan * 100]


@given(st.integers(10, 99_999))
def test_thousands_written_as_parts_of_ten_thousand_are_whole_yuan(thousands: int) -> None:
    assert values(f"{thousands / 10:g}万", "amount") == [thousands * 100_000]


@given(st.integers(1, 360))
def test_a_term_said_in_full_is_the_same_term(months: int) -> None:
    spoken = amounts_written_out(f"{months}期")
    assert values(spoken, "term") == values(f"{months}个月", "term") == [months]
