"""Correction: 不对，是八万; what a customer says in place of what he said, or was heard to say, before."""

import re
from dataclasses import dataclass, replace
from typing import Any

from actions.business_details import BUSINESS_QUESTIONS
from actions.details import details_of
from actions.lending.money import written_yuan
from actions.lending.policy import PolicyBook
from actions.services import Services
from actions.turn import Turn
from actions.written import written_months

DETAIL = BUSINESS_QUESTIONS | {
    "amount": "amount_fen",
    "term": "term_months",
    "business_age": "business_months",
    "overdue_debt": "has_overdue_debt",
    "industry": "industry",
    "region": "region",
    "first_time": "is_first_time_borrower",
}
"""Which detail answers which question."""

_MARKS = r"[\s，。、,.!！?？…]*"
_SORRY = rf"(?:(?:啊|哦|哎呀?|诶|欸|呃|嗯|那个|等等|等一下|不好意思|对不起|抱歉){_MARKS})*"
_WRONG = r"(?:不对|不是|错了|我?(?:刚才|刚刚)?(?:搞|弄|说|讲|报)错了?|口误|更正一下|我?改一下|我?改主意了?)"
_NOT_OLD = re.compile(
    rf"^{_SORRY}不是[^，。,\s]{{1,8}}{_MARKS}(?:应该)?是(?!不是)(?P<rest>[^，。,]{{1,12}}){_MARKS}$"
)
_CORRECTED = re.compile(
    rf"^{_SORRY}(?:{_WRONG}(?:的|啊|呀|哈|啦)?{_MARKS})+"
    rf"(?:我|刚才|刚刚|是说|说的是|说的|应该是|应该|是要|是想|想|要|是|就|改成|换成|改为|换|改|[\s，。、,.!！?？…])*(?P<rest>[^，。,].*)?$"
)
_INSTEAD = re.compile(
    rf"^{_SORRY}(?:那|还是|我|想|要|就|把|给|金额|期数|额度|期限|时间|日期|分期|还款日){{0,5}}"
    r"(?:改成|换成|改为|改到|换到|还是)(?P<rest>.+)$"
)


@dataclass(frozen=True)
class Corrected:
    """What a correction changes: details by name, as in Lead and Applicant."""

    changed: dict[str, Any]
    """Details that were known and are now others."""
    added: dict[str, Any]
    """Details that come with it."""


def correction(text: str) -> str | None:
    """The words that take the place of others; empty for a bare 不对; None where nothing is corrected."""
    for form in (_NOT_OLD, _CORRECTED, _INSTEAD):
        if match := form.match(text):
            return match["rest"] or ""
    return None


def corrected(turn: Turn, policies: PolicyBook) -> Corrected | None:
    """What this message corrects among the answers given; None when it corrects nothing that is known."""
    rest = correction(turn.text)
    if rest is None and turn.question == "lead_consent":
        # 可以，不过要八万: a yes to something else than what was asked.
        rest = turn.text
    known = turn.answers
    if not rest or not known:
        return None
    words = _only(turn, rest)
    found: dict[str, Any] = details_of(words, policies)
    for question in (turn.memory.get("answered"), turn.question):
        detail = DETAIL.get(str(question))
        if detail is None or (detail in found and detail != "industry"):
            continue
        asked = replace(words, memory={"question": question})
        if detail in (answer := details_of(asked, policies)):
            # 是两年 after the age of the business is that age, and no term.
            found = answer
            break
    changed = {name: value for name, value in found.items() if name in known and known[name] != value}
    if not changed:
        return None
    return Corrected(changed, {name: value for name, value in found.items() if name not in known})


def _only(turn: Turn, rest: str) -> Turn:
    """The turn as if only its last words had been said, to no question."""
    start = turn.text.rindex(rest)
    entities = tuple(one for one in turn.entities if one.get("start", start) >= start)
    return replace(turn, text=rest, intent="inform", entities=entities, memory={})


def acknowledge(turn: Turn, services: Services, change: Corrected | None) -> None:
    """Say what was changed, where the next words do not say it by themselves."""
    if change is not None and change.changed:
        written = "，".join(written_detail(*pair, services.policies) for pair in change.changed.items())
        turn.say("utter_corrected", what=written)


def written_detail(name: str, value: Any, policies: PolicyBook) -> str:
    """A detail as customers and staff read it: ``50000元``, ``12期``, ``开业2年``."""
    if name == "amount_fen":
        return written_yuan(int(value))
    if name == "business_months":
        return f"开业{written_months(int(value))}"
    if name == "industry" and (industry := policies.industry(str(value))):
        return industry.name
    if name == "has_overdue_debt":
        return "有逾期" if value else "没有逾期"
    if name == "is_first_time_borrower":
        return "没在银行贷过款" if value else "在银行贷过款"
    return f"{value}期" if name == "term_months" else str(value)
