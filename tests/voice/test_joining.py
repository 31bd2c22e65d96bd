"""Clauses joined from carriers: the right syllables in the right order, fixed words whole, no clicks."""

import re
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from install.bot_sentences import joined_templates, policy_names
from install.carriers import carrier_clauses
from install.examples import filled
from tests.voice.carriers import SYLLABLE_MS, Levels
from voice.speech.carrier import CARRIER_HZ, Carrier, without_last_mark
from voice.speech.joining import Joined, choose, join
from voice.speech.joints import joints_of
from voice.speech.phonemes import syllables
from voice.speech.spoken_text import spoken
from voice.speech.unit_bank import UnitBank


@lru_cache(maxsize=1)
def set_up() -> tuple[Levels, UnitBank]:
    """The carriers that set-up speaks, as levels."""
    levels, names = Levels(), policy_names()
    every = [name for kind in names.values() for name in kind]
    clauses = carrier_clauses(joined_templates(), names)
    return levels, UnitBank([levels.carrier(clause, every) for clause in clauses])


def joined(clause: str, bank: UnitBank) -> Joined | None:
    said, mark = without_last_mark(syllables(spoken(clause)))
    return join(said, mark, bank)


def heard(clause: str) -> str | None:
    levels, bank = set_up()
    made = joined(clause, bank)
    return None if made is None else "".join(text for text, _ in levels.heard(made.samples))


def bank_of(*clauses: str, names: tuple[str, ...] = ()) -> UnitBank:
    levels = Levels()
    return UnitBank([levels.carrier(clause, names) for clause in clauses])


money = st.one_of(
    st.integers(1, 99_999_999).map(lambda fen: f"{fen // 100}.{fen % 100:02d}元"),
    st.integers(1, 3_000_000).map(lambda yuan: f"{yuan}元"),
    st.integers(1, 300).map(lambda tens: f"{tens}0000元"),
)
dates = st.builds(
    lambda year, month, day: f"{year}{month}月{day}日",
    st.one_of(st.just(""), st.integers(2024, 2039).map(lambda year: f"{year}年")),
    st.integers(1, 12),
    st.integers(1, 31),
)
rates = st.integers(1, 3600).map(lambda hundredths: f"{hundredths // 100}.{hundredths % 100:02d}%")
clauses = st.one_of(
    money.map("要还{}。".format),
    money.map("剩余本金是{}。".format),
    dates.map("下一期是{}，".format),
    rates.map("按单利年化{}，".format),
    st.builds("{}扣款{}没有成功。".format, dates, money),
    st.integers(1, 60).map("您还剩{}期，".format),
    st.integers(0, 99_999_999).map("「138{:08d}」，".format),
    st.integers(0, 999).map("「{:03d}X」，".format),
    st.integers(100_000, 999_999).map("「{}」。".format),
)


@given(clauses)
@settings(max_examples=150, deadline=None)
def test_whatever_the_figure_its_joined_sound_is_its_reading_and_nothing_else(clause: str) -> None:
    assert heard(clause) == spoken(clause)[:-1]


@pytest.mark.parametrize("template", joined_templates())
def test_every_clause_with_a_figure_can_be_joined_whatever_its_figures(template: str) -> None:
    for clause in filled(template, "another", policy_names()):
        if re.search(r"[0-9]", clause):
            assert heard(clause) == spoken(clause).rstrip("，。？；：").replace("、", "，")


def test_a_character_with_two_readings_is_taken_in_the_right_one() -> None:
    bank = bank_of("还剩5期，", "要还3元。")
    said, mark = without_last_mark(syllables(spoken("要还5元。")))
    runs = choose(said, mark, bank)
    assert runs is not None
    assert runs[0] == runs[0].__class__(4, 5)  # 要还 of the second carrier: huán, not hái


def test_fixed_words_are_never_torn_apart() -> None:
    bank = bank_of("要交3元。", "再还5元。")
    assert joined("要还5元。", bank) is None


def test_words_with_a_numeral_in_them_are_words() -> None:
    assert joined("一共3元。", bank_of("一定3元。", "共5元。")) is None


def test_a_digit_is_not_parted_from_its_place_where_both_lie_together() -> None:
    bank = bank_of("要还873元。", "要还945元。")
    said, mark = without_last_mark(syllables(spoken("要还845元。")))
    runs = choose(said, mark, bank)
    assert runs is not None
    sounds = [bank.text(run.first, run.last) for run in runs]
    assert not any(one.endswith("八") for one in sounds)


def test_another_name_may_be_put_in_the_place_of_one() -> None:
    carriers = ("青禾店主贷可以分3期，", "拓远订单贷不收违约金，")
    assert joined("拓远订单贷可以分3期，", bank_of(*carriers)) is None
    assert joined("拓远订单贷可以分3期，", bank_of(*carriers, names=("青禾店主贷", "拓远订单贷"))) is not None


def test_a_syllable_that_no_carrier_holds_is_not_left_out() -> None:
    assert joined("要还7元。", bank_of("要还3元。")) is None


def test_what_was_spoken_in_one_piece_stays_in_one_piece() -> None:
    made = joined("要还3250元。", bank_of("要还3250元。", "要还2元。", "要还3000元。"))
    assert made is not None
    assert len(made.runs) == 1
    assert made.joins == ()


def test_without_carriers_nothing_is_joined() -> None:
    assert joined("要还3元。", bank_of()) is None


def sine(clause: str, hertz: float) -> Carrier:
    said, mark = without_last_mark(syllables(spoken(clause)))
    cuts = np.arange(len(said) + 1, dtype=np.int32) * (CARRIER_HZ * SYLLABLE_MS // 1000)
    wave = np.sin(np.arange(cuts[-1]) * 2 * np.pi * hertz / CARRIER_HZ) * 12_000
    return Carrier(said, mark, cuts, joints_of(clause), wave.astype(np.int16))


def test_a_join_does_not_click_and_loses_no_loudness() -> None:
    """Two voiced sounds of nearly one pitch: waves are laid on each other, so that they don't cancel out."""
    steepest = 12_000 / 32768 * 2 * np.pi * 210 / CARRIER_HZ
    made = joined(
        "要还35元。", UnitBank([sine("要还3元。", 200), sine("要还15元。", 210), sine("要还52元。", 190)])
    )
    assert made is not None
    assert made.joins
    assert np.abs(np.diff(made.samples)).max() < 1.3 * steepest
    for place in made.joins:
        around = made.samples[place - 80 : place + 80]
        assert np.sqrt(np.mean(around**2)) > 0.8 * 12_000 / 32768 / np.sqrt(2)


def test_both_ends_are_silent() -> None:
    made = joined("要还3元。", bank_of("要还3元。"))
    assert made is not None
    assert made.samples[0] == made.samples[-1] == 0
