"""Passwords: what a new one must be, and the reason told to whoever chose another."""

import pytest

from bot.console.passwords import PasswordUnfit, matches, password_hash, require_fit


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "10到256个字符"),
        ("x" * 257, "10到256个字符"),
        ("my-WangFang-2026", "账号名"),
        ("abababababab", "5种不同的字符"),
    ],
)
def test_a_password_is_refused_with_its_reason(password: str, reason: str) -> None:
    with pytest.raises(PasswordUnfit, match=reason):
        require_fit(password, "wangfang")


def test_a_fit_password_is_taken_and_only_it_matches_its_hash() -> None:
    require_fit("小店开了三年，雨天关门早", "wangfang")
    stored = password_hash("小店开了三年，雨天关门早")
    assert matches(stored, "小店开了三年，雨天关门早")
    assert not matches(stored, "小店开了三年，雨天关门晚") and not matches("broken", "x")
