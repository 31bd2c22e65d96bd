"""Expectation: what the dialogue expects to hear next."""

from dataclasses import dataclass
from enum import Enum
from typing import Any


class ExpectationKind(str, Enum):
    """The kinds of answers that endpointing and recognition are prepared for."""

    OPEN = "open"
    YES_NO = "yes_no"
    DIGITS = "digits"
    AMOUNT = "amount"
    DATE = "date"
    TERM = "term"
    INDUSTRY = "industry"
    NAME = "name"
    RATING = "rating"
    """One to five, asked for by the call itself; to the dialogue it is as OPEN."""


@dataclass(frozen=True)
class Expectation:
    """Sets endpointing, the recogniser's grammar or candidates, and what hearing may turn into numbers."""

    kind: ExpectationKind = ExpectationKind.OPEN

    count: int | None = None
    """Number of digits expected; only with DIGITS (4 = end of an ID card, 11 = mobile number)."""

    def to_json(self) -> dict[str, Any]:
        """The form in which actions and the Rasa channel carry it: ``{"kind": "digits", "count": 4}``."""
        return {"kind": self.kind.value} | ({"count": self.count} if self.count is not None else {})

    @staticmethod
    def from_json(value: dict[str, Any] | None) -> "Expectation":
        """Read ``to_json``'s form; None or an unknown kind means OPEN."""
        if not value or value.get("kind") not in {kind.value for kind in ExpectationKind}:
            return Expectation()
        return Expectation(ExpectationKind(value["kind"]), value.get("count"))


OPEN = Expectation()
YES_NO = Expectation(ExpectationKind.YES_NO)
RATING = Expectation(ExpectationKind.RATING)
