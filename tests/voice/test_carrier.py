"""Carriers: where the syllables of a clause lie, and keeping them on disk."""

from pathlib import Path

import numpy as np
import pytest

from tests.voice.carriers import Levels
from voice import carrier_store
from voice.carrier import CARRIER_HZ, DURATION_UNIT, Carrier, CarrierDamaged, cut_carrier
from voice.carrier_store import CarrierStore
from voice.joints import figure_spans, joints_of
from voice.phonemes import syllables
from voice.spoken_text import spoken

ENGINE_HZ = 24_000


def said_as_bursts(clause: str) -> tuple[Carrier, int]:
    """A clause of 200 ms a syllable, 50 ms of them silent, between 500 ms of silence; how many samples a syllable."""
    said = syllables(spoken(clause))
    inside = [each for each in said if not each.is_pause]
    durations, sound = [20.0], [np.zeros(20 * DURATION_UNIT)]
    for place, syllable in enumerate(inside):
        spaces = int(syllable.begins_word and place > 0)
        tokens = spaces + len(syllable.symbols)
        lengths = [1.0] * (tokens - 1) + [8.0 - (tokens - 1)]
        durations += lengths
        burst = np.sin(np.arange(6 * DURATION_UNIT) / 7) * 0.3
        sound.append(np.concatenate([np.zeros(2 * DURATION_UNIT), burst]))
    durations += [1.0] * sum(each.is_pause for each in said) + [20.0]
    sound.append(np.zeros(21 * DURATION_UNIT))
    made = cut_carrier(
        said,
        np.concatenate(sound).astype(np.float32),
        np.array(durations, np.float32),
        ENGINE_HZ,
        joints_of(clause),
    )
    return made, 8 * DURATION_UNIT * CARRIER_HZ // ENGINE_HZ


def test_each_syllable_is_cut_in_the_silence_before_it() -> None:
    carrier, length = said_as_bursts("要还三元。")
    assert [each.text for each in carrier.syllables] == list("要还三元")
    assert carrier.mark == "。"
    for before, after in zip(carrier.cuts[1:-1], carrier.cuts[2:], strict=True):
        assert after - before == pytest.approx(length, rel=0.6)
        assert np.abs(carrier.pcm[before - 40 : before + 40]).max() < 1500
    assert len(carrier.pcm) == pytest.approx(4 * length, rel=0.1)


def test_the_silence_around_a_clause_is_trimmed_and_it_is_as_loud_as_all_clips() -> None:
    carrier, _ = said_as_bursts("要还三元。")
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
