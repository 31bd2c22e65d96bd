"""General words: homophones by a language model; numbers, letters and likely words stay."""

import math
from pathlib import Path
from typing import Any

import pytest

from voice.hearing.domain_sentences import as_words, example_texts
from voice.hearing.domain_words import DomainWords
from voice.hearing.general_words import GeneralWords, load_domain_words, load_general_words

ROOT = Path(__file__).parents[2]

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
    readings = [("我想剔浅碍筐", -3.0), ("我想提前海款", -3.2)]
    assert general_words().likeliest(readings) == ("我想提前还款",)


def test_readings_that_differ_by_marks_or_mean_the_same_words_are_one() -> None:
    readings = [("我想提前海款", -3.0), ("我想提前还款？", -3.1), ("我想，提前还款", -3.2)]
    assert general_words().likeliest(readings) == ("我想提前还款？",)


def test_what_is_about_as_likely_is_told_behind_the_likeliest() -> None:
    words = general_words()
    assert words.likeliest([("我想提前", -3.0), ("我想还款", -3.1)]) == ("我想提前", "我想还款")
    assert words.likeliest([("我想提前", -3.0), ("我想还款", -4.5)]) == ("我想提前",)


def test_without_a_model_there_is_none(tmp_path: Path) -> None:
    assert load_general_words(tmp_path) is None


def test_what_set_up_made_is_loaded_and_sets_homophones_right() -> None:
    models = Path(__file__).parents[2] / "var" / "models"
    words = load_general_words(models)
    if words is None:
        pytest.skip("the general model is not here (its Debian package could not be had)")
    assert words.rewritten("我想提前海款")[1] == "我想提前还款"


def test_what_is_said_of_loans_is_likelier_than_what_is_said_in_general() -> None:
    domain = DomainWords([["提前", "还款"], ["提前", "还款"], ["我", "想", "还款"]], share=0.5)
    assert domain.probability("还款", ("<s>", "提前")) > domain.probability("还款", ("<s>", "海"))
    assert domain.probability("海", ("<s>", "提前")) == 0.0
    general = -9.0
    assert domain.mixed(general, "还款", ("<s>", "提前")) > -2.0
    assert domain.mixed(general, "海", ("<s>", "提前")) == pytest.approx(general + math.log(0.5))


def test_probabilities_of_all_words_after_a_pair_add_up() -> None:
    domain = DomainWords([["我", "想", "借钱"], ["我", "要", "借钱"], ["我", "想", "还"]], share=0.5)
    total = sum(domain.probability(word, ("我", "想")) for word in [*domain.words, "</s>"])
    assert total == pytest.approx(1.0)


def test_a_word_of_loans_wins_over_a_homophone_that_the_general_model_prefers() -> None:
    kenlm: Any = Kenlm()
    words = {"shou xin": ["手心", "授信"], "e du": ["额度"]}
    heard = "手心额度"
    assert GeneralWords(kenlm, Unigrams(), words).rewritten(heard)[1] == heard
    domain = DomainWords([["授信", "额度"]] * 3, share=0.5)
    assert GeneralWords(kenlm, Unigrams(), words, domain).rewritten(heard)[1] == "授信额度"


def test_the_examples_of_understanding_are_read_as_they_are_spoken() -> None:
    texts = set(example_texts(ROOT / "data"))
    assert len(texts) > 3000
    assert not [text for text in texts if "[" in text or "{" in text]
    runs = list(as_words(["我想提前还款，还三万"], ["提前还款"]))
    assert runs == [["我", "想", "提前还款"], ["还", "三万"]]


def test_sentences_that_are_measured_with_can_be_held_back(tmp_path: Path) -> None:
    folder = tmp_path / "loans"
    folder.mkdir()
    (folder / "nlu.yml").write_text(
        "nlu:\n- intent: a\n  examples: |\n    - 我要展期\n    - 下个月还\n", "utf-8"
    )
    known = load_domain_words(tmp_path, tmp_path / "none.txt", {"我要展期"})
    assert known.probability("展期", ()) == 0.0
    assert known.probability("还", ()) > 0.0
