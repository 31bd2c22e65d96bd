"""Which of Rasa's complaints count."""

from install.rasa_data import complaints

PREFIX = "\x1b[93m/somewhere/io.py:100: UserWarning: "


def test_an_utterance_that_only_an_action_says_is_no_complaint() -> None:
    assert complaints(PREFIX + "The utterance 'utter_quote' is not used in any story or rule.\n") == []


def test_an_intent_without_examples_is_one() -> None:
    warning = "The intent 'query_repayment' is listed in the domain file, but is not found in the NLU training data."
    assert complaints(f"INFO ok\n{PREFIX}{warning}\n\x1b[0m") == [warning]
