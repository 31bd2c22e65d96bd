"""Dictation: a number that comes in pieces, with pauses between them; the clerk listens until it is whole."""

from actions.questions import QUESTIONS
from actions.services import Services
from actions.turn import Turn


def listens_on(turn: Turn, services: Services) -> bool:
    """Say how many digits have been heard and wait for the rest; False when this message was no piece.

    The digits themselves are with IdentityService; here only their number is known.
    """
    if not turn.gave_broken_digits or turn.question is None:
        return False
    expects = QUESTIONS[turn.question].expects
    heard = services.identity.state(turn.sender).digits_heard.get(int(expects.get("count") or 0), 0)
    if expects["kind"] != "digits" or not heard:
        return False
    turn.remember(misses=0)
    turn.say("utter_digits_go_on", heard=heard, expects=expects)
    turn.asked = True
    return True
