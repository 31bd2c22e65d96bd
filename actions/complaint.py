"""Complaint: recorded in the customer's words."""

import re

from actions.customer_task import CustomerTask
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_digits

_ONLY_ANNOUNCED = re.compile(
    r"^(?:你好)?(?:我)?(?:现在)?(?:就)?(?:想要|要|想)?(?:进行)?(?:投诉|举报)(?:你们|你|一下)?(?:呢|了|啊)?$"
)
_OTHER_WISH = frozenset({"request_human", "goodbye", "ask_repeat", "ask_wait", "bot_challenge"})


class Complaint(CustomerTask):
    """我要投诉。"""

    intent = "complain"

    def answer(self, turn: Turn, services: Services) -> None:
        if _ONLY_ANNOUNCED.match(turn.bare_text):
            turn.say("utter_complaint_sorry")
            turn.ask("complaint")
        else:
            self._record(turn, services)

    def take(self, turn: Turn, services: Services) -> bool:
        if turn.intent in _OTHER_WISH:
            return False
        self._record(turn, services)
        return True

    def _record(self, turn: Turn, services: Services) -> None:
        reference = services.desk.record_complaint(turn.sender, turn.text)
        turn.settle()
        turn.say(
            "utter_complaint_recorded",
            figures=(figure("request_reference", reference, "reference"),),
            reference=written_digits(reference),
        )
        turn.ask("person", "utter_offer_person_complaint")
