"""Spoken Chinese numbers become digits, and digits the characters that are spoken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.hearing.numerals import (
    amounts,
    amounts_written_out,
    dates,
    digit_runs,
    digits_written_out,
    parse_number,
    written_out,
)


@pytest.mark.parametrize(
    ("spoken", "value"),
    [
        ("零", 0),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("一百零五", 105),
        ("一百五", 150),
        ("两千三", 2300),
        ("两千零三", 2003),
        ("三万五", 35_000),
        ("三万零五", 30_005),
        ("十二万五千", 125_000),
        ("三十万五千三百三十四", 305_334),
        ("一亿零五", 100_000_005),
        ("一二三", 123),
    ],
)
def test_a_spoken_number_has_its_value(spoken: str, value: int) -> None:
    assert parse_number(spoken) == value


@pytest.mark.parametrize("text", ["", "好", "万", "三只", "12"])
def test_other_text_has_no_value(text: str) -> None:
    assert parse_number(text) is None


@given(st.integers(min_value=0, max_value=999_999_999_999))
def test_a_number_written_out_with_separators_and_read_again_is_the_same(number: int) -> None:
    assert parse_number(written_out(f"{number:,}")) == number


@given(st.integers(min_value=0, max_value=9999))
def test_a_short_number_written_out_and_read_again_is_the_same(number: int) -> None:
    assert parse_number(written_out(str(number))) == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我想借五万块", "我想借50000块"),
        ("十二万五", "125000"),
        ("20万", "200000"),
        ("1.5万吧", "15000吧"),
        ("一点五万", "15000"),
        ("三年", "3年"),
        ("借20万3年还", "借200000，3年还"),
        ("借二十万三年还", "借200000，3年还"),
        ("十万块六个月", "100000块6个月"),
        ("12万5", "125000"),
        ("分三十六期", "分36期"),
        ("两三万", "两三万"),
        ("万一逾期呢", "万一逾期呢"),
        ("千万别催", "千万别催"),
        ("少一点", "少一点"),
        ("百分之十", "百分之十"),
        ("没有想好", "没有想好"),
    ],
)
def test_an_amount_is_written_as_digits_and_words_stay_words(text: str, expected: str) -> None:
    assert amounts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("十二月十五号", "12月15号"),
        ("二零二七年一月三日", "2027年1月3日"),
        ("下个月十号吧", "下个月10号吧"),
        ("明天", "明天"),
    ],
)
def test_a_day_is_written_as_digits(text: str, expected: str) -> None:
    assert dates(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我的电话是幺三八零零零零零零零一", "我的电话是13800000001"),
        ("二零二六年借的", "2026年借的"),
        ("一二三木头人", "一二三木头人"),
        ("五万块", "五万块"),
    ],
)
def test_only_long_runs_of_digits_are_codes_in_open_speech(text: str, expected: str) -> None:
    assert digit_runs(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026年12月", "二零二六年十二月"),
        ("1,234.5元", "一千二百三十四点五元"),
        ("10.80%", "百分之十点八零"),
        ("12期", "十二期"),
        ("00123", "零零一二三"),
        ("138000", "一三八零零零"),
        ("三百零五", "三百零五"),
    ],
)
def test_figures_are_written_out_as_they_are_spoken(text: str, expected: str) -> None:
    assert written_out(text) == expected


def test_digits_one_by_one_and_yao_is_one() -> None:
    assert digits_written_out("幺38 0零1") == "一三八 零零一"


@pytest.mark.parametrize("same", ["十二万五", "12万5", "125000", "125,000", "12.5万", "十二万五千"])
def test_an_amount_is_the_same_however_it_is_written(same: str) -> None:
    assert amounts_written_out(same + "元") == "十二万五千元"
