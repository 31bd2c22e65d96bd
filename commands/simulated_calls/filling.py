"""Filling: puts the demo data's own numbers where a scenario names a person: ``{张伟.id}``, ``{spare8.wrong}``."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from commands.simulated_calls.scenario import Action, Expected, Scenario, Turn
from voice.speech.spoken_numbers import digit_by_digit

NumberOf = Callable[[str, str], str]
"""Person and what of him (``phone``, ``id``, ``wrong``, ``reason``) to the words in the database."""

_NAMED = re.compile(r"\{([^{}.]+)\.(phone|id|wrong|reason)(?:\[(\d*):(\d*)\])?\}")


def filled(scenario: Scenario, number_of: NumberOf) -> Scenario:
    """The scenario with every number in place: digit by digit where it is spoken, as it stands everywhere else.

    A part of a number is written as Python writes it: ``{spare8.phone[0:3]}``.
    """

    def plain(text: str) -> str:
        return _NAMED.sub(lambda found: _part(found, number_of), text)

    def aloud(text: str) -> str:
        return _NAMED.sub(lambda found: _aloud(_part(found, number_of)), text)

    def turn(one: Turn) -> Turn:
        action: Action = replace(
            one.action,
            say=tuple(aloud(piece) for piece in one.action.say),
            press=plain(one.action.press).replace("X", "*"),
        )
        words = ("understood", "bot", "bot_not", "hears")
        lists: dict[str, Any] = {
            name: tuple(plain(word) for word in getattr(one.expected, name)) for name in words
        }
        expected: Expected = replace(one.expected, **lists)
        return Turn(action, expected)

    return replace(scenario, turns=tuple(turn(one) for one in scenario.turns))


def _part(found: "re.Match[str]", number_of: NumberOf) -> str:
    person, what, start, end = found.groups()
    return number_of(person, what)[int(start) if start else None : int(end) if end else None]


def _aloud(text: str) -> str:
    return digit_by_digit(text) if text.isdigit() else text
