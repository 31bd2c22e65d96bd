"""Advance fee: who was told to pay before the money comes hears that nothing is paid then, and where to verify it."""

import re

from actions.questions import QUESTIONS
from actions.services import Services
from actions.turn import Turn

_MONEY = r"(?:钱|费|保证金|押金|定金|会费|会员)"
_ADVANCE_FEE = re.compile(
    rf"(?:先|(?:放款|下款|到账|贷款|批|借钱)(?:之|以)?前|前期|事先|预先).{{0,8}}(?:交|收|付|打|转|缴|给).{{0,5}}{_MONEY}|"
    rf"(?:交|收|付|缴|打|转).{{0,8}}{_MONEY}.{{0,6}}(?:才|再|就)(?:能|给|会|可以)?(?:放款|下款|批|到账)|"
    r"(?:(?:交|收|付|缴).{0,8}|要.{0,3})(?:保证金|押金|解冻费|工本费|激活费|刷流水|验资)"
)
_PAYING_BACK = re.compile(r"(?:提前|先)(?:还|结)|还款|还清|结清")


def speaks_of_advance_fee(text: str) -> bool:
    """Whether these words (no marks in them) are about paying before the money comes."""
    return bool(_ADVANCE_FEE.search(text)) and not _PAYING_BACK.search(text)


def answer_advance_fee(turn: Turn, services: Services) -> bool:
    """The rule and the hotline, never an identity check; an open question is asked again behind it."""
    if not speaks_of_advance_fee(turn.bare_text):
        return False
    house = services.policies.house
    turn.remember(misses=0)
    turn.say("utter_advance_fee", rule=house.advance_fee, hotline=house.hotline.replace("-", ""))
    if turn.question is not None and QUESTIONS[turn.question].asked_again:
        turn.ask_again(turn.question)
    return True
