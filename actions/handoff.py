"""Handoff: to a person, with a summary so that nothing has to be told twice."""

from actions.customer_task import CustomerTask
from actions.labels import LABELS
from actions.questions import IDENTITY
from actions.services import Services
from actions.turn import Turn, figure
from actions.yes_no import yes_or_no


class Handoff(CustomerTask):
    """转人工。"""

    intent = "request_human"
    keeps_question = False
    listens_first = False

    def answer(self, turn: Turn, services: Services) -> None:
        hand_over(turn, services, "customer_asked")

    def take(self, turn: Turn, services: Services) -> bool:
        """The answer to the offer of a person."""
        said = yes_or_no(turn)
        if said is None:
            return False
        if said:
            hand_over(turn, services, "offer_accepted")
            return True
        before = turn.memory.get("question_before")
        if before is not None and before != "which":
            turn.remember(question_before=None, misses=0)
            turn.ask_again(before)
            return True
        turn.settle()
        turn.say("utter_what_else")
        return True


def hand_over(turn: Turn, services: Services, reason: str) -> None:
    """Record the request, then transfer."""
    reference = services.desk.record_handoff(turn.sender, reason, summary_of(turn, services))
    turn.settle()
    turn.say(
        "utter_handoff",
        figures=(figure("request_reference", reference, "reference", reason=reason),),
        next="transfer",
    )


def summary_of(turn: Turn, services: Services) -> str:
    """What staff should know: what was asked, who it is, what is open. No digits of an identity."""
    state = services.identity.state(turn.sender)
    asked = list(
        dict.fromkeys(LABELS[name] for name in turn.topics if name in LABELS and name != "request_human")
    )
    identity = "身份已核实" if state.verified else "身份核实已锁定" if state.locked_until else "身份未核实"
    parts = [identity, "问过：" + "、".join(asked) if asked else "还没有说要办什么"]
    if turn.task in LABELS and (turn.question in IDENTITY or turn.question is not None):
        parts.append(f"正在办：{LABELS[turn.task]}")
    if turn.text:
        parts.append(f"最后一句：{turn.text[:80]}")
    return "；".join(parts)
