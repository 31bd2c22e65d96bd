"""Answer before a question: 五万，另外上征信吗 answers what was asked before it asks something itself."""

import re
from dataclasses import replace

from actions.correction import DETAIL
from actions.details import details_of
from actions.read_back import note_heard
from actions.services import Services
from actions.turn import Turn

_END = re.compile(r"[，。,、；;\s]+")
_ASKS = re.compile(
    r"吗|呢|么|什么|怎么|咋|啥|多少|几|哪|谁|是不是|能不能|可不可以|要不要|有没有|会不会|行不行|上不上|不\?$|？|\?"
)


def note_answer_before(turn: Turn, services: Services) -> bool:
    """Keep the answer to the open question where it stands in front of a question; whether there was one."""
    said = _before_the_question(turn.text)
    detail = DETAIL.get(str(turn.question))
    if not said or detail is None:
        return False
    entities = tuple(one for one in turn.entities if "end" in one and one["end"] <= len(said))
    found = details_of(replace(turn, text=said, intent="inform", entities=entities), services.policies)
    if detail not in found:
        return False
    note_heard(turn, found)
    turn.remember(answers=turn.answers | found, misses=0)
    return True


def _before_the_question(text: str) -> str:
    """The clauses in front of the first one that asks something; empty where none asks, or the first does."""
    begun = 0
    for end in [*_END.finditer(text), None]:
        clause = text[begun : end.start() if end else len(text)]
        if _ASKS.search(clause):
            return text[:begun]
        begun = end.end() if end else len(text)
    return ""
