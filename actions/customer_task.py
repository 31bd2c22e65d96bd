"""CustomerTask: one thing that a customer may want; a thin Rasa action."""

import asyncio
import re
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.advance_fee import answer_advance_fee
from actions.answer_before import note_answer_before
from actions.asides import answer_aside
from actions.callback import take_wish_for_callback
from actions.correction import correction
from actions.data_deletion import take_deletion
from actions.dictation import listens_on
from actions.disclosure import disclose
from actions.distress import stay_with
from actions.follow_up import meant_intent
from actions.fraud import guard
from actions.labels import LABELS
from actions.plain_words import plain_intent
from actions.questions import QUESTIONS, YES_NO
from actions.quote_question import quote_asked
from actions.rudeness import stay_calm
from actions.services import Services, services
from actions.several_questions import (
    answer_short_ones,
    forget_question,
    go_on_with_rest,
    note_questions,
    say_unclear,
    take_first,
)
from actions.third_party import note_on_behalf, refuse_unclear
from actions.turn import Turn
from actions.withdrawal import withdraw
from actions.wrong_number import let_go
from actions.yes_no import yes_or_no

_LEAVES = re.compile(
    r"^(?:那|嗯|哦|唉)?(?:还是)?(?:算了|不查了|不弄了|不办了|不想查了|不想弄了|不说了|先不查|先不弄|先不用|取消吧?|退出|以后再说|下次再说)"
    r"(?:算了|吧|了|谢谢|不查了|不弄了|不用了|不办了|不说了)*$"
)
_REPLACES = {"ask_interest": ("apply_loan", "check_eligibility"), "check_eligibility": ("apply_loan",)}
"""Who goes from a price to the application does not come back to the price."""

_NOTHING_RECORDED = frozenset({"apply_loan", "ask_interest", "check_eligibility"})

_CARRIED = frozenset({"amount_fen", "term_months"})
"""Details that are the same for a price asked in between and for the application that waits."""

_NOT_UNDERSTOOD = frozenset({"inform", "nlu_fallback", "out_of_scope", "affirm", "deny"})


class CustomerTask(Action, ABC):
    """Subclasses name an intent; rules map the intent to ``action_<intent>``."""

    intent: ClassVar[str]

    keeps_question: ClassVar[bool] = True
    """Whether a question that was open before is asked again after the answer."""

    listens_first: ClassVar[bool] = True
    """Whether a message of this intent may yet be an answer to the open question."""

    def name(self) -> str:
        return f"action_{self.intent}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Called by rasa_sdk. The database is asked in a thread, so that others are served meanwhile."""
        turn = Turn.read(tracker)
        await asyncio.to_thread(lambda: serve_turn(self, turn, services()))
        return turn.write(dispatcher)

    @abstractmethod
    def answer(self, turn: Turn, services: Services) -> None:
        """Say what the customer wants to know, or ask what is needed for it."""

    def resume(self, turn: Turn, services: Services) -> None:
        """Ask again what was open before a digression."""
        turn.ask_again(str(turn.question))

    def take(self, turn: Turn, services: Services) -> bool:
        """Take the answer to a question that this task asked; False when the message is none."""
        return False


def task_for(intent: str | None) -> CustomerTask | None:
    """The task of an intent, of those that are imported."""
    pending = list(CustomerTask.__subclasses__())
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        if intent is not None and getattr(kind, "intent", None) == intent:
            return kind()
    return None


def serve_turn(task: CustomerTask, turn: Turn, services: Services) -> None:
    """Answer one message and put its figures on record."""
    take_turn(task, turn, services)
    disclose(turn, services)


def take_turn(task: CustomerTask, turn: Turn, services: Services) -> None:
    """Answer one message: first as an answer to the open question, else as what its intent says.

    Nothing traps the caller: any other wish is served, and the open question is asked again behind the answer.
    """
    note_digits(turn)
    note_on_behalf(turn)
    task = task_for(turn.intent) or task
    if stay_with(turn, services) or guard(turn, services):
        return
    if stay_calm(turn, services) or answer_advance_fee(turn, services) or refuse_unclear(turn, services):
        return
    if let_go(turn) or take_wish_for_callback(turn, services):
        return
    done = withdraw(turn, services) or take_deletion(turn, services)
    if (turn.question is None or done) and note_questions(turn):
        turn.remember(misses=0)
        go_on_with_rest(turn, lambda one: answer_anew(one, services))
        return
    if done or answer_aside(turn, services):
        return
    if (meant := plain_intent(turn, services)) is not None:
        turn.intent = meant
        task = task_for(meant) or task
    if _gives_the_form_up(turn):
        turn.drop()
    elif turn.question is None:
        _take_freely(task, turn, services)
    elif _LEAVES.match(turn.bare_text):
        turn.drop()
    elif not listens_on(turn, services):
        _take_with_a_question_open(task, turn, services)
    _go_back(turn, services)
    go_on_with_rest(turn, lambda one: answer_anew(one, services))


def _gives_the_form_up(turn: Turn) -> bool:
    """算了不借了 in the middle of a form, or behind a price: nothing is recorded yet that could be cancelled."""
    if turn.intent != "cancel_application" or turn.context.get("lead"):
        return False
    if turn.question is not None:
        return turn.task in _NOTHING_RECORDED
    # Behind a price 取消申请 may mean another day's application.
    told = turn.context.get("intent") in _NOTHING_RECORDED
    return told and not re.search("申请|撤|取消|提交", turn.text)


def _take_freely(task: CustomerTask, turn: Turn, services: Services) -> None:
    """Nothing was asked: a correction of what was just told, a follow-up, or what the intent says."""
    turn.remember(misses=turn.memory.get("misses") if turn.intent in _NOT_UNDERSTOOD else 0)
    if correction(turn.text) is not None and turn.context.get("answers"):
        before = {name: turn.memory.get(name) for name in ("task", "answers", "answered")}
        context = turn.context
        turn.remember(
            task=context["intent"], answers=context["answers"], answered=context.get("answered"), misses=0
        )
        owner = task_for(context["intent"])
        if owner is not None and owner.take(turn, services):
            return
        turn.remember(**before)
    (task_for(_meant(turn)) or task).answer(turn, services)


def answer_anew(turn: Turn, services: Services) -> None:
    """Answer one of several questions as if it had come alone."""
    if answer_aside(turn, services):
        return
    intent = _meant(turn) or plain_intent(turn, services) or turn.intent
    task = task_for(intent)
    if intent == "nlu_fallback":
        say_unclear(turn)
    elif task is not None:
        task.answer(turn, services)


def _take_with_a_question_open(task: CustomerTask, turn: Turn, services: Services) -> None:
    asked = QUESTIONS[str(turn.question)]
    if turn.unasked and task.listens_first and asked.expects == YES_NO and yes_or_no(turn):
        turn.ask_again(asked.name)  # whatever it was said to, it was not the question
        return
    owner = task_for(asked.taken_by or turn.task)
    if task.listens_first and owner is not None and owner.take(turn, services):
        if turn.gave_phone or turn.gave_id_last4:
            note_questions(turn)
        return
    if task.listens_first and _takes_what_was_asked_before(turn, services):
        return
    if turn.intent not in _NOT_UNDERSTOOD:
        turn.remember(misses=0)
        if not asked.asked_again and task.keeps_question:
            turn.remember(question=None)
    noted = asked.in_form and note_answer_before(turn, services)
    if len(turn.questions_asked) > 1:
        take_first(turn)
        task = task_for(turn.intent) or task
    task = task_for(_meant(turn)) or task
    forget_question(turn, task.intent)
    was = (turn.task, turn.memory.get("suspended"))
    kept = {name: turn.memory.get(name) for name in ("answers", "answered")}
    digression = task.intent in LABELS and task.intent not in {turn.task, *_REPLACES.get(str(turn.task), ())}
    if asked.in_form and digression:
        turn.suspend()
    if asked.name == "rest" and not turn.memory.get("waiting"):
        turn.remember(question=None)
    task.answer(turn, services)
    if turn.question != asked.name:
        return
    if turn.task == was[0] and task.intent != turn.task:
        turn.remember(**kept, suspended=was[1])
    if task.keeps_question and not turn.asked:
        if asked.in_form:
            answer_short_ones(turn, lambda one: answer_anew(one, services))
        if noted and owner is not None:
            owner.resume(turn, services)
        else:
            turn.ask_again(asked.name)


def _meant(turn: Turn) -> str | None:
    """The intent that the words have in this conversation; None where they stand for themselves."""
    return "ask_interest" if quote_asked(turn) else meant_intent(turn)


def _takes_what_was_asked_before(turn: Turn, services: Services) -> bool:
    """五万 behind the offer of a person answers the question before it."""
    before = turn.memory.get("question_before")
    if turn.question != "person" or before is None or before == "which":
        return False
    turn.remember(question=before)
    owner = task_for(QUESTIONS[before].taken_by or turn.task)
    if owner is None or not owner.take(turn, services):
        turn.remember(question="person")
        return False
    turn.remember(question_before=None, misses=0)
    return True


def _go_back(turn: Turn, services: Services) -> None:
    """The digression is over: the task that waits asks its question again, unless this was about its matter."""
    waits = (turn.memory.get("suspended") or {}).get("task")
    if waits == turn.intent and turn.context.get("intent") == waits and turn.question is None:
        turn.remember(suspended=None)
    ends = any(one.payload.get("next") for one in turn.utterances)
    if ends:
        turn.remember(suspended=None)
    if turn.memory.get("suspended") and turn.question is None and not turn.asked:
        told = {name: value for name, value in turn.answers.items() if name in _CARRIED}
        turn.resume()
        turn.remember(answers=(turn.answers | told) or None)
        waiting = task_for(turn.task)
        if waiting is not None:
            waiting.resume(turn, services)


def note_digits(turn: Turn) -> None:
    """Identity digits in this message: typed ones stand, heard ones have to be read back."""
    if turn.gave_phone:
        turn.remember(phone_checked=turn.input != "voice")
    if turn.gave_id_last4:
        turn.remember(id_last4_checked=turn.input != "voice")


def go_on(turn: Turn, services: Services, intent: str | None) -> None:
    """Continue the task that waited."""
    task = task_for(intent)
    if task is not None:
        task.answer(turn, services)
    else:
        turn.say("utter_what_else")
