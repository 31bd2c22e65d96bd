"""Distress: whoever speaks of ending his life hears care first, the national helpline and the offer of a person."""

from actions.services import Services
from actions.turn import Turn
from actions.words_of_feeling import is_distressed, is_sad
from actions.written import written_digits

_NO_WISH = frozenset(
    {"complain", "out_of_scope", "nlu_fallback", "inform", "ask_extension", "deny", "affirm"}
)
"""What a sigh is guessed as."""


def stay_with(turn: Turn, services: Services) -> bool:
    """Before anything else: no lending talk, whatever was open is dropped, and a person is offered at once."""
    if not is_distressed(turn.text):
        return _go_on_listening(turn, services)
    turn.settle()
    turn.remember(suspended=None, context=None)
    turn.say("utter_distress", line=written_digits(services.policies.house.crisis_line))
    if turn.intent == "request_human":
        # He has already said what would be asked; the task of that intent hands over.
        return False
    turn.ask("person", "utter_offer_person_distress")
    return True


def _go_on_listening(turn: Turn, services: Services) -> bool:
    """Who spoke so before, and now only says how he feels, is listened to: it is no complaint and no lending matter."""
    if turn.intent not in _NO_WISH or not is_sad(turn.bare_text) or not was_distressed(turn):
        return False
    turn.remember(misses=0)
    turn.say("utter_distress_listening", line=written_digits(services.policies.house.crisis_line))
    return True


def was_distressed(turn: Turn) -> bool:
    """Whether the customer spoke so in this conversation."""
    return any(is_distressed(words) for words in (*turn.words, turn.text))
