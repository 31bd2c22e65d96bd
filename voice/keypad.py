"""Keypad: keys pressed on a telephone, gathered into entries."""

from voice.expectation import Expectation, ExpectationKind

_DEFAULT_COUNT = 11
"""Keys that make an entry by themselves where the dialogue named no count: a mobile number."""

PERSON = "转人工"
"""What key 0 means by itself, in the words of a caller."""


_ID_ENDING = 4
"""Digits of the end of an ID card, whose last may be an X."""


class Keypad:
    """Digits until the expected count or #; * starts again; 0 alone asks for a person.

    As the fourth key of an ID ending * is the X that no keypad has, as at every Chinese bank.
    """

    def __init__(self) -> None:
        self._keys = ""

    @property
    def count(self) -> int:
        """Keys of the unfinished entry."""
        return len(self._keys)

    def press(self, key: str, expects: Expectation) -> str | None:
        """Take one key (0-9 * #) and return the finished entry, if this key finishes one."""
        if expects.kind is not ExpectationKind.DIGITS and not self._keys and key == "0":
            return PERSON
        if key == "*" and not (expects.count == _ID_ENDING == len(self._keys) + 1):
            self._keys = ""
            return None
        if key != "#":
            self._keys += key.replace("*", "X")
        wanted = expects.count or _DEFAULT_COUNT
        if self._keys and (key == "#" or len(self._keys) >= wanted):
            entry, self._keys = self._keys, ""
            return entry
        return None
