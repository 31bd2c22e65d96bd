"""Hundreds of ways in which shop owners, couriers and hairdressers say a value; spoken_forms.tsv is the table."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.redaction import redact
from understanding.entities import entities
from understanding.found import Found
from understanding.text_normaliser import normalise
from voice.hearing.clean_words import CleanWords, load_clean_words
from voice.hearing.expectation import Expectation, ExpectationKind
from voice.hearing.spoken_digits import spoken_digits

ROOT = Path(__file__).parents[2]
MONDAY = date(2026, 11, 23)
_COUNTS = {"phone": 11, "id_end": 4}
_FEWEST = {"amount": 60, "term": 40, "rate": 30, "date": 40, "tail": 15, "phone": 10, "id_end": 10, "industry": 40,
           "age": 25, "nothing": 60}  # fmt: skip
"""Forms of each kind that the table must have; 250 besides those that hold nothing."""


def table() -> list[tuple[str, str, str]]:
    """Kind, what is said, what is found; docs/understanding.md explains the writing."""
    lines = (Path(__file__).parent / "spoken_forms.tsv").read_text(encoding="utf-8").splitlines()
    rows = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
    assert all(len(row) == 3 for row in rows)
    return [(kind, said, found) for kind, said, found in rows]


FORMS = table()


def written(found: Found) -> str:
    """One entity as the table writes it: yuan instead of fen, the role behind a slash."""
    value = str(found.value)
    if found.entity == "amount":
        value = f"{int(found.value) / 100:.2f}".rstrip("0").rstrip(".")
    return f"{found.entity}={value}" + (f"/{found.role}" if found.role else "")


def understood(said: str) -> list[str]:
    """Everything found, but a bare number only once where it can be an amount as well as digits."""
    found = entities(normalise(said), MONDAY)
    amounts = {(one.start, one.end) for one in found if one.entity == "amount"}
    return [written(one) for one in found if one.entity != "digits" or (one.start, one.end) not in amounts]


def claimed(kind: str, said: str) -> str | None:
    """The digits that an answer to the question for a phone number or the end of an ID card gives."""
    count = _COUNTS[kind.removeprefix("heard_")]
    if kind.startswith("heard_"):
        return spoken_digits(said, count)
    answer = redact(said, Expectation(ExpectationKind.DIGITS, count))
    return answer.phone if count == 11 else answer.id_last4


@pytest.mark.parametrize(("kind", "said", "found"), FORMS, ids=[f"{kind}: {said}" for kind, said, _ in FORMS])
def test_what_is_said_is_found_and_nothing_else(kind: str, said: str, found: str) -> None:
    if kind.removeprefix("heard_") in _COUNTS:
        assert claimed(kind, said) == (None if found == "-" else found)
    else:
        assert sorted(understood(said)) == sorted([] if found == "-" else found.split())


@pytest.fixture(scope="module")
def hearing() -> CleanWords:
    return load_clean_words(ROOT / "data" / "jieba" / "loan_terms.txt")


HEARD = [
    form for form in FORMS if form[0] in {"amount", "term", "rate", "date", "tail", "several", "nothing"}
]


@pytest.mark.parametrize("asked", [ExpectationKind.OPEN, ExpectationKind.AMOUNT, ExpectationKind.DATE])
def test_what_a_recogniser_heard_keeps_its_value_whatever_was_asked(
    hearing: CleanWords, asked: ExpectationKind
) -> None:
    """The last step of recognition corrects homophones and writes some numbers as figures."""
    lost = {
        said: understood(hearing.understand(said, Expectation(asked)))
        for kind, said, found in HEARD
        if (asked is not ExpectationKind.DATE or kind == "date")
        and sorted(understood(hearing.understand(said, Expectation(asked))))
        != sorted([] if found == "-" else found.split())
    }
    assert not lost


def test_the_table_is_large_enough_and_says_nothing_twice() -> None:
    kinds = Counter(kind for kind, _, _ in FORMS)
    assert all(kinds[kind] >= fewest for kind, fewest in _FEWEST.items()), kinds
    assert sum(kinds.values()) - kinds["nothing"] >= 250
    assert len({(kind, said) for kind, said, _ in FORMS}) == len(FORMS)
