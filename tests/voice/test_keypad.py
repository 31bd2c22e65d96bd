"""Keys pressed on a telephone."""

from voice.expectation import OPEN, Expectation, ExpectationKind
from voice.keypad import PERSON, Keypad

FOUR = Expectation(ExpectationKind.DIGITS, 4)


def press_all(keys: str, expects: Expectation) -> list[str]:
    keypad = Keypad()
    return [entry for key in keys if (entry := keypad.press(key, expects)) is not None]


def test_an_entry_is_finished_by_its_last_digit() -> None:
    assert press_all("12345678", FOUR) == ["1234", "5678"]


def test_the_hash_key_finishes_a_shorter_entry() -> None:
    assert press_all("567#", FOUR) == ["567"]


def test_the_star_key_starts_again() -> None:
    assert press_all("12*1234", FOUR) == ["1234"]


def test_zero_by_itself_asks_for_a_person() -> None:
    assert press_all("0", OPEN) == [PERSON]


def test_zero_is_a_digit_where_digits_are_expected() -> None:
    assert press_all("0007", FOUR) == ["0007"]


def test_the_hash_key_alone_is_nothing() -> None:
    assert press_all("##", FOUR) == []


def test_the_star_key_is_the_x_of_an_id_ending() -> None:
    assert press_all("567*", FOUR) == ["567X"]
