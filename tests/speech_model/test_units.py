"""Units and what the voices say: every syllable has its units, and nothing reserved is ever learnt from."""

from itertools import pairwise

import pytest

from commands.bench_calls import OPEN_QUESTIONS
from commands.caller_voices import MAN, ROOT, WOMAN
from speech_model.lines import NO_UNIT
from speech_model.script import general_words, line_of
from speech_model.texts import bare, domain_sentences, reserved, sayings
from speech_model.voices import RESERVED_VOICES, Styles, mixture
from voice.hearing.sound_units import NUMBER, UNITS, SyllableUnknown, units_of
from voice.speech.phonemes import phonemes, tokens
from voice.speech.spoken_text import spoken


@pytest.mark.parametrize(
    ("syllable", "units"),
    [
        ("huan2", ("h", "uan2")),
        ("yuan4", ("van4",)),
        ("xue2", ("x", "ve2")),
        ("liu4", ("l", "iou4")),
        ("shi5", ("sh", "iii5")),
        ("wo3", ("uo3",)),
        ("de", ("d", "e5")),
        ("ng2", ("en2",)),
    ],
)
def test_a_syllable_is_an_initial_and_a_final_with_its_tone(syllable: str, units: tuple[str, ...]) -> None:
    assert units_of(syllable) == units


@pytest.mark.parametrize("nothing", ["", "hello1", "bz3", "3"])
def test_what_is_no_mandarin_syllable_is_an_error(nothing: str) -> None:
    with pytest.raises(SyllableUnknown):
        units_of(nothing)


def test_a_lines_tokens_are_those_that_the_voice_reads() -> None:
    text = "我还有多少钱，谢谢"
    line = line_of(text)
    assert line.tokens == tokens(phonemes(text))
    heard = [unit for unit in line.units if unit != NO_UNIT]
    order = [heard[0], *(after for before, after in pairwise(heard) if after != before)]
    assert [UNITS[unit] for unit in order][:6] == ["uo3", "h", "ai2", "iou3", "d", "uo1"]
    assert NUMBER["SIL"] not in heard


def test_no_voice_says_a_reserved_sentence_and_a_seed_says_the_same_again() -> None:
    sentences, words = domain_sentences(ROOT / "data"), general_words(2000)
    said = list(sayings(sentences, words, spoken, 300, 5))
    assert {bare(text) for text in said} & reserved() == set()
    assert {bare(text) for text in sentences} & reserved() == set()
    assert said == list(sayings(sentences, words, spoken, 300, 5))
    assert said[:100] == list(sayings(sentences, words, spoken, 100, 5))


def test_the_sentences_of_the_benchmark_are_reserved() -> None:
    assert {bare(text) for text in OPEN_QUESTIONS} <= reserved()


def test_the_voices_of_the_tests_are_reserved() -> None:
    assert set(RESERVED_VOICES) == {MAN, WOMAN}


def test_prosody_is_mandarin_even_where_the_timbre_is_lent() -> None:
    import random

    import numpy as np

    mandarin, foreign = np.zeros((510, 256), np.float16), np.ones((510, 256), np.float16)
    styles = Styles({"zf_a": mandarin, "zm_b": mandarin, "af_c": foreign})
    mixed = [mixture(styles, 10, random.Random(seed)) for seed in range(40)]
    assert all((style[0, 128:] == 0).all() for style in mixed)
    assert any(style[0, 0] > 0 for style in mixed), "no timbre was lent in 40 draws"
    assert all(style.shape == (1, 256) for style in mixed)
