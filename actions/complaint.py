"""Complaint: recorded in the customer's words; one who only sounds displeased is asked first."""

import re

from actions.customer_task import CustomerTask, go_on
from actions.questions import IDENTITY
from actions.services import Services
from actions.turn import Turn, figure
from actions.withdrawal import takes_complaint_back
from actions.written import written_digits
from actions.yes_no import yes_or_no

_ONLY_ANNOUNCED = re.compile(
    r"^(?:你好)?(?:我)?(?:现在)?(?:就)?(?:想要|要|想)?(?:进行)?(?:投诉|举报)(?:你们|你|一下)?(?:呢|了|啊)?$"
    r"|(?:怎么|如何|哪里|哪儿|在哪)(?:能|可以)?(?:投诉|举报)|(?:投诉|举报)的?(?:电话|热线|渠道)"
)
_PLAIN = re.compile(
    r"投诉|举报|态度|骚扰|差评|威胁|恐吓|骂|报警|告你|告发|银监|银保监|曝光|泄露|侵犯|赔偿|乱(?:扣|收)"
)
"""Who says this complains, in whatever form."""
_DISPLEASED = re.compile(
    r"骗|坑|黑心|太黑|垃圾|欺负|忽悠|不满意|失望|违法|虚假|恶心|流氓|霸王|生气|气死|气人|过分|差劲|太差|真差|烦死|不讲信用|不负责|耍|变卦|破"
)
_ASKS = re.compile(r"是不是|[吗么嘛]$|为什么|为啥|怎么|咋|会不会|[?？]")
_NOT_WANTED = re.compile(
    r"^(?:那|嗯|唉|哎)?(?:不用|不要|别|先不|不想|不)(?:再)?(?:登记|投诉|记|说|讲|麻烦)?(?:了|啦|吧|啊)*$"
)
"""Said to the question what the complaint is."""
_DUNNED = re.compile(r"催|骚扰|退|多收")
"""Who is called at night or wants interest back is not helped by his next instalment."""
_LIKELY = 0.12
"""Confidence from which a question beside the displeasure is answered."""
_OTHER_WISH = frozenset({"request_human", "goodbye", "ask_repeat", "ask_wait", "bot_challenge"})


def complains(text: str) -> bool:
    """Whether the words are a complaint beyond doubt: it is said to be one, or reproached without asking anything."""
    return bool(_PLAIN.search(text)) or bool(_DISPLEASED.search(text) and not _ASKS.search(text))


def recorded_complaint(turn: Turn) -> str | None:
    """The number of the complaint that this conversation has on record; None where it was taken back again."""
    told = [one for one in turn.told if one["name"] == "request_reference"]
    kinds = [one.get("inputs", {}).get("kind") for one in told]
    if "complain" not in kinds:
        return None
    last = len(kinds) - 1 - kinds[::-1].index("complain")
    return None if "withdrawal" in kinds[last:] else str(told[last]["value"])


def _wish_beside_it(turn: Turn) -> str | None:
    """What he wants to know who is only displeased (到底啥时候放款，是不是骗子): an answer helps more than a record."""
    if turn.question is not None or _DUNNED.search(turn.bare_text):
        return None
    return next(
        (
            name
            for name, confidence in turn.ranking[1:3]
            if name.startswith("query_") and confidence >= _LIKELY
        ),
        None,
    )


class Complaint(CustomerTask):
    """我要投诉。"""

    intent = "complain"

    def answer(self, turn: Turn, services: Services) -> None:
        before = recorded_complaint(turn)
        if before is not None:
            self._ask_for_another(turn, before)
        elif _ONLY_ANNOUNCED.search(turn.bare_text):
            turn.say("utter_complaint_sorry")
            turn.ask("complaint")
        elif complains(turn.text):
            self._record(turn, services, turn.text)
        elif turn.question in IDENTITY:
            # The check goes on; whoever wants it recorded says that he complains.
            turn.say("utter_complaint_sorry")
        elif (wish := _wish_beside_it(turn)) is not None:
            turn.say("utter_calm")
            go_on(turn, services, wish)
        else:
            turn.remember(answers={"complaint": turn.text})
            turn.say("utter_complaint_sorry")
            turn.ask("complaint_check")

    def take(self, turn: Turn, services: Services) -> bool:
        if takes_complaint_back(turn) or _NOT_WANTED.search(turn.bare_text):
            turn.drop()
            return True
        if turn.question == "complaint_check":
            return self._take_consent(turn, services)
        if turn.intent in _OTHER_WISH:
            return False
        self._record(turn, services, turn.text)
        return True

    def _ask_for_another(self, turn: Turn, before: str) -> None:
        """One complaint of this conversation is on record: say its number, and make a second one only when wanted."""
        words = "" if _ONLY_ANNOUNCED.search(turn.bare_text) else turn.text
        turn.remember(answers={"complaint": words})
        turn.say(
            "utter_complaint_known",
            figures=(figure("request_reference", before, "reference", kind=self.intent),),
            reference=written_digits(before),
        )
        turn.ask("complaint_check", "utter_ask_complaint_another")

    def _take_consent(self, turn: Turn, services: Services) -> bool:
        said, words = yes_or_no(turn), str(turn.answers.get("complaint") or "")
        turn.remember(answers=None)
        if said and not words:
            turn.ask("complaint")
        elif said:
            self._record(turn, services, words)
        elif said is False:
            turn.settle()
            if not turn.memory.get("suspended"):
                turn.say("utter_what_else")
        elif turn.intent == self.intent:
            self._record(turn, services, "；".join(filter(None, (words, turn.text))))
        else:
            return False
        return True

    def _record(self, turn: Turn, services: Services, words: str) -> None:
        reference = services.desk.record_complaint(turn.sender, words)
        turn.settle()
        turn.say(
            "utter_complaint_recorded",
            figures=(figure("request_reference", reference, "reference", kind=self.intent),),
            reference=written_digits(reference),
        )
        turn.ask("person", "utter_offer_person_complaint")
