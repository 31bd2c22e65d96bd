"""Digits that were heard in two ways are never guessed: the caller is asked which, and only his word counts."""

from collections.abc import Callable

import pytest

from actions.place_of_two import place_of_two
from actions.turn import Turn
from tests.actions.conftest import Counter

Begin = Callable[..., Counter]


def said(turn: Turn) -> list[str | None]:
    return [one.response for one in turn.utterances]


def asked_for_the_ending(counter: Begin) -> Counter:
    caller = counter(channel="phone", line="13800000001", input="voice")
    caller.hear("还欠多少", "query_loan_balance")
    return caller


def asked_which(counter: Begin, heard: str = "1284", other: str = "1234") -> Counter:
    caller = asked_for_the_ending(counter)
    turn = caller.hear(heard, "inform", others=(other,), unsure=True)
    assert said(turn) == ["utter_which_id_last4"]
    return caller


@pytest.mark.parametrize(
    ("heard", "other", "words"),
    [("1284", "1234", "第二个"), ("1284", "1234", "后面那个对"), ("1234", "1284", "是第一个")],
)
def test_the_one_that_the_caller_points_at_is_tried_and_no_other(
    counter: Begin, heard: str, other: str, words: str
) -> None:
    caller = asked_which(counter, heard, other)
    assert caller.services.identity.state("c1").attempts_left == 3
    assert said(caller.hear(words, "nlu_fallback")) == ["utter_balance"]


def test_a_wrong_choice_counts_like_any_wrong_answer(counter: Begin) -> None:
    caller = asked_which(counter)
    assert said(caller.hear("第一个", "inform"))[0] == "utter_identity_wrong"
    state = caller.services.identity.state("c1")
    assert (state.attempts_left, state.claimed_last4, state.other_last4) == (2, None, None)


@pytest.mark.parametrize(("words", "intent"), [("对", "affirm"), ("都不对", "deny"), ("不是", "deny")])
def test_a_bare_yes_or_no_chooses_neither(counter: Begin, words: str, intent: str) -> None:
    caller = asked_which(counter)
    assert said(caller.hear(words, intent)) == ["utter_ask_id_last4_again"]
    state = caller.services.identity.state("c1")
    assert (state.attempts_left, state.claimed_last4, state.other_last4) == (3, None, None)


def test_digits_in_answer_are_read_back_and_not_asked_about_for_ever(counter: Begin) -> None:
    caller = asked_which(counter)
    turn = caller.hear("1234", "inform", others=("1284",), unsure=True)
    assert said(turn) == ["utter_check_id_last4"]
    assert said(caller.hear("对", "affirm")) == ["utter_balance"]


def test_a_choice_before_the_question_was_heard_chooses_nothing(counter: Begin) -> None:
    caller = asked_which(counter)
    caller.unasked = True
    assert said(caller.hear("第二个", "inform")) == ["utter_which_id_last4"]
    assert caller.services.identity.verified_borrower("c1") is None


def test_a_person_is_still_to_be_had(counter: Begin) -> None:
    caller = asked_which(counter)
    assert said(caller.hear("转人工", "request_human"))[0] != "utter_which_id_last4"


def test_a_read_back_that_is_wrong_is_followed_by_the_other_reading(counter: Begin) -> None:
    caller = asked_for_the_ending(counter)
    assert said(caller.hear("1284", "inform", others=("1234",))) == ["utter_check_id_last4"]
    assert said(caller.hear("不对", "deny")) == ["utter_check_other_id_last4"]
    assert said(caller.hear("对", "affirm")) == ["utter_balance"]


def test_the_other_reading_is_offered_once(counter: Begin) -> None:
    caller = asked_for_the_ending(counter)
    caller.hear("1284", "inform", others=("1264",))
    caller.hear("不对", "deny")
    assert said(caller.hear("也不对", "deny")) == ["utter_ask_id_last4_again"]
    assert caller.services.identity.state("c1").attempts_left == 3


def test_the_other_reading_of_a_telephone_number_is_read_back_too(counter: Begin) -> None:
    caller = counter(channel="browser", input="voice")
    caller.hear("还欠多少", "query_loan_balance")
    turn = caller.hear("13800000007", "inform", others=("13800000001",), unsure=True)
    assert said(turn) == ["utter_check_phone"]
    assert said(caller.hear("不对", "deny")) == ["utter_check_other_phone"]
    assert caller.services.identity.state("c1").claimed_phone == "13800000001"
    assert said(caller.hear("对", "affirm")) == ["utter_ask_id_last4"]


def test_neither_reading_is_in_the_memory_of_the_dialogue(counter: Begin) -> None:
    caller = asked_which(counter)
    assert "1234" not in str(caller.memory) + str(caller.words)
    assert "1284" not in str(caller.memory) + str(caller.words)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("第一个", 0),
        ("前面那个", 0),
        ("二", 1),
        ("后者", 1),
        ("都不是", None),
        ("第二个问题我想问利息", None),
    ],
)
def test_places_are_told_from_other_words(words: str, place: int | None) -> None:
    assert place_of_two(words) == place
