"""Redaction: no full phone, ID card or bank card number survives, and nothing else is touched."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.redaction import mask_reply, redact
from voice.hearing.expectation import OPEN, YES_NO, Expectation, ExpectationKind

FOUR = Expectation(ExpectationKind.DIGITS, 4)
ELEVEN = Expectation(ExpectationKind.DIGITS, 11)


@pytest.mark.parametrize(
    ("said", "text", "phone"),
    [
        ("13800000001", "〔手机号尾号0001〕", "13800000001"),
        ("我的号码是138-0000-0001谢谢", "我的号码是〔手机号尾号0001〕谢谢", "13800000001"),
        ("138 0000 0001", "〔手机号尾号0001〕", "13800000001"),
        ("１３８００００００01", "〔手机号尾号0001〕", "13800000001"),
        ("幺三八零零零零零零零一", "〔手机号尾号0001〕", "13800000001"),
        ("一三八，零零零零，零零零一", "〔手机号尾号0001〕", "13800000001"),
        ("一三八七个零一", "〔手机号尾号0001〕", "13800000001"),
        ("1900-0-0 00000", "〔手机号尾号0000〕", "19000000000"),
        ("130000000-0-0", "〔手机号尾号0000〕", "13000000000"),
        ("+86 13800000001", "+〔手机号尾号0001〕", "13800000001"),
        ("不是13911112222，是13800000001", "不是〔手机号尾号2222〕，是〔手机号尾号0001〕", "13800000001"),
    ],
)
def test_a_phone_number_is_masked_and_claimed_however_it_is_written(said: str, text: str, phone: str) -> None:
    redacted = redact(said)
    assert (redacted.text, redacted.phone) == (text, phone)


@pytest.mark.parametrize(
    ("said", "last4"),
    [
        ("1234", "1234"),
        ("一二三四", "1234"),
        ("一、二、三、四", "1234"),
        ("幺二三四", "1234"),
        ("五六七叉", "567X"),
        ("五六七埃克斯", "567X"),
        ("567x", "567X"),
        ("１２３４", "1234"),
        ("是1234没错", "1234"),
    ],
)
def test_four_digits_that_were_asked_for_are_masked_and_claimed(said: str, last4: str) -> None:
    redacted = redact(said, FOUR)
    assert redacted.id_last4 == last4
    assert "〔证件后四位〕" in redacted.text
    assert not re.search(r"\d", redacted.text)


def test_four_digits_out_of_the_blue_stay() -> None:
    assert redact("我想借5000").text == "我想借5000"
    assert redact("1234", OPEN).id_last4 is None


def test_four_digits_beside_the_word_id_card_are_masked_without_being_asked_for() -> None:
    assert redact("身份证后四位1234").text == "身份证后四位〔证件后四位〕"


def test_a_correction_of_a_read_back_claims_the_last_named_digits() -> None:
    redacted = redact("不对，不是1234，是1235", YES_NO, id_last4_open=True)
    assert redacted.id_last4 == "1235"
    assert redacted.text == "不对，不是〔证件后四位〕，是〔证件后四位〕"


def test_phone_and_id_ending_in_one_breath_are_told_apart() -> None:
    for said in ("13800000001 1234", "138000000011234", "一三八零零零零零零零一，一二三四"):
        redacted = redact(said, ELEVEN)
        assert (redacted.phone, redacted.id_last4) == ("13800000001", "1234"), said


@pytest.mark.parametrize(
    "card", ["110101199003071234", "11010119900307123X", "11010119900307123x", "110101900307123"]
)
def test_a_whole_id_card_number_is_masked_and_its_end_claimed(card: str) -> None:
    redacted = redact(f"我的身份证是{card}")
    assert redacted.text == "我的身份证是〔证件号〕"
    assert redacted.id_last4 == card[-4:].upper()


@pytest.mark.parametrize("card", ["6222020000001234", "6222 0200 0000 1234", "6222020200001231234"])
def test_a_bank_card_is_masked_and_claims_nothing(card: str) -> None:
    redacted = redact(card, FOUR)
    assert redacted.text == "〔银行卡尾号1234〕"
    assert (redacted.phone, redacted.id_last4) == (None, None)


@pytest.mark.parametrize(
    "said",
    [
        "借十二万，分24期",
        "我借50000 24期",
        "1,000,000,000",
        "2026-11-23 2026-12-01",
        "二零二六年",
        "每月还3250.55元",
        "第一个",
    ],
)
def test_amounts_terms_and_dates_are_left_alone(said: str) -> None:
    assert redact(said).text == said


def test_an_amount_is_no_id_ending_even_when_digits_were_asked_for() -> None:
    assert redact("等一下，我想借5000块", FOUR).id_last4 is None


def test_four_digits_in_answer_to_the_phone_question_are_a_piece_of_a_number_and_claim_nothing() -> None:
    redacted = redact("零零零零", ELEVEN)
    assert (redacted.text, redacted.id_last4) == ("〔数字〕", None)


def test_digits_that_make_no_sense_are_masked_when_digits_were_asked_for() -> None:
    assert redact("一二三", FOUR).text == "〔数字〕"
    assert redact("138000000012", ELEVEN).text == "〔号码〕"


def test_the_customers_own_brackets_are_no_masks() -> None:
    assert redact("〔证件后四位〕").text == "（证件后四位）"


@given(
    before=st.text(alphabet="我的号码是 ，。abc", max_size=8),
    number=st.from_regex(r"1[3-9]\d{9}", fullmatch=True),
    gaps=st.lists(st.sampled_from(["", " ", "-", "，"]), min_size=10, max_size=10),
    after=st.text(alphabet="谢谢，。 好的", max_size=8),
)
def test_no_phone_number_survives_whatever_stands_around_and_between(
    before: str, number: str, gaps: list[str], after: str
) -> None:
    written = "".join(digit + gap for digit, gap in zip(number, [*gaps, ""], strict=True))
    digits = re.sub(r"\D", "", redact(before + written + after).text)
    assert number not in digits
    assert len(digits) <= 4


def test_what_was_read_back_is_masked_for_the_transcript() -> None:
    assert mask_reply("身份证后四位是「567X」，对吗？") == "身份证后四位是「****」，对吗？"
    assert mask_reply("手机号是「13800000001」，对吗？") == "手机号是「*******0001」，对吗？"
    assert mask_reply("登记号是「593661」。") == "登记号是「593661」。"


@pytest.mark.parametrize(
    ("said", "expects", "piece"),
    [
        ("138 0000", ELEVEN, "1380000"),
        ("嗯，我的手机号是一三八", ELEVEN, "138"),
        ("然后零零幺。", ELEVEN, "001"),
        ("12", FOUR, "12"),
        ("五六七", FOUR, "567"),
        ("叉", FOUR, "X"),
        ("四个零", ELEVEN, "0000"),
        ("借12万", ELEVEN, None),
        ("等一下", FOUR, None),
        ("不对是12", FOUR, None),
        ("我要转人工1", FOUR, None),
        ("13800000001", ELEVEN, None),
        ("1234", FOUR, None),
        ("12", OPEN, None),
    ],
)
def test_fewer_digits_than_were_asked_for_are_a_piece_when_nothing_else_is_said(
    said: str, expects: Expectation, piece: str | None
) -> None:
    redacted = redact(said, expects)
    assert redacted.piece == piece
    if piece:
        assert not re.search(r"[0-9]", redacted.text)


def test_the_end_of_an_id_card_is_masked_beside_the_tail_of_a_phone() -> None:
    redacted = redact("手机尾号0001，身份证1234，查一下还款")
    assert redacted.text == "手机尾号0001，身份证〔证件后四位〕，查一下还款"
    assert redacted.id_last4 == "1234"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("手机号后四位6688", "手机号后四位〔别的尾号〕"),
        ("我银行卡尾号是六六八八", "我银行卡尾号是〔别的尾号〕"),
        ("银行卡，后四位6688", "银行卡，后四位〔别的尾号〕"),
        ("6688是我手机后四位", "〔别的尾号〕是我手机后四位"),
        ("卡号6688", "卡号〔别的尾号〕"),
    ],
)
def test_the_tail_of_another_number_is_no_end_of_an_id_card(said: str, text: str) -> None:
    redacted = redact(said, FOUR)
    assert redacted.text == text
    assert redacted.id_last4 is None


@pytest.mark.parametrize(
    "said",
    [
        "我卡丢了，后四位是1234",
        "手机丢了身份证后四位1234",
        "身份证卡后四位1234",
        "不是手机的，身份证的1234",
        "手机号13800000001，后四位1234",
        "1234，手机号是13800000001",
    ],
)
def test_another_number_beside_it_takes_nothing_from_the_end_of_the_id_card(said: str) -> None:
    assert redact(said, FOUR).id_last4 == "1234"


def test_a_tail_alone_is_no_piece_of_the_number_that_was_asked_for_whole() -> None:
    redacted = redact("手机尾号，嗯，1688", ELEVEN)
    assert redacted.is_tail
    assert redacted.as_tail_alone().piece is None
    assert redacted.as_tail_alone().text == "手机尾号，嗯，〔别的尾号〕"


@pytest.mark.parametrize(
    ("said", "count", "phone", "last4"),
    [
        ("幺三八洞洞洞洞洞洞洞幺", 11, "13800000001", None),
        ("一三八 洞洞洞洞 洞洞洞幺", 11, "13800000001", None),
        ("拐勾洞两", 4, None, "7902"),
    ],
)
def test_digits_as_soldiers_say_them(said: str, count: int, phone: str | None, last4: str | None) -> None:
    redacted = redact(said, Expectation(ExpectationKind.DIGITS, count))
    assert (redacted.phone, redacted.id_last4) == (phone, last4)


def test_two_thousand_and_a_cave_are_no_digits() -> None:
    assert (
        redact("借两千三四百，店在山洞边", Expectation(ExpectationKind.DIGITS, 11)).text
        == "借两千三四百，店在山洞边"
    )
