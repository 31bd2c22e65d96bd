"""Service change: what staff does for a verified borrower: his wish is said back and recorded with his consent."""

from abc import abstractmethod
from typing import ClassVar

from actions.correction import correction
from actions.customer_task import CustomerTask
from actions.lending.service_requests import ChangeKind
from actions.lending.verified_borrower import VerifiedBorrower
from actions.own_data import own_borrower
from actions.questions import QUESTIONS
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_digits
from actions.yes_no import condition_of_yes, yes_or_no


class ServiceChange(CustomerTask):
    """A change that needs nothing but consent. Subclasses say what it is and when it is possible."""

    kind: ClassVar[ChangeKind]

    def answer(self, turn: Turn, services: Services) -> None:
        borrower = own_borrower(turn, services, self.intent)
        if borrower is None or not self.is_possible(turn, services, borrower):
            return
        turn.remember(task=self.intent)
        self.explain(turn, services)
        self.ask(turn, services)

    @abstractmethod
    def is_possible(self, turn: Turn, services: Services, borrower: VerifiedBorrower) -> bool:
        """Whether staff could do it; otherwise the turn says why not."""

    def explain(self, turn: Turn, services: Services) -> None:
        """Say what the customer should know before he decides."""
        turn.say(f"utter_{self.intent}")

    def ask(self, turn: Turn, services: Services) -> None:
        """Ask for what is missing, in the end for consent."""
        turn.ask("consent")

    def wish(self, turn: Turn, services: Services) -> str:
        """What staff reads: the wish in a few words."""
        return ""

    def take(self, turn: Turn, services: Services) -> bool:
        condition = condition_of_yes(turn.text)
        said = True if condition else yes_or_no(turn)
        if said is None:
            return False
        if said:
            self._record(turn, services, condition)
        else:
            turn.drop()
        return True

    def _record(self, turn: Turn, services: Services, condition: str | None = None) -> None:
        borrower = own_borrower(turn, services, self.intent)
        if borrower is None:
            return
        known, context = turn.answers, turn.context
        replaced = context.get("recorded") if context.get("intent") == self.intent else None
        notes = [
            self.wish(turn, services),
            f"更正登记{replaced}，以这一条为准" if replaced else "",
            f"客户要求：{condition}" if condition else "",
        ]
        reference = services.desk.record_change_request(
            borrower, self.kind, "；".join(note for note in notes if note)
        )
        turn.settle()
        # 哎不对，是7777 puts the wish right that was just recorded.
        turn.remember(context={"intent": self.intent, "answers": known, "recorded": reference})
        turn.say(
            "utter_change_recorded",
            figures=(figure("request_reference", reference, "reference", kind=self.intent),),
            reference=written_digits(reference),
        )


class WishedChange(ServiceChange):
    """A change to something: the customer says to what, hears it back, may put it right, and consents."""

    question: ClassVar[str]
    """The question for what is wished."""

    @abstractmethod
    def read_wish(self, turn: Turn, services: Services) -> str | None:
        """What is wished, in few words, from this message; None when it says nothing of it, or it cannot be done.

        In the latter case the turn already says why.
        """

    def wish(self, turn: Turn, services: Services) -> str:
        """The wish as it is known; empty when it is not, or was about something else."""
        known = turn.answers
        return str(known.get("wish") or "") if known.get("of") == self.intent else ""

    def answer(self, turn: Turn, services: Services) -> None:
        # A wish in the first sentence (还款日改到十五号) waits until the identity is checked.
        said = len(turn.utterances)
        wish = self.read_wish(turn, services)
        del turn.utterances[said:]
        if wish is not None:
            self._note(turn, wish)
        super().answer(turn, services)

    def _note(self, turn: Turn, wish: str) -> None:
        turn.remember(answers={"wish": wish, "of": self.intent}, misses=0)

    def explain(self, turn: Turn, services: Services) -> None:
        # Everything is said already: the consent names the wish.
        if not self.wish(turn, services):
            super().explain(turn, services)

    def ask(self, turn: Turn, services: Services) -> None:
        if wish := self.wish(turn, services):
            turn.ask("change_consent", wish=wish)
        else:
            turn.ask(self.question, quick_replies=self.suggestions(services))

    def suggestions(self, services: Services) -> tuple[str, ...]:
        """Quick replies to the question."""
        return QUESTIONS[self.question].quick_replies

    def take(self, turn: Turn, services: Services) -> bool:
        wish = self.read_wish(turn, services)
        if wish is not None:
            self._note(turn, wish)
            self.ask(turn, services)
            return True
        wrong = turn.question == "change_consent" and correction(turn.text) == ""
        if turn.utterances or wrong:
            turn.remember(answers=None, misses=0)
            turn.ask(self.question, quick_replies=self.suggestions(services))
            return True
        return turn.question == "change_consent" and super().take(turn, services)
