"""Disclosure: the figures of a reply are on record before the reply leaves, or they are not told."""

import logging

from actions.lending.disclosure_log import Disclosure, DisclosureNotKept
from actions.services import Services
from actions.turn import Turn

_log = logging.getLogger(__name__)


def disclose(turn: Turn, services: Services) -> None:
    """Store every figure that this turn says, repeated ones too; without a record say that it cannot be told."""
    figures = [
        Disclosure(one["name"], one["value"], one["unit"], one.get("inputs") or {})
        for utterance in turn.utterances
        for one in utterance.payload.get("figures", ())
    ]
    if not figures:
        return
    try:
        services.disclosures.append(turn.sender, figures)
    except DisclosureNotKept as error:
        _log.error("%s: %s", error.code, error.__cause__)
        turn.take_back()
        turn.say("utter_cannot_tell_now")
        if turn.question is not None:
            turn.ask_again(turn.question)
