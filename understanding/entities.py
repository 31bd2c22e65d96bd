"""Entities: every value that a message gives, by rules alone, so that an amount is never a guess."""

from collections.abc import Iterable
from datetime import date

from understanding.amounts import amounts
from understanding.businesses import industries, years_in_business
from understanding.dates import dates
from understanding.digit_strings import digit_strings, masks
from understanding.found import Found
from understanding.rates import rates
from understanding.terms import terms


def entities(text: str, today: date) -> list[Found]:
    """All entities of a normalised text, by their place.

    What is found first keeps its characters: masks, card tails, rates and dates before amounts and terms, so that
    十五号 is no amount and 百分之五 no term. Bare digits may be an amount too (3000): the question decides.
    """
    kept: list[Found] = []
    strings = list(digit_strings(text))
    named = [one for one in strings if one.entity != "digits"]
    readings = (
        masks(text), named, rates(text), dates(text, today), years_in_business(text), terms(text), amounts(text),
    )  # fmt: skip
    for found in readings:
        kept += _free(found, kept)
    kept += _free(
        (one for one in strings if one.entity == "digits"), [one for one in kept if one.entity != "amount"]
    )
    kept += industries(text)
    return sorted(kept, key=lambda one: (one.start, one.end))


def _free(found: Iterable[Found], kept: list[Found]) -> list[Found]:
    free: list[Found] = []
    for one in found:
        if not any(one.overlaps(other) for other in (*kept, *free)):
            free.append(one)
    return free
