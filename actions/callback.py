"""Callback: a call back at the customer's time is noted, because he wishes it, or because nobody can take over now."""

import re
from datetime import datetime, time, timedelta

from actions.callback_wish import wishes_callback
from actions.handoff_summary import summary_of
from actions.lending.clock import CHINA
from actions.services import Services
from actions.staff_hours import StaffHours
from actions.turn import Turn, figure
from actions.wished_time import wished_time
from actions.written import written_digits
from actions.yes_no import yes_or_no

TASK = "request_human"
_BY_WISH = "callback_wished"
QUESTIONS_OF_CALLBACK = frozenset({"callback_time", "callback_phone", "callback_phone_check"})

_MORNING = time(9)
"""When a morning begins where no hours are set."""
_ANY_TIME = re.compile(r"随时|都行|都可以|随便|尽快|越快越好|什么时候都|上班(?:了|后|时间)?|一早")


def nobody_is_there(services: Services) -> bool:
    """Whether it is out of hours."""
    return services.staff_hours is not None and not services.staff_hours.covers(services.clock.now())


def take_wish_for_callback(turn: Turn, services: Services) -> bool:
    """明天上午十点给我回电话: note the wish and ask what is missing for it; False when the message is none."""
    if turn.question in QUESTIONS_OF_CALLBACK or not wishes_callback(turn.text):
        return False
    answers = {"reason": _BY_WISH, "summary": summary_of(turn, services), "topic": _BY_WISH}
    turn.settle()
    turn.remember(task=TASK, answers=answers, suspended=None, question="callback_time")
    if not _take_time(turn, services):
        turn.ask("callback_time")
    return True


def offer_callback(turn: Turn, services: Services, reason: str) -> None:
    """Say that nobody is there and ask for a time. The summary is made now: what was open is dropped."""
    assert services.staff_hours is not None, "nobody_is_there has asked"
    answers = {"reason": reason, "summary": summary_of(turn, services)}
    turn.settle()
    turn.remember(task=TASK, answers=answers, suspended=None)
    turn.say("utter_after_hours")
    turn.ask("callback_time", quick_replies=_suggestions(services.clock.now(), services.staff_hours))


def take_callback(turn: Turn, services: Services) -> bool:
    """The answer to one of the questions; False when it is none."""
    if turn.question == "callback_time":
        return _take_time(turn, services)
    if turn.gave_phone:
        _go_on(turn, services)
        return True
    right = yes_or_no(turn)
    if right is None:
        return False
    if turn.question == "callback_phone":
        if right:
            return False
        _drop(turn)
        return True
    turn.remember(phone_checked=right, misses=0)
    if not right:
        services.identity.discard_claims(turn.sender, "phone")
    _go_on(turn, services)
    return True


def _take_time(turn: Turn, services: Services) -> bool:
    hours, now = services.staff_hours, services.clock.now()
    wished = wished_time(turn.text, now, hours.opens if hours else _MORNING)
    if wished is None:
        said = True if _ANY_TIME.search(turn.text) else yes_or_no(turn)
        if said is None:
            return False
        if not said:
            _drop(turn)
            return True
        at = now if hours is None or hours.covers(now) else hours.next_opening(now)
        words = "尽快" if at == now else f"{at.month}月{at.day}日上班后"
    else:
        at, words = wished.at, wished.words
        if at <= now or (hours is not None and not hours.covers(at)):
            turn.remember(misses=0)
            turn.ask(
                "callback_time",
                "utter_ask_callback_time_in_hours",
                hours=services.policies.house.service_hours,
            )
            return True
    turn.remember(answers=turn.answers | {"wished": words, "wished_at": at.isoformat()}, misses=0)
    _go_on(turn, services)
    return True


def _go_on(turn: Turn, services: Services) -> None:
    """Ask for a number where none is known, read a heard one back, or note the call."""
    state = services.identity.state(turn.sender)
    if not (state.verified or state.has_line_phone or state.claimed_phone):
        turn.ask("callback_phone")
    elif not (state.verified or state.has_line_phone or turn.memory.get("phone_checked")):
        turn.ask("callback_phone_check")
    else:
        _note(turn, services)


def _note(turn: Turn, services: Services) -> None:
    known = turn.answers
    reference = services.desk.record_callback(
        turn.sender,
        str(known.get("topic", "after_hours")),
        str(known.get("summary", "")),
        wished=known["wished"],
        wished_at=datetime.fromisoformat(known["wished_at"]),
    )
    turn.settle()
    turn.say(
        "utter_callback_recorded",
        figures=(figure("request_reference", reference, "reference", kind="callback"),),
        time=known["wished"],
        reference=written_digits(reference),
    )


def _drop(turn: Turn) -> None:
    turn.settle()
    turn.say("utter_what_else")


def _suggestions(now: datetime, hours: StaffHours) -> tuple[str, ...]:
    """上午, 下午 and 晚上 of the next day with staff, as far as they are there then."""
    opening = hours.next_opening(now)
    ahead = (opening.date() - now.astimezone(CHINA).date()).days
    day = {0: "今天", 1: "明天", 2: "后天"}.get(ahead, f"{opening.month}月{opening.day}日")
    midnight = opening.replace(hour=0, minute=0)
    parts = (("上午", 11), ("下午", 14), ("晚上", 19))
    return tuple(f"{day}{name}" for name, hour in parts if hours.covers(midnight + timedelta(hours=hour)))
