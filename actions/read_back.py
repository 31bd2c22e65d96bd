"""Read-back: an amount and a term that were heard are said back, and confirmed, before anything is built on them.

A recogniser writes 十八万 for 八万 now and then. A quote names its amount and is corrected by a word; what is recorded,
or decides whether somebody fits, waits for a yes. Typed figures stand: the customer sees them (ADR 37).
"""

import re
from collections.abc import Mapping
from typing import Any

from actions.lending.money import written_yuan
from actions.turn import Turn
from actions.yes_no import yes_or_no

_READ_BACK = ("amount_fen", "term_months")
_RESPONSES = {
    _READ_BACK: "utter_check_amount_and_term",
    ("amount_fen",): "utter_check_amount",
    ("term_months",): "utter_check_term",
}

_OF_HIMSELF = re.compile(
    r"^(?:我|也|都|从来?)*(?:没有?|有|无).{0,3}(?:逾期|欠|贷过|借过|执照|发票|交税|缴税|流水)"
)


def note_heard(turn: Turn, found: Mapping[str, Any]) -> None:
    """Remember which of these details are known by ear alone; typed ones stand, as does a value said before.

    Called before they are added to the answers.
    """
    heard = dict(turn.memory.get("heard") or {})
    for name in _READ_BACK:
        if name in found and turn.input != "voice":
            heard.pop(name, None)
        elif name in found and turn.answers.get(name) != found[name]:
            heard[name] = found[name]
    turn.remember(heard=heard or None)


def must_be_read_back(turn: Turn) -> bool:
    """Whether the running task builds on an amount or a term that nobody has confirmed."""
    heard = turn.memory.get("heard") or {}
    return any(turn.answers.get(name) == value for name, value in heard.items())


def read_back(turn: Turn) -> None:
    """Say amount and term as they are known, and ask whether they are right."""
    known = turn.answers
    names = tuple(name for name in _READ_BACK if name in known)
    values: dict[str, Any] = {}
    if "amount_fen" in names:
        values["amount"] = written_yuan(known["amount_fen"])
    if "term_months" in names:
        values["term"] = known["term_months"]
    turn.ask("heard_check", _RESPONSES[names], **values)


def was_confirmed(turn: Turn, found: Mapping[str, Any]) -> bool | None:
    """Take a yes (True) or a no (False) to the read-back; None when the message is neither.

    ``found``: the details of the message. 对，是八万 to another amount than the one read back is no yes,
    and 没有逾期 is no no.
    """
    if turn.intent not in {"affirm", "deny"} and _OF_HIMSELF.search(turn.bare_text):
        return None
    if any(name in found and found[name] != turn.answers.get(name) for name in _READ_BACK):
        return None
    said = yes_or_no(turn)
    if said:
        turn.remember(heard=None, misses=0)
    return said
