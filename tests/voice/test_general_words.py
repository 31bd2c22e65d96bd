"""General words: homophones by a language model; numbers, letters and likely words stay."""

from pathlib import Path
from typing import Any

import pytest

from voice.general_words import GeneralWords, load_general_words

LIKELY = {"还款": -3.0, "提前": -3.0, "我": -2.0, "想": -2.0, "二百万": -5.0, "海": -5.0, "款": -5.0}


class State:
    """A model without memory needs none."""


class Kenlm:
    """Stands for the module kenlm."""

    State = State


class Unigrams:
    """Stands for a KenLM model: each word has its own logarithm, an unknown one -9."""

    def BeginSentenceWrite(self, state: State) -> None:
        """Begin a sentence."""

    def BaseScore(self, before: State, word: str, after: State) -> float:
        """The word's own logarithm."""
        return 0.0 if word == "</s>" else LIKELY.get(word, -9.0)

    def __contains__(self, word: str) -> bool:
        return word in LIKELY


def general_words() -> GeneralWords:
    kenlm: Any = Kenlm()
    words = {"hai kuan": ["还款"], "ti qian": ["提前"], "wo": ["我"], "xiang": ["想"], "er": ["二", "儿"]}
    return GeneralWords(kenlm, Unigrams(), words)


def test_a_likelier_word_of_the_same_sound_takes_the_place_of_what_was_heard() -> None:
    assert general_words().rewritten("我想提前海款")[1] == "我想提前还款"


def test_numbers_and_letters_stay_as_they_were_heard() -> None:
    assert general_words().rewritten("二，VIP")[1] == "二，VIP"


def test_the_reading_that_makes_sense_wins_where_whisper_is_undecided() -> None:
    assert general_words().likeliest([("我想剔浅碍筐", -3.0), ("我想提前海款", -3.2)]) == "我想提前还款"


def test_without_a_model_there_is_none(tmp_path: Path) -> None:
    assert load_general_words(tmp_path) is None


def test_what_set_up_made_is_loaded_and_sets_homophones_right() -> None:
    models = Path(__file__).parents[2] / "var" / "models"
    words = load_general_words(models)
    if words is None:
        pytest.skip("the general model is not here (its Debian package could not be had)")
    assert words.rewritten("我想提前海款")[1] == "我想提前还款"
