"""Examples are written where they belong, and the patch of them applies."""

import pytest

from teaching.examples import REGRESSIONS, Example, ExampleUnfit, examples_in, key_of, patch, plain, taught

NLU = """version: "3.1"
nlu:
- intent: ask_term
  examples: |
    - 能借多久
    - 最长几期
- intent: ask_interest
  examples: |
    - 利息多少
"""
FILES = {"data/products/nlu.yml": NLU}


def test_a_sentence_goes_to_the_end_of_its_intents_examples() -> None:
    after = taught(FILES, [Example("ask_term", "可以分几年")])
    assert examples_in(after) == [
        Example("ask_term", "能借多久"),
        Example("ask_term", "最长几期"),
        Example("ask_term", "可以分几年"),
        Example("ask_interest", "利息多少"),
    ]
    assert after[REGRESSIONS] == "ask_term\t可以分几年\n"


def test_a_sentence_that_was_taught_as_something_else_is_moved() -> None:
    after = taught(FILES, [Example("ask_interest", "最长几期？")])
    assert [one.intent for one in examples_in(after) if key_of(one.text) == "最长几期"] == ["ask_interest"]


def test_a_sentence_that_is_taught_already_changes_no_example() -> None:
    assert taught(FILES, [Example("ask_term", "最长几期")])["data/products/nlu.yml"] == NLU


def test_of_two_meanings_of_one_sentence_the_new_one_is_tested() -> None:
    files = FILES | {REGRESSIONS: "ask_term\t利息按几期算\n"}
    assert (
        taught(files, [Example("ask_interest", "利息按几期算")])[REGRESSIONS]
        == "ask_interest\t利息按几期算\n"
    )


def test_one_sentence_cannot_be_taught_two_meanings_nor_an_intent_without_examples() -> None:
    with pytest.raises(ExampleUnfit):
        taught(FILES, [Example("ask_term", "多久"), Example("ask_interest", "多久？")])
    with pytest.raises(ExampleUnfit):
        taught(FILES, [Example("ask_hotline", "电话")])


def test_nothing_new_is_no_patch() -> None:
    assert patch(FILES, FILES) == ""


def test_what_rasa_or_yaml_would_read_as_more_than_words_is_made_plain() -> None:
    assert plain("借[五万](amount)\n- intent: x\x00{a}") == "借［五万］（amount） - intent: x ｛a｝"
