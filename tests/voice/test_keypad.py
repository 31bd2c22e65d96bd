"""Keys pressed on a telephone, and digits said between them."""

import pytest

from voice.hearing.expectation import OPEN, YES_NO, Expectation, ExpectationKind
from voice.keypad import PERSON, Entry, Keypad, Said

FOUR = Expectation(ExpectationKind.DIGITS, 4)
PHONE = Expectation(ExpectationKind.DIGITS, 11)
AMOUNT = Expectation(ExpectationKind.AMOUNT)
PAUSE_MS = 3000


def press_all(keys: str, expects: Expectation) -> list[str]:
    """Keys half a second apart, and then none."""
    keypad = Keypad(PAUSE_MS)
    found = [keypad.press(key, expects, 500 * at) for at, key in enumerate(keys)]
    found.append(keypad.due(500 * len(keys) + PAUSE_MS))
    return [entry.text for entry in found if entry is not None]


@pytest.mark.parametrize(
    ("keys", "expects", "entries"),
    [
        ("12345678", FOUR, ["1234", "5678"]),
        ("567#", FOUR, ["567"]),
        ("12*1234", FOUR, ["1234"]),
        ("567*", FOUR, ["567X"]),
        ("##", FOUR, []),
        ("50000", AMOUNT, ["50000"]),
        ("50000#", AMOUNT, ["50000"]),
        ("13800000001", PHONE, ["13800000001"]),
    ],
)
def test_an_entry_is_finished_by_its_last_digit_by_the_hash_key_or_by_a_pause(
    keys: str, expects: Expectation, entries: list[str]
) -> None:
    assert press_all(keys, expects) == entries


@pytest.mark.parametrize("expects", [OPEN, YES_NO, AMOUNT])
def test_zero_by_itself_asks_for_a_person_at_once(expects: Expectation) -> None:
    assert Keypad(PAUSE_MS).press("0", expects, 0) == Entry(PERSON)


@pytest.mark.parametrize(
    ("keys", "expects", "entries"),
    [
        ("0", FOUR, [PERSON]),
        ("0#", FOUR, [PERSON]),
        ("000", PHONE, [PERSON]),
        ("0007", FOUR, ["0007"]),
        ("0000", FOUR, ["0000"]),
        ("01", FOUR, ["01"]),
        ("12*0", FOUR, [PERSON]),
        ("120", FOUR, ["120"]),
    ],
)
def test_where_digits_are_expected_zeros_alone_and_too_few_ask_for_a_person(
    keys: str, expects: Expectation, entries: list[str]
) -> None:
    assert press_all(keys, expects) == entries


def test_a_pause_between_keys_does_not_end_the_entry_before_its_time() -> None:
    keypad = Keypad(PAUSE_MS)
    keypad.press("1", FOUR, 0)
    assert keypad.due(PAUSE_MS - 20) is None
    keypad.press("2", FOUR, PAUSE_MS - 20)
    assert keypad.due(PAUSE_MS + 500) is None
    assert keypad.due(2 * PAUSE_MS) == Entry("12")


def test_digits_said_after_keys_complete_them() -> None:
    keypad = Keypad(PAUSE_MS)
    keypad.press("1", FOUR, 0)
    keypad.press("2", FOUR, 400)
    assert keypad.still_wanted(FOUR) == Expectation(ExpectationKind.DIGITS, 2)
    assert keypad.say("34", FOUR, 1000, 2500) == Said(kept=True, entry=Entry("1234"))
    assert keypad.still_wanted(FOUR) == FOUR


def test_keys_pressed_after_digits_were_begun_to_be_said_come_behind_them() -> None:
    keypad = Keypad(PAUSE_MS)
    keypad.press("3", FOUR, 1000)
    assert keypad.say("12", FOUR, 0, 1500) == Said(kept=True)
    assert keypad.press("4", FOUR, 1800) == Entry("1234")


def test_words_before_the_keys_wait_for_them_and_are_asked_about_where_none_come() -> None:
    keypad = Keypad(PAUSE_MS)
    assert keypad.say("尾号是", FOUR, 0, 1500) == Said(kept=True)
    assert keypad.due(1500 + PAUSE_MS) == Entry("尾号是", by_voice=True)
    assert keypad.say("尾号是", FOUR, 6000, 7000) == Said(kept=True)
    assert [keypad.press(key, FOUR, 8000) for key in "1234"] == [None, None, None, Entry("1234")]
    assert keypad.due(20_000) is None


@pytest.mark.parametrize("words", ["尾号是", "1234", "我的后四位是", "嗯", "好了"])
def test_what_was_said_along_with_keys_that_were_the_answer_is_superfluous(words: str) -> None:
    keypad = Keypad(PAUSE_MS)
    for at, key in enumerate("1234"):
        keypad.press(key, FOUR, 1000 + at)
    assert keypad.say(words, FOUR, 500, 2500) == Said(kept=words != "好了")


def test_who_says_all_digits_after_some_keys_means_what_he_says() -> None:
    keypad = Keypad(PAUSE_MS)
    keypad.press("9", FOUR, 0)
    assert keypad.say("1234", FOUR, 500, 2500) == Said()
    assert keypad.count == 0


@pytest.mark.parametrize("words", ["我不知道后四位", "转人工", "等一下", "1234是我的"])
def test_other_words_are_for_the_dialogue(words: str) -> None:
    assert Keypad(PAUSE_MS).say(words, FOUR, 0, 1000) == Said()
