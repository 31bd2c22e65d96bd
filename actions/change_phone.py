"""Change of the phone number: the new one is dictated, read back and kept sealed; Rasa never sees it."""

from actions.correction import correction
from actions.lending.service_requests import ChangeKind
from actions.lending.verified_borrower import VerifiedBorrower
from actions.service_change import ServiceChange
from actions.services import Services
from actions.turn import Turn
from actions.yes_no import yes_or_no


class ChangePhone(ServiceChange):
    """换手机号。"""

    intent = "change_phone"
    kind = ChangeKind.PHONE

    def is_possible(self, turn: Turn, services: Services, borrower: VerifiedBorrower) -> bool:
        return True

    def answer(self, turn: Turn, services: Services) -> None:
        if turn.gave_new_phone:
            turn.remember(answers={"new_phone_checked": turn.input != "voice"})
        super().answer(turn, services)

    def explain(self, turn: Turn, services: Services) -> None:
        if not services.identity.state(turn.sender).new_phone:
            super().explain(turn, services)

    def ask(self, turn: Turn, services: Services) -> None:
        if not services.identity.state(turn.sender).new_phone:
            turn.ask("new_phone")
        elif not turn.answers.get("new_phone_checked"):
            turn.ask("new_phone_check")
        else:
            turn.ask("change_consent", wish="把手机号换成刚才说的新号码")

    def wish(self, turn: Turn, services: Services) -> str:
        return "换成新手机号"

    def _record(self, turn: Turn, services: Services, condition: str | None = None) -> None:
        super()._record(turn, services, condition)
        services.identity.discard_claims(turn.sender, "new_phone")

    def take(self, turn: Turn, services: Services) -> bool:
        if turn.gave_new_phone:
            turn.remember(answers={"new_phone_checked": turn.input != "voice"}, misses=0)
            self.ask(turn, services)
            return True
        said = yes_or_no(turn)
        if turn.question == "new_phone_check" and said:
            turn.remember(answers={"new_phone_checked": True}, misses=0)
            self.ask(turn, services)
            return True
        if (turn.question == "new_phone_check" and said is False) or correction(turn.text) == "":
            services.identity.discard_claims(turn.sender, "new_phone")
            turn.remember(answers=None, misses=0)
            turn.ask("new_phone", "utter_ask_new_phone_again")
            return True
        if turn.question == "new_phone" and turn.gave_broken_digits:
            turn.remember(misses=0)
            turn.say("utter_digits_incomplete")
            turn.ask("new_phone")
            return True
        return super().take(turn, services) if turn.question == "change_consent" else False
