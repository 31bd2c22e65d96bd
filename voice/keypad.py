"""Keypad: keys pressed on a telephone, gathered into entries, and digits that are said between them."""

import re
from dataclasses import dataclass

from voice.hearing.clean_words import is_backchannel
from voice.hearing.expectation import Expectation, ExpectationKind

_DEFAULT_COUNT = 11
"""Keys that make an entry by themselves where the dialogue named no count: a mobile number."""

PERSON = "转人工"
"""What key 0 means by itself, in the words of a caller."""

_ID_ENDING = 4
"""Digits of the end of an ID card, whose last may be an X."""

_DIGITS = re.compile(r"[0-9X]+")
_LEAD = re.compile(
    r"(?:我的?|身份证|手机|电话|号码?|最?后|[四4]位|尾号|数字?|就?是|那个|这个|嗯|呃|[，。、\s])+"
)
"""What people say before digits that they then press: 尾号是."""


@dataclass(frozen=True)
class Entry:
    """Something that the caller entered, for the dialogue."""

    text: str
    by_voice: bool = False
    """No key was pressed for it."""


@dataclass(frozen=True)
class Said:
    """What has become of words where digits are expected."""

    kept: bool = False
    """They belong to the keys, or the keys have made them superfluous; else they are for the dialogue as they are."""
    entry: Entry | None = None
    """What they finished."""


class Keypad:
    """Digits until the expected count, # or a long pause; * starts again; 0 alone asks for a person.

    As the fourth key of an ID ending * is the X that no keypad has, as at every Chinese bank. Where digits are asked
    for, 0 is one of them, but zeros and nothing else, fewer than asked for, are a call for a person.
    """

    def __init__(self, pause_ms: int) -> None:
        """``pause_ms``: audio milliseconds without a further key that end an entry."""
        self._pause_ms = pause_ms
        self._keys = ""
        self._lead = ""
        self._first_ms = 0
        self._last_ms = 0
        self._finished_ms = -1

    @property
    def count(self) -> int:
        """Keys and said digits of the unfinished entry."""
        return len(self._keys)

    def still_wanted(self, expects: Expectation) -> Expectation:
        """What is expected when the digits that are there already are not said again."""
        if expects.kind is not ExpectationKind.DIGITS or expects.count is None:
            return expects
        return Expectation(ExpectationKind.DIGITS, max(1, expects.count - self.count))

    def press(self, key: str, expects: Expectation, now_ms: int) -> Entry | None:
        """Take one key (0-9 * #) and return the finished entry, if this key finishes one."""
        self._lead = ""
        if expects.kind is not ExpectationKind.DIGITS and not self._keys and key == "0":
            return Entry(PERSON)
        if key == "*" and not (expects.count == _ID_ENDING == len(self._keys) + 1):
            self._keys = ""
            return None
        if key == "#":
            return self._finish(now_ms, whole=False) if self._keys else None
        return self._add(key.replace("*", "X"), expects, now_ms)

    def is_late_end(self, key: str, now_ms: int) -> bool:
        """Whether # comes behind the digit that had finished the entry by itself, as it ends entries elsewhere."""
        after_entry = self._finished_ms >= 0 and now_ms - self._finished_ms <= self._pause_ms
        return key == "#" and not self._keys and after_entry

    def say(self, words: str, expects: Expectation, start_ms: int, now_ms: int) -> Said:
        """Take words where digits are expected, said from ``start_ms`` on."""
        digits = words if _DIGITS.fullmatch(words) else ""
        lead = not digits and (_LEAD.fullmatch(words) is not None or is_backchannel(words))
        if self._finished_ms >= start_ms:
            return Said(kept=bool(digits) or lead)  # said along with the keys that were the answer
        if digits and self._keys:
            if len(digits) == expects.count:
                self._keys = ""  # all of it is said: the keys were given up
                return Said()
            if start_ms < self._first_ms:
                digits, self._keys = digits + self._keys, ""
            return Said(kept=True, entry=self._add(digits, expects, now_ms))
        if lead and not self._keys:
            self._lead, self._last_ms = words, now_ms
        return Said(kept=lead)

    def due(self, now_ms: int) -> Entry | None:
        """Return what is to be taken for finished since nothing has followed for so long."""
        if now_ms - self._last_ms < self._pause_ms:
            return None
        if self._keys:
            return self._finish(now_ms, whole=False)
        lead, self._lead = self._lead, ""
        return Entry(lead, by_voice=True) if lead else None

    def _add(self, digits: str, expects: Expectation, now_ms: int) -> Entry | None:
        self._first_ms = self._first_ms if self._keys else now_ms
        self._last_ms = now_ms
        self._keys += digits
        whole = len(self._keys) >= (expects.count or _DEFAULT_COUNT)
        return self._finish(now_ms, whole=True) if whole else None

    def _finish(self, now_ms: int, whole: bool) -> Entry:
        entry, self._keys = self._keys, ""
        self._finished_ms = now_ms
        return Entry(PERSON if not whole and not entry.strip("0") else entry)
