"""Data deletion: the wish to have personal data deleted is recorded; staff checks who asks and what must be kept."""

import re

from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_digits

_DELETE = r"(?:删|清除|清空|抹|销毁)"
_DATA = r"(?:信息|资料|数据|隐私)"
_WISH = re.compile(rf"{_DELETE}.{{0,6}}{_DATA}|{_DATA}.{{0,6}}{_DELETE}")
_OTHER = re.compile(r"征信|短信|贷款记录|逾期记录")
_END = re.compile(r"[，。；？！,.;?!]")


def take_deletion(turn: Turn, services: Services) -> bool:
    """Record 把我的信息删了 where the caller's number is known; else offer a person, who can ask for it."""
    if not any(_WISH.search(clause) and not _OTHER.search(clause) for clause in _END.split(turn.text)):
        return False
    state = services.identity.state(turn.sender)
    if not (state.verified or state.has_line_phone or state.claimed_phone):
        turn.settle()
        turn.say("utter_data_deletion")
        turn.ask("person")
        return True
    reference = services.desk.record_callback(
        turn.sender, "data_deletion", f"要求删除个人信息，原话：{turn.text}"
    )
    turn.say(
        "utter_data_deletion_recorded",
        figures=(figure("request_reference", reference, "reference", kind="data_deletion"),),
        reference=written_digits(reference),
    )
    if turn.question is not None:
        turn.ask_again(turn.question)
    return True
