"""People behind the caller are told from him by their loudness, and a softer caller is still heard."""

import numpy as np

from voice.sound.audio import AudioFrame
from voice.turn_taking.foreground import Foreground

RATE = 8000
CALLER_DB = 62.0


def frames(seconds: float, level_db: float, seed: int = 1, swell_db: float = 2) -> list[AudioFrame]:
    """Noise of this level (decibels above one step) that swells from syllable to syllable: one voice more than five."""
    random, made = np.random.default_rng(seed), []
    for number in range(int(seconds * 50)):
        swell = swell_db * np.sin(number / 3)
        sound = random.normal(0, 10 ** ((level_db + swell) / 20), RATE // 50)
        made.append(AudioFrame(sound.astype("<i2").tobytes(), RATE, number * 20))
    return made


def share(foreground: Foreground, sound: list[AudioFrame], in_utterance: bool) -> float:
    """Share of these frames that count as the caller's."""
    return float(np.mean([foreground.is_callers(frame, in_utterance) for frame in sound]))


def in_a_shop(behind_db: float, margin_db: float = 11) -> Foreground:
    """Five seconds of the shop alone, then one and a half of the caller."""
    foreground = Foreground(margin_db)
    share(foreground, frames(5, CALLER_DB - behind_db), in_utterance=False)
    assert share(foreground, frames(1.5, CALLER_DB, seed=2, swell_db=4), in_utterance=True) > 0.95
    return foreground


def test_people_twelve_decibels_behind_the_caller_do_not_go_on_for_him() -> None:
    shop = in_a_shop(12)
    share(
        shop, frames(0.6, CALLER_DB - 12, seed=5), in_utterance=True
    )  # the level falls within half a second
    assert share(shop, frames(1.5, CALLER_DB - 12, seed=3), in_utterance=True) < 0.05
    assert share(shop, frames(5.0, CALLER_DB - 12, seed=4), in_utterance=False) < 0.05


def test_they_do_not_either_where_they_were_taken_for_the_caller_from_the_beginning() -> None:
    foreground = Foreground(11)
    share(foreground, frames(5, CALLER_DB - 12), in_utterance=True)
    assert share(foreground, frames(2, CALLER_DB, seed=2, swell_db=4), in_utterance=True) > 0.9
    share(foreground, frames(0.6, CALLER_DB - 12, seed=5), in_utterance=True)
    assert share(foreground, frames(1.5, CALLER_DB - 12, seed=3), in_utterance=True) < 0.05


def test_the_caller_is_heard_again_also_when_he_speaks_more_softly() -> None:
    shop = in_a_shop(14)
    share(shop, frames(4, CALLER_DB - 14, seed=3), in_utterance=False)
    assert share(shop, frames(1, CALLER_DB - 5, seed=4), in_utterance=False) > 0.7


def test_on_a_quiet_line_whoever_speaks_softly_is_the_caller() -> None:
    quiet = in_a_shop(50)
    assert share(quiet, frames(2, CALLER_DB - 20, seed=3), in_utterance=True) == 1.0
    assert share(quiet, frames(2, CALLER_DB - 20, seed=4), in_utterance=False) > 0.95


def test_a_loud_knock_shuts_nobody_out_for_long() -> None:
    shop = in_a_shop(12)
    share(shop, frames(0.2, CALLER_DB + 12, seed=3), in_utterance=True)
    share(shop, frames(8, CALLER_DB - 12, seed=4), in_utterance=False)
    assert share(shop, frames(1, CALLER_DB, seed=5), in_utterance=False) > 0.6


def test_a_knock_at_the_end_of_a_turn_does_not_hide_the_next_word() -> None:
    shop = in_a_shop(12)
    for frame in frames(0.4, CALLER_DB + 13, seed=3):
        shop.is_callers(frame, in_utterance=True, is_speech=False)
    share(shop, frames(1, CALLER_DB - 12, seed=4), in_utterance=False)
    assert share(shop, frames(1, CALLER_DB - 3, seed=5), in_utterance=False) > 0.7


def test_it_can_be_switched_off() -> None:
    assert share(in_a_shop(12, margin_db=0), frames(2, CALLER_DB - 12, seed=3), in_utterance=True) == 1.0
