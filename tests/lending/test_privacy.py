"""Masking of personal digits."""

import pytest

from actions.lending.privacy import mask_card, mask_digits, mask_id_card, mask_phone


def test_a_phone_number_keeps_three_and_four_digits() -> None:
    """Enough to recognise one's own."""
    assert mask_phone("13800000001") == "138****0001"
    assert mask_phone("12345") == "*****"


def test_id_and_bank_cards_keep_four() -> None:
    """X included."""
    assert mask_id_card("51010719850301567X") == "**************567X"
    assert mask_card("6222021234567890") == "****7890"
    assert mask_card("12") == "****"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我的号码13800000001，打这个", "我的号码138****0001，打这个"),
        ("138 0000 0001", "138****0001"),
        ("身份证51010719850301567x", "身份证****************7x"),
        ("卡号6222 0212 3456 7890 123", "卡号*****************23"),
        ("借50000元，12期，12月15日", "借50000元，12期，12月15日"),
        ("尾号1234", "尾号1234"),
        ("2026-11-23到期，金额3250.55元", "2026-11-23到期，金额3250.55元"),
        ("138-0000-0001", "138****0001"),
    ],
)
def test_long_digits_in_free_text_are_hidden_and_amounts_stay(text: str, masked: str) -> None:
    """Seven digits or more are personal; amounts, terms and dates are not."""
    assert mask_digits(text) == masked
