"""Loan changes: another day to pay, another number of instalments."""

import re

from actions.details import details_of
from actions.lending.service_requests import ChangeKind
from actions.lending.verified_borrower import VerifiedBorrower
from actions.own_data import running_loans
from actions.service_change import WishedChange
from actions.services import Services
from actions.turn import Turn

LAST_DAY = 28
"""The last day that every month has."""

_DAY = re.compile(
    r"(?P<day>\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])(?:号|日)"
)
_BARE_DAY = re.compile(
    r"(?:每月|每个月|改到|改成|到)*(?P<day>\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
)
_MONTH_END = re.compile(r"月底|月末|最后一天")
_ONES = "零一二三四五六七八九"


class ChangeRepaymentDate(WishedChange):
    """改还款日。"""

    intent = "change_repayment_date"
    kind = ChangeKind.REPAYMENT_DATE
    question = "new_day"

    def is_possible(self, turn: Turn, services: Services, borrower: VerifiedBorrower) -> bool:
        loans = running_loans(services, borrower)
        if not loans:
            turn.say("utter_no_loan")
        elif loans[0].overdue:
            turn.say("utter_change_date_overdue")
        return bool(loans) and not loans[0].overdue

    def explain(self, turn: Turn, services: Services) -> None:
        turn.say("utter_change_repayment_date", rule=services.policies.house.change_repayment_date)

    def read_wish(self, turn: Turn, services: Services) -> str | None:
        day = _wished_day(turn)
        if day is None:
            return None
        if not 1 <= day <= LAST_DAY:
            turn.say("utter_new_day_not_in_every_month", first=1, last=LAST_DAY)
            return None
        return f"把还款日改到每月{day}号"


def _wished_day(turn: Turn) -> int | None:
    """The day of the month that is named last (从五号改到十五号); the end of the month is a day too late."""
    days = [match["day"] for match in _DAY.finditer(turn.text)]
    if not days and turn.question == "new_day" and (bare := _BARE_DAY.fullmatch(turn.bare_text)):
        days = [bare["day"]]
    if days:
        return _number(days[-1])
    return LAST_DAY + 1 if _MONTH_END.search(turn.text) else None


def _number(said: str) -> int:
    if said.isdigit():
        return int(said)
    tens, ten, ones = said.rpartition("十")
    return (_ONES.index(tens or "一") * 10 if ten else 0) + (_ONES.index(ones) if ones else 0)


class ChangeTerm(WishedChange):
    """改分期。"""

    intent = "change_term"
    kind = ChangeKind.TERM
    question = "new_term"

    def is_possible(self, turn: Turn, services: Services, borrower: VerifiedBorrower) -> bool:
        loans = running_loans(services, borrower)
        if not loans:
            turn.say("utter_no_loan")
        return bool(loans)

    def read_wish(self, turn: Turn, services: Services) -> str | None:
        months = details_of(turn, services.policies).get("term_months")
        return f"把分期改成{months}期" if months else None
