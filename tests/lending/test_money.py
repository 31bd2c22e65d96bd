"""Money and clock: rounding, the written form, the day in China."""

from datetime import date, datetime, timezone
from decimal import Decimal

import pytest

from actions.lending.clock import CHINA, FixedClock
from actions.lending.money import round_fen, written_percent, written_yuan


@pytest.mark.parametrize(
    ("exact", "rounded"), [("0.5", 1), ("1.5", 2), ("2.5", 3), ("2.4999", 2), ("-0.5", -1)]
)
def test_half_a_fen_is_rounded_up(exact: str, rounded: int) -> None:
    """四舍五入, not to the even one."""
    assert round_fen(Decimal(exact)) == rounded


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (325_000, "3250元"),
        (325_055, "3250.55元"),
        (5, "0.05元"),
        (0, "0元"),
        (100_000_000, "1000000元"),
        (-150, "-1.50元"),
    ],
)
def test_amounts_are_written_without_separators_and_without_empty_decimals(fen: int, written: str) -> None:
    """As the messages do."""
    assert written_yuan(fen) == written


def test_rates_are_written_with_two_decimals() -> None:
    """10.80%, and half up."""
    assert written_percent(Decimal("0.108")) == "10.80%"
    assert written_percent(Decimal("0.00125")) == "0.13%"


def test_the_day_is_that_of_china() -> None:
    """At 17:00 in London it is tomorrow in Chengdu."""
    clock = FixedClock(datetime(2026, 11, 22, 17, tzinfo=timezone.utc))
    assert clock.today() == date(2026, 11, 23)
    assert CHINA.utcoffset(None).total_seconds() == 8 * 3600
