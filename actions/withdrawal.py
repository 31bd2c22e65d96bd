"""Withdrawal: what was recorded in this conversation is wished undone; staff is told, nothing is recorded anew."""

import re
from typing import Any

from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_digits

_ANY = re.compile(
    r"反悔|后悔了|(?:撤销?|撤回|取消|收回|作废).{0,5}登记|登记.{0,5}(?:撤|取消|作废|不算|不要了)|刚才.{0,6}(?:不算|作废|撤)"
)
_NOT = r"(?:不用?|不要|不想|别|先别|先不)(?:给我|帮我|要|再|去)?"
_COMPLAINT = re.compile(
    rf"{_NOT}(?:投诉|举报)(?:了|吧|$)|(?:撤|取消|收回).{{0,5}}(?:投诉|举报)|(?:投诉|举报).{{0,4}}(?:撤|取消|收回|算了|不要了)"
)
_UNDONE = {
    "complain": _COMPLAINT,
    "apply_loan": re.compile(r"不(?:想|要|用)?(?:借|贷|申请|办)(?:款|钱)?了"),
    "cancel_application": re.compile(rf"{_NOT}取消了?|还是要(?:借|贷)"),
    "close_account": re.compile(rf"{_NOT}(?:注销|销户)"),
    "decrease_limit": re.compile(rf"{_NOT}(?:降|调低)"),
}
_CHANGED = re.compile(rf"{_NOT}(?:换|改|办|开)了")
_RECORDED_AT = frozenset({None, "person"})
"""Open questions behind which a recorded request is still what is spoken of."""


def withdraw(turn: Turn, services: Services) -> bool:
    """Note that the customer takes back what he had recorded; False when the message says nothing of it."""
    text = turn.bare_text
    last = _recorded(turn)
    if last is None:
        if not _COMPLAINT.search(text) or turn.question in {"complaint", "complaint_check"}:
            return False
        turn.say("utter_no_complaint_recorded")
        if turn.question is not None:
            turn.ask_again(turn.question)
        return True
    kind = str(last["inputs"].get("kind", ""))
    undone = _UNDONE.get(kind, _CHANGED)
    if turn.question not in _RECORDED_AT or not (_ANY.search(text) or undone.search(text)):
        return False
    reference = services.desk.record_callback(
        turn.sender, "withdrawal", f"客户要撤回登记{last['value']}，原话：{turn.text}"
    )
    turn.settle()
    turn.remember(context=None)
    turn.say(
        "utter_withdrawal_recorded",
        figures=(figure("request_reference", reference, "reference", kind="withdrawal"),),
        reference=written_digits(reference),
    )
    return True


def takes_complaint_back(turn: Turn) -> bool:
    """算了不投诉了, while the complaint is not recorded yet."""
    return bool(_COMPLAINT.search(turn.bare_text))


def _recorded(turn: Turn) -> dict[str, Any] | None:
    """The last request of this conversation that the customer may take back."""
    told = [
        one for one in turn.told if one["name"] == "request_reference" and one.get("inputs", {}).get("kind")
    ]
    return told[-1] if told and told[-1]["inputs"]["kind"] != "withdrawal" else None
