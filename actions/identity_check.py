"""Identity check: asks for the digits, reads heard ones back, and goes on with what the customer wanted.

What counts as verified is known to IdentityService alone; the slots here only remember what was read back.
"""

import re

from actions.customer_task import CustomerTask, go_on
from actions.details import details_of
from actions.follow_up import LOAN
from actions.foresight import foresee
from actions.lending.verified_borrower import VerifiedBorrower
from actions.lending.views import IdentityState, VerificationOutcome
from actions.misunderstanding import not_understood
from actions.own_wish import wish_beside_digits
from actions.place_of_two import place_of_two
from actions.questions import IDENTITY
from actions.services import Services
from actions.several_questions import answer_one, note_question
from actions.third_party import refuse_another
from actions.turn import Turn
from actions.yes_no import yes_or_no

_WANTS_MONEY = re.compile(r"借|贷|周转|资金|用钱|缺钱|要钱|拿钱")
_MONEY_THAT_MOVED = re.compile(r"还|扣|交|付|花|欠|转|打|收|流水|挣|赚|卖")
_OF_A_BUSINESS = frozenset(
    {"industry", "business_months", "tax_grade", "tax_paid_12m_fen", "invoices_12m_fen", "turnover_12m_fen"}
)
_OWN = frozenset({"ask_early_repayment", "ask_overdue", "ask_rejection_reason"})
"""Services that tell a verified caller of his own loan."""
_OF_SUMS = LOAN | {"query_credit_limit", "query_disbursement", None}
_HOW_MUCH = re.compile(
    r"(?:那|到底|一共|总共|是|就|得|大概|要|我|还|嗯|啊|先|快|你|您|告诉|说|一下)*(?:多少|几多|好多)(?:钱|块|元)?(?:啊|呀|呢|吗|嘛|了)*"
)
_WHICH_DIGITS = {"phone": "utter_ask_whole_phone", "id_last4": "utter_ask_id_last4_not_that"}
"""Questions that say which digits are meant, for who gave the end of another number."""
_WRONG_PHONE = re.compile(
    r"(?:手机|电话|号码).{0,6}(?:不对|错|换|说错|报错)|(?:换|错).{0,4}(?:手机|电话|号码)"
)


def require_borrower(turn: Turn, services: Services, intent: str) -> VerifiedBorrower | None:
    """The verified borrower; otherwise remember the task, ask for what is missing and return None."""
    borrower = services.identity.verified_borrower(turn.sender)
    if borrower is not None:
        return borrower
    if turn.memory.get("on_behalf"):
        services.identity.discard_claims(turn.sender, "all")
        refuse_another(turn)
        return None
    _forget_contact_phone(turn, services)
    _remember_wanted(turn, intent)
    if services.identity.state(turn.sender).locked_until is not None:
        pass  # there is nothing to check for the time being, which is said
    elif turn.question in IDENTITY:
        turn.say("utter_identity_still")
    else:
        turn.say("utter_identity_first")
    ask_next(turn, services)
    return None


def _remember_wanted(turn: Turn, intent: str) -> None:
    """Keep what is wanted, in its words (十二月要还多少), until the check is done; what was wanted before waits."""
    wanted = turn.memory.get("wanted")
    if turn.question in IDENTITY and wanted and wanted["intent"] != intent:
        note_question(turn, wanted)
    turn.remember(
        task=intent,
        answers=turn.answers or None,
        wanted={
            "text": turn.text,
            "restored": turn.restored,
            "intent": intent,
            "entities": list(turn.entities),
        },
    )


def _forget_contact_phone(turn: Turn, services: Services) -> None:
    """A number that was left to be called back on claims no identity; who wants his data says his own number."""
    suspended = turn.memory.get("suspended") or {}
    of_a_lead = turn.context.get("lead") or "apply_loan" in {turn.task, suspended.get("task")}
    if of_a_lead and turn.question not in IDENTITY and not turn.gave_phone:
        services.identity.discard_claims(turn.sender, "phone")
        turn.remember(phone_checked=None)


def ask_next(turn: Turn, services: Services) -> None:
    """Ask for the next missing piece, or verify when nothing is missing; never in another person's name."""
    if turn.memory.get("on_behalf"):
        services.identity.discard_claims(turn.sender, "all")
        refuse_another(turn)
        return
    state = services.identity.state(turn.sender)
    if state.locked_until is not None and not state.verified:
        _say_locked(turn, state, services)
    elif not (state.claimed_phone or state.has_line_phone):
        turn.ask("phone")
    elif state.claimed_phone and not turn.memory.get("phone_checked"):
        turn.ask("phone_check")
    elif not state.claimed_last4:
        turn.ask("id_last4")
    elif not turn.memory.get("id_last4_checked"):
        doubtful = turn.unsure and state.other_last4 and turn.question != "id_last4_which"
        turn.ask("id_last4_which" if doubtful else "id_last4_check")
    else:
        _verify(turn, services)


def _verify(turn: Turn, services: Services) -> None:
    """Count a try, and go on with the task when it was right."""
    verification = services.identity.verify(turn.sender)
    services.desk.note_caller(turn.sender)
    turn.remember(id_last4_checked=None)
    if verification.outcome is VerificationOutcome.VERIFIED:
        wanted, answers, question = turn.task, turn.answers, turn.memory.get("wanted")
        turn.settle()
        turn.remember(answers=answers or None)
        if wanted is None:
            # An answer says it by itself, and two sentences are enough for a turn.
            turn.say("utter_identity_right")
        if question and wanted and question["intent"] == wanted and wanted.startswith(("query_", "ask_")):
            answer_one(turn, question, lambda one: go_on(one, services, wanted))
        else:
            go_on(turn, services, wanted)
        if turn.input != "text":
            turn.foreseen = foresee(turn, services, wanted)
    elif verification.outcome is VerificationOutcome.WRONG:
        services.identity.discard_claims(turn.sender, "id_last4")
        turn.say("utter_identity_wrong", attempts_left=verification.attempts_left)
        turn.ask("id_last4", "utter_ask_id_last4_again")
    elif verification.outcome is VerificationOutcome.LOCKED:
        _say_locked(turn, services.identity.state(turn.sender), services)
    else:
        services.identity.discard_claims(turn.sender, "all")
        turn.ask("phone")


def _say_locked(turn: Turn, state: IdentityState, services: Services) -> None:
    minutes = 15
    if state.locked_until is not None:
        minutes = max(1, -int(-(state.locked_until - services.clock.now()).total_seconds() // 60))
    turn.settle()
    turn.say("utter_identity_locked", minutes=minutes)
    turn.ask("person", "utter_offer_person_locked")


def _wished_by_details(turn: Turn, services: Services) -> str | None:
    """What somebody wants who only says what he has and needs: 我开餐馆三年想借十万."""
    found = details_of(turn, services.policies)
    if _WANTS_MONEY.search(turn.text) and "amount_fen" in found:
        return "apply_loan"
    about_the_business = {name for name in found if name in _OF_A_BUSINESS and not name.endswith("_unknown")}
    if len(about_the_business) >= 2 or (about_the_business and not turn.context.get("intent")):
        return "check_eligibility"
    # 那一千万呢, 三五万: a sum that nobody asked for is one to be lent, or the 借 before it was misheard.
    lone_sum = "amount_fen" in found and not turn.context.get("intent")
    return "ask_interest" if lone_sum and not _MONEY_THAT_MOVED.search(turn.text) else None


def _asked_back_about(turn: Turn) -> str | None:
    """The likeliest meaning of what was asked back: who answers with his number wants what needs it."""
    if turn.question != "which":
        return None
    choices = list(turn.memory.get("choices") or ())
    return next((name for name in choices if name.startswith("query_") or name in _OWN), None)


_OWN_OF = {
    "ask_early_repayment": "ask_early_repayment",
    "ask_overdue": "ask_overdue",
    "ask_extension": "query_repayment",
}
"""What somebody wants to know of his own who was told the rule, and answers with his number."""


def _told_in_general(turn: Turn) -> str | None:
    asked = [topic for topic in turn.topics[:-1] if topic not in {"inform", "affirm"}]
    last = asked[-1] if asked else ""
    return last if last.startswith("query_") else _OWN_OF.get(last)


class IdentityCheck(CustomerTask):
    """Takes the answers to the identity questions, and whatever a customer only ``inform``s."""

    intent = "inform"

    def answer(self, turn: Turn, services: Services) -> None:
        """A value without a question: digits of an identity begin a check, anything else is asked back."""
        if not (turn.gave_phone or turn.gave_id_last4):
            wished = _wished_by_details(turn, services) if turn.question is None else None
            if wished is not None:
                go_on(turn, services, wished)
            else:
                not_understood(turn, "utter_inform_unclear")
        elif turn.memory.get("on_behalf"):
            ask_next(turn, services)
        elif services.identity.verified_borrower(turn.sender) is not None:
            services.identity.discard_claims(turn.sender, "all")
            turn.say("utter_identity_known")
        else:
            turn.remember(
                task=turn.task
                or wish_beside_digits(turn)
                or _asked_back_about(turn)
                or _told_in_general(turn)
            )
            turn.say("utter_identity_first")
            ask_next(turn, services)

    def take(self, turn: Turn, services: Services) -> bool:
        """Digits, a yes or a no to the read-back, or digits that make no sense."""
        if turn.question == "id_last4_which" and not turn.gave_id_last4:
            return self._choose(turn, services)
        if _WRONG_PHONE.search(turn.text) and not turn.gave_phone:
            return self._wrong(turn, services, "phone")
        if turn.question == "phone_check" and yes_or_no(turn) is False and not turn.gave_phone:
            return self._wrong(turn, services, "phone")
        if turn.question == "id_last4_check" and yes_or_no(turn) is False and not turn.gave_id_last4:
            return self._wrong(turn, services, "id_last4")
        if turn.question in {"phone_check", "id_last4_check"} and yes_or_no(turn):
            turn.remember(
                **{"phone_checked" if turn.question == "phone_check" else "id_last4_checked": True}, misses=0
            )
            ask_next(turn, services)
            return True
        if turn.gave_phone or turn.gave_id_last4:
            turn.remember(misses=0)
            ask_next(turn, services)
            return True
        if turn.task in _OF_SUMS and _HOW_MUCH.fullmatch(turn.bare_text):
            # 多少钱 asks for what is told when the check is done, and for no price.
            turn.remember(misses=0, task=turn.task or "query_repayment")
            turn.say("utter_identity_still")
            turn.ask_again(str(turn.question))
            return True
        if turn.gave_other_tail:
            turn.remember(misses=0)
            turn.ask(str(turn.question), _WHICH_DIGITS.get(str(turn.question)))
            return True
        if turn.gave_broken_digits:
            not_understood(turn, "utter_digits_incomplete")
            return True
        return False

    def _choose(self, turn: Turn, services: Services) -> bool:
        """One of the two readings that he heard, by its place; a bare yes or no to both says neither."""
        place = place_of_two(turn.bare_text)
        if place is not None and turn.unasked:
            turn.ask_again("id_last4_which")  # the second was not heard yet
            return True
        if place is None:
            return yes_or_no(turn) is not None and self._discard(turn, services, "id_last4")
        if place == 1:
            services.identity.take_other(turn.sender, "id_last4")
        turn.remember(id_last4_checked=True, misses=0)
        ask_next(turn, services)
        return True

    def _wrong(self, turn: Turn, services: Services, which: str) -> bool:
        """The read-back was wrong: what may have been said as well is read back, else the same is asked again."""
        state = services.identity.state(turn.sender)
        other = state.other_phone if which == "phone" else state.other_last4
        if turn.question != f"{which}_check" or other is None:
            return self._discard(turn, services, which)
        services.identity.take_other(turn.sender, which)
        turn.remember(misses=0)
        turn.ask(f"{which}_check", f"utter_check_other_{which}")
        return True

    def _discard(self, turn: Turn, services: Services, which: str) -> bool:
        """Nothing is counted, the same is asked again."""
        services.identity.discard_claims(turn.sender, which)
        turn.remember(misses=0, **{f"{which}_checked": None})
        turn.ask(which, f"utter_ask_{which}_again")
        return True
