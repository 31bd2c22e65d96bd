"""Carriers: where the syllables of a clause lie, and keeping them on disk."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.voice.carriers import Levels
from voice.speech import carrier_store
from voice.speech.carrier import CARRIER_HZ, DURATION_UNIT, Carrier, CarrierDamaged, cut_carrier
from voice.speech.carrier_store import CarrierStore
from voice.speech.joints import figure_spans, joints_of
from voice.speech.phonemes import syllables
from voice.speech.spoken_text import spoken

ENGINE_HZ = 24_000


def said_as_vowels(clause: str) -> tuple[Carrier, int]:
    """A clause of 200 ms a syllable, each 60 ms of hiss and then a vowel, between 500 ms of silence.

    The sound runs 45 ms ahead of the durations, as Kokoro's does. Returns the samples of a syllable as well.
    """
    said = syllables(spoken(clause))
    inside = [each for each in said if not each.is_pause]
    hiss = np.random.default_rng(1).normal(0, 0.05, 1440)
    hiss[1:] -= hiss[:-1]  # no low frequencies
    vowel = np.sin(np.arange(8 * DURATION_UNIT - 1440) * 2 * np.pi * 200 / ENGINE_HZ) * 0.3
    durations, sound = [20.0], [np.zeros(20 * DURATION_UNIT - 1080)]
    for place, syllable in enumerate(inside):
        tokens = len(syllable.symbols) + (syllable.begins_word and place > 0)
        durations += [1.0] * (tokens - 1) + [8.0 - (tokens - 1)]
        sound.append(np.concatenate([hiss, vowel]))
    durations += [1.0] * sum(each.is_pause for each in said) + [20.0]
    sound.append(np.zeros(21 * DURATION_UNIT + 1080))
    samples, lengths = np.concatenate(sound).astype(np.float32), np.array(durations, np.float32)
    made = cut_carrier(said, samples, lengths, ENGINE_HZ, joints_of(clause))
    return made, 8 * DURATION_UNIT * CARRIER_HZ // ENGINE_HZ


def test_a_voiceless_syllable_is_cut_where_the_vowel_before_it_ends() -> None:
    """Its hiss belongs to it: 三 without its s is no 三."""
    carrier, length = said_as_vowels("三十四千。")
    assert [each.text for each in carrier.syllables] == list("三十四千")
    assert carrier.mark == "。"
    start = carrier.cuts[1] - length
    for place in (1, 2, 3):
        assert carrier.cuts[place] - start == pytest.approx(place * length, abs=CARRIER_HZ * 0.012)


def test_a_voiced_syllable_is_cut_as_far_before_its_durations_as_the_sound_runs_ahead() -> None:
    carrier, length = said_as_vowels("三元五万。")
    for before, after in pairwise(carrier.cuts[1:-1]):
        assert after - before == pytest.approx(length, abs=CARRIER_HZ * 0.03)


def test_the_silence_around_a_clause_is_trimmed_and_it_is_as_loud_as_all_clips() -> None:
    carrier, _ = said_as_vowels("要还三元。")
    assert carrier.cuts[0] == 0
    assert carrier.cuts[-1] <= len(carrier.pcm)
    loud = carrier.pcm[np.abs(carrier.pcm) > 500].astype(float) / 32768
    assert np.sqrt(np.mean(loud**2)) == pytest.approx(0.11, rel=0.25)


def test_joints_are_in_and_beside_figures_and_at_the_ends_of_names() -> None:
    assert joints_of("订单贷一共要还13元").tolist() == [False] * 7 + [True] * 4
    with_name = joints_of("订单贷一共要还13元", ("订单贷",))
    assert with_name.tolist() == [True, False, False, True, False, False, False, True, True, True, True]


@pytest.mark.parametrize(
    ("clause", "figures"),
    [
        ("第一期还3.50元，", ["三元五角"]),
        ("2027年1月15日扣款12元没有成功。", ["二零二七年一月十五日", "十二元"]),
        ("可以分3期、12期，", ["三", "十二"]),
        ("按单利年化10.80%，", ["百分之十点八"]),
        ("「138X」的银行卡。", ["幺三八埃克斯"]),
        ("一共一笔，", []),
    ],
)
def test_figures_are_found_in_what_is_spoken(clause: str, figures: list[str]) -> None:
    assert [spoken(clause)[start:end] for start, end in figure_spans(clause)] == figures


def test_a_carrier_comes_back_from_disk_as_it_was(tmp_path: Path) -> None:
    store, carrier = CarrierStore(tmp_path, "voice"), Levels().carrier("要还3元。")
    assert "要还三元。" not in store
    store.store("要还三元。", carrier)
    assert "要还三元。" in store
    read = CarrierStore(tmp_path, "voice").bank()
    assert len(read) == 4
    back = Carrier.unpacked(carrier.packed())
    assert (back.syllables, back.mark) == (carrier.syllables, carrier.mark)
    for one, other in ((back.cuts, carrier.cuts), (back.joints, carrier.joints), (back.pcm, carrier.pcm)):
        assert (one == other).all()


def test_another_voice_has_other_carriers(tmp_path: Path) -> None:
    CarrierStore(tmp_path, "voice").store("要还三元。", Levels().carrier("要还3元。"))
    assert len(CarrierStore(tmp_path, "another").bank()) == 0


def test_carriers_that_set_up_speaks_meanwhile_are_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier_store, "_LOOK_AGAIN_S", 0.0)
    store = CarrierStore(tmp_path, "voice")
    assert len(store.bank()) == 0
    CarrierStore(tmp_path, "voice").store("要还三元。", Levels().carrier("要还3元。"))
    assert len(store.bank()) == 4


def test_the_folder_is_not_read_at_every_clause(tmp_path: Path) -> None:
    store = CarrierStore(tmp_path, "voice")
    empty = store.bank()
    CarrierStore(tmp_path, "voice").store("要还三元。", Levels().carrier("要还3元。"))
    assert store.bank() is empty


def test_a_damaged_carrier_is_left_out_and_the_others_are_not(tmp_path: Path) -> None:
    store = CarrierStore(tmp_path, "voice")
    for clause in ("要还三元。", "再还五十元。"):
        store.store(clause, Levels().carrier(clause))
    path = store.path("要还三元。")
    assert path is not None
    path.write_bytes(path.read_bytes()[:-100])
    assert len(store.bank()) == len("再还五十元")


@pytest.mark.parametrize("content", [b"", b"no carrier", b"PK\x03\x04 no carrier"])
def test_what_is_no_carrier_is_named_so(content: bytes) -> None:
    with pytest.raises(CarrierDamaged):
        Carrier.unpacked(content)


def test_carriers_of_sentences_and_voices_of_the_past_are_deleted(tmp_path: Path) -> None:
    CarrierStore(tmp_path, "old").store("要还三元。", Levels().carrier("要还3元。"))
    store = CarrierStore(tmp_path, "voice")
    for clause in ("要还三元。", "再还五元。"):
        store.store(clause, Levels().carrier(clause))
    assert store.prune({"要还三元。"}) == 2
    assert "要还三元。" in store
    assert "再还五元。" not in store
