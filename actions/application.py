"""Application: records that somebody wants to borrow; the application itself is made with a person."""

from actions.customer_task import CustomerTask
from actions.form import answers_question, first_missing, note_details
from actions.lending.money import written_yuan
from actions.lending.service_requests import Lead
from actions.questions import IDENTITY
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_digits
from actions.yes_no import yes_or_no

_FIELDS = ("amount", "term", "industry")


class Application(CustomerTask):
    """我想贷款，怎么申请。"""

    intent = "apply_loan"

    def answer(self, turn: Turn, services: Services) -> None:
        # 那我申请吧 behind a quote is about the amount and term of the quote.
        note_details(turn, services, fresh=turn.task != "ask_interest")
        if turn.question in IDENTITY:
            turn.say("utter_how_to_apply")
            return
        turn.remember(task=self.intent)
        turn.say("utter_application_begin")
        self._go_on(turn, services)

    def take(self, turn: Turn, services: Services) -> bool:
        if turn.question in {"contact_phone", "contact_phone_check"}:
            return self._take_phone(turn, services)
        if turn.question == "lead_consent":
            return self._take_consent(turn, services)
        if not answers_question(turn, services, self.intent):
            return False
        note_details(turn, services)
        turn.remember(misses=0)
        self._go_on(turn, services)
        return True

    def _go_on(self, turn: Turn, services: Services) -> None:
        known = turn.answers
        missing = first_missing(_FIELDS, known)
        state = services.identity.state(turn.sender)
        if missing is not None:
            turn.ask(missing)
        elif not (state.verified or state.has_line_phone or state.claimed_phone):
            turn.ask("contact_phone")
        elif state.claimed_phone and not state.verified and not turn.memory.get("phone_checked"):
            turn.ask("contact_phone_check")
        else:
            turn.ask("lead_consent", amount=written_yuan(known["amount_fen"]), term=known["term_months"])

    def _take_phone(self, turn: Turn, services: Services) -> bool:
        if turn.gave_phone:
            self._go_on(turn, services)
            return True
        if turn.question != "contact_phone_check" or yes_or_no(turn) is None:
            return False
        right = bool(yes_or_no(turn))
        turn.remember(phone_checked=right, misses=0)
        if not right:
            services.identity.discard_claims(turn.sender, "phone")
        self._go_on(turn, services)
        return True

    def _take_consent(self, turn: Turn, services: Services) -> bool:
        said = yes_or_no(turn)
        if said is None:
            return False
        known = turn.answers
        turn.settle()
        if not said:
            turn.say("utter_dropped")
            return True
        lead = Lead(
            amount_fen=known.get("amount_fen"),
            term_months=known.get("term_months"),
            industry=known.get("industry"),
            region=known.get("region"),
            business_months=known.get("business_months"),
            is_first_time_borrower=known.get("is_first_time_borrower"),
        )
        reference = services.desk.record_lead(turn.sender, lead)
        turn.say(
            "utter_lead_recorded",
            figures=(figure("request_reference", reference, "reference"),),
            reference=written_digits(reference),
        )
        return True
