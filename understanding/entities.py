"""Entities: every value that a message gives, by rules alone, so that an amount is never a guess."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from understanding.amounts import amounts
from understanding.business_age import years_in_business
from understanding.businesses import industries
from understanding.chinese_numbers import plain
from understanding.dates import dates
from understanding.digit_strings import digit_strings, masks
from understanding.found import Found
from understanding.rates import rates
from understanding.terms import terms

_DENIED = re.compile(r"(?:(?<!是)不是|不要|不用)(?:说|借|贷|要|分)?$")
_ASKED = re.compile(r"\s*(?:块钱?|元)?(?:吗|么|嘛)")
_DENIABLE = frozenset({"amount", "term", "date", "rate", "card_tail", "years_in_business"})
_TO = re.compile(r"\s*(?:到|至|~|-)\s*")
_RANGES = frozenset({"amount", "term"})
_SET_PHRASES = re.compile(r"三百六十行|一年到头")


def entities(text: str, today: date) -> list[Found]:
    """All entities of a normalised text, by their place.

    What is found first keeps its characters: masks, card tails, rates and dates before amounts and terms, so that
    十五号 is no amount and 百分之五 no term. Bare digits may be an amount too (3000): the question decides. Of a
    range (五万到八万) the upper end is left, and what a correction takes back (不是十八万是八万) is not found.
    """
    text = _SET_PHRASES.sub(lambda phrase: "＿" * len(phrase.group()), plain(text))
    kept: list[Found] = []
    strings = list(digit_strings(text))
    named = [one for one in strings if one.entity != "digits"]
    readings = (
        masks(text), named, rates(text), dates(text, today), years_in_business(text, today), terms(text), amounts(text),
    )  # fmt: skip
    for found in readings:
        kept += _free(found, kept)
    kept += _free(
        (one for one in strings if one.entity == "digits"), [one for one in kept if one.entity != "amount"]
    )
    kept += industries(text)
    kept.sort(key=lambda one: (one.start, one.end))
    return _without_lower_ends(text, [one for one in kept if not _is_denied(text, one)])


def _free(found: Iterable[Found], kept: list[Found]) -> list[Found]:
    free: list[Found] = []
    for one in found:
        if not any(one.overlaps(other) for other in (*kept, *free)):
            free.append(one)
    return free


def _is_denied(text: str, found: Found) -> bool:
    """十八万 of 不是十八万是八万; not 五万 of 不是五万吗."""
    return (
        found.entity in _DENIABLE
        and _DENIED.search(text[: found.start]) is not None
        and _ASKED.match(text, found.end) is None
    )


def _without_lower_ends(text: str, found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for one in found:
        last = kept[-1] if kept else None
        if (
            last is not None
            and last.entity == one.entity
            and one.entity in _RANGES
            and _TO.fullmatch(text, last.end, one.start)
        ):
            kept[-1] = replace(one, start=last.start)
        else:
            kept.append(one)
    return kept
