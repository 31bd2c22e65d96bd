"""Application: records that somebody wants to borrow; the application itself is made with a person."""

import re
from typing import Any

from actions.amount_range import amount_refused
from actions.correction import Corrected, acknowledge, correction
from actions.form import Form, first_missing, note_correction, note_details, note_more
from actions.lending.money import written_yuan
from actions.lending.service_requests import Lead
from actions.questions import IDENTITY
from actions.read_back import must_be_read_back, read_back
from actions.services import Services
from actions.term import term_refused
from actions.turn import Turn, figure
from actions.written import written_digits
from actions.yes_no import condition_of_yes, yes_or_no

_FIELDS = ("amount", "term", "industry")
_LEAD_DETAILS = (
    "amount_fen",
    "term_months",
    "industry",
    "region",
    "business_months",
    "is_first_time_borrower",
)
_ANOTHER_PHONE = re.compile(r"手机|电话|号码")


class Application(Form):
    """我想贷款，怎么申请。"""

    intent = "apply_loan"
    details = _FIELDS

    def answer(self, turn: Turn, services: Services) -> None:
        # 那我申请吧 behind a quote, or behind the first look at the conditions, is about what was said there.
        before = {
            name: value for name, value in turn.context.get("answers", {}).items() if name in _LEAD_DETAILS
        }
        turn.remember(answers=before | turn.answers or None)
        note_details(turn, services)
        if turn.question in IDENTITY:
            turn.say("utter_how_to_apply")
            return
        turn.remember(task=self.intent)
        turn.say("utter_application_begin")
        self.proceed(turn, services)

    def take(self, turn: Turn, services: Services) -> bool:
        if turn.question in {"contact_phone", "contact_phone_check"}:
            return self._take_phone(turn, services)
        if turn.question == "lead_consent" and correction(turn.text) is None:
            change = note_correction(turn, services)
            if change is None:
                return self._take_consent(turn, services)
            self.proceed(turn, services, change)
            return True
        if turn.question == "wrong_detail" and _ANOTHER_PHONE.search(turn.text):
            services.identity.discard_claims(turn.sender, "phone")
            turn.remember(phone_checked=None, misses=0)
            self.proceed(turn, services)
            return True
        return super().take(turn, services)

    def proceed(self, turn: Turn, services: Services, change: Corrected | None = None) -> None:
        if amount_refused(turn, services) or term_refused(turn, services):
            return
        known = turn.answers
        missing = first_missing(_FIELDS, known)
        if missing not in {"amount", "term"} and must_be_read_back(turn):
            read_back(turn)
            return
        state = services.identity.state(turn.sender)
        question = missing or "lead_consent"
        if missing is None and not (state.verified or state.has_line_phone or state.claimed_phone):
            question = "contact_phone"
        elif missing is None and not state.verified and state.claimed_phone:
            question = "lead_consent" if turn.memory.get("phone_checked") else "contact_phone_check"
        if question == "lead_consent":
            # The sentence names amount and term itself.
            turn.ask(question, amount=written_yuan(known["amount_fen"]), term=known["term_months"])
            return
        acknowledge(turn, services, change)
        turn.ask(question)

    def _take_phone(self, turn: Turn, services: Services) -> bool:
        if turn.gave_phone:
            self.proceed(turn, services)
            return True
        right = yes_or_no(turn)
        if turn.question != "contact_phone_check" or right is None:
            change = note_correction(turn, services) or note_more(turn, services)
            if change is not None:
                self.proceed(turn, services, change)
            return change is not None
        turn.remember(phone_checked=right, misses=0)
        if not right:
            services.identity.discard_claims(turn.sender, "phone")
        self.proceed(turn, services)
        return True

    def _take_consent(self, turn: Turn, services: Services) -> bool:
        condition = condition_of_yes(turn.text)
        said = True if condition else yes_or_no(turn)
        if said is None:
            return super().take(turn, services)
        if not said:
            turn.drop()
            return True
        known = turn.answers
        turn.settle()
        # A correction that comes after all (不对，是八万) makes a second lead, which names the first.
        replaced = turn.context.get("lead")
        reference = services.desk.record_lead(turn.sender, self._lead(known, replaced, condition))
        turn.remember(context={"intent": self.intent, "answers": known, "lead": reference})
        turn.say(
            "utter_lead_recorded",
            figures=(figure("request_reference", reference, "reference", kind=self.intent),),
            reference=written_digits(reference),
        )
        return True

    def _lead(self, known: dict[str, Any], replaced: str | None, condition: str | None) -> Lead:
        notes = [f"更正登记{replaced}，以这一条为准"] if replaced else []
        note = "；".join(notes + ([f"客户要求：{condition}"] if condition else []))
        return Lead(**{name: known.get(name) for name in _LEAD_DETAILS}, note=note)
