"""Form: several details, asked for one at a time, with as many as the customer likes in one sentence."""

import re
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from actions.business_details import BUSINESS_QUESTIONS
from actions.correction import DETAIL, Corrected, corrected, correction
from actions.customer_task import CustomerTask
from actions.details import details_of, facts_said
from actions.read_back import note_heard, was_confirmed
from actions.services import Services
from actions.turn import Turn

_PLAIN = frozenset({"inform", "affirm", "deny", "nlu_fallback", "out_of_scope"})
_CLOSED = frozenset({"overdue_debt", "first_time"})
_ABOUT_A_RECORD = frozenset({"ask_overdue", "ask_credit_report", "ask_reborrow"})
_ASKS = re.compile(r"[吗呢么]$|多少|怎么|什么|多久|会不会|有没有|能不能")

_NAMED = {
    "amount": re.compile(r"金额|多少钱|钱数|数目|借多少"),
    "term": re.compile(r"期|多久还|时间|几个月"),
    "industry": re.compile(r"生意|行业|行当|做什么"),
    "business_age": re.compile(r"执照|开了?多久|年限|几年"),
    "region": re.compile(r"省|地区|地方|地址|在哪"),
}
"""How customers call what is to be put right."""


class Form(CustomerTask):
    """A task that collects details. What is given is kept, corrected or added to until ``proceed`` has enough."""

    details: ClassVar[tuple[str, ...]]
    """The questions whose answers may be put right."""

    @abstractmethod
    def proceed(self, turn: Turn, services: Services, change: Corrected | None = None) -> None:
        """Ask for the next detail, or say the result. ``change``: what this message put right."""

    def resume(self, turn: Turn, services: Services) -> None:
        """Go on behind a digression; a detail that was given in it need not be asked again."""
        self.proceed(turn, services)

    def take(self, turn: Turn, services: Services) -> bool:
        """Take an answer, a correction (不对，是八万) or a bare 不对."""
        if turn.question == "wrong_detail":
            return self._take_wrong_detail(turn, services)
        change = note_correction(turn, services)
        if change is None and turn.question == "heard_check":
            confirmed = was_confirmed(turn, details_of(turn, services.policies))
            if confirmed is not None:
                self._take_read_back(turn, services, confirmed)
                return True
        if change is None and self._asks_what_is_wrong(turn):
            return True
        if change is None and not note_answer(turn, services, self.intent):
            return False
        self.proceed(turn, services, change)
        return True

    def _take_read_back(self, turn: Turn, services: Services, confirmed: bool) -> None:
        turn.remember(misses=0)
        if confirmed:
            self.proceed(turn, services)
        elif "amount_fen" in turn.answers and "term_months" in turn.answers:
            turn.ask("wrong_detail")
        elif "amount_fen" in turn.answers:
            turn.ask("amount", "utter_ask_amount_again")
        else:
            turn.ask("term")

    def _asks_what_is_wrong(self, turn: Turn) -> bool:
        if correction(turn.text) != "" or not turn.answers or turn.question in _CLOSED:
            return False
        turn.remember(misses=0)
        turn.ask("wrong_detail")
        return True

    def _take_wrong_detail(self, turn: Turn, services: Services) -> bool:
        if details_of(turn, services.policies):
            note_details(turn, services)
            turn.remember(misses=0)
            self.proceed(turn, services)
            return True
        named = next((name for name in self.details if _NAMED[name].search(turn.text)), None)
        if named is None:
            return False
        turn.remember(misses=0)
        turn.ask(named)
        return True


def note_details(turn: Turn, services: Services, fresh: bool = False) -> dict[str, Any]:
    """Add what this message says to what the running task knows; ``fresh`` forgets the task before."""
    known = {} if fresh else turn.answers
    found = details_of(turn, services.policies)
    note_heard(turn, found)
    known |= found
    turn.remember(answers=known or None)
    return known


def note_correction(turn: Turn, services: Services) -> Corrected | None:
    """Take 不对，是八万 for what it is: another value of a detail that was given before."""
    change = corrected(turn, services.policies)
    if change is not None:
        found = change.changed | change.added
        note_heard(turn, found)
        turn.remember(answers=turn.answers | found, misses=0)
    return change


def note_more(turn: Turn, services: Services) -> Corrected | None:
    """Take details that come where something else was asked for (那就一年吧, 开了两年): new ones or other ones."""
    found = details_of(turn, services.policies)
    if not found or turn.intent not in _PLAIN:
        return None
    known = turn.answers
    note_details(turn, services)
    turn.remember(misses=0)
    return Corrected(
        {name: value for name, value in found.items() if name in known and known[name] != value},
        {name: value for name, value in found.items() if name not in known},
    )


def note_answer(turn: Turn, services: Services, own_intent: str) -> bool:
    """Take the answer to the open question; False when the message is none."""
    if not answers_question(turn, services, own_intent):
        return False
    question = str(turn.question)
    known = note_details(turn, services)
    # Another detail than the one that was asked for is welcome, but does not make a question that is missed again new.
    if DETAIL.get(question) in (None, *known):
        turn.remember(misses=0)
    turn.remember(answered=question)
    return True


def answers_question(turn: Turn, services: Services, own_intent: str) -> bool:
    """Whether the message gives what was asked (or another detail, and nothing else) and asks nothing new."""
    detail = DETAIL.get(turn.question or "")
    found = details_of(turn, services.policies)
    if (
        turn.question in _CLOSED
        and correction(turn.text)
        and not details_of(replace(turn, memory={}), services.policies)
    ):
        # The 不 of 不对，… is no answer to a question that wants yes or no.
        return False
    if not found:
        return False
    about_it = turn.intent in _PLAIN or turn.intent == own_intent
    # 两年前逾期过，都还清了 states a fact, though it sounds like a question about being late.
    states = bool(facts_said(turn)) and not _ASKS.search(turn.bare_text)
    if detail is None or detail not in found:
        return about_it or (states and turn.intent in _ABOUT_A_RECORD)
    if turn.question in _CLOSED and states:
        return True
    return (
        about_it
        or turn.question in BUSINESS_QUESTIONS
        or len(turn.bare_text) <= 6
        or max(map(turn.covers, ("amount", "term", "industry"))) >= 0.5
    )


def first_missing(questions: Sequence[str], known: dict[str, Any]) -> str | None:
    """The first question whose detail is not known."""
    return next((name for name in questions if DETAIL[name] not in known), None)
