"""Next repayment: when and how much."""

from typing import Any

from actions.asked_month import AskedMonth, month_asked
from actions.customer_task import CustomerTask
from actions.follow_up import asks_the_one_after
from actions.lending.money import written_percent, written_yuan
from actions.lending.overdue import annualised_penalty_rate
from actions.lending.views import InstalmentView, LoanView
from actions.loan_words import ENDS_WHEN, asks_when_it_ends
from actions.overdue_day import say_overdue_on_day_asked
from actions.own_data import own_borrower, running_loans, say_no_loan
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_date


def say_end(
    turn: Turn,
    services: Services,
    unpaid: tuple[InstalmentView, ...],
    loan: LoanView,
    response: str = "utter_last_repayment",
) -> None:
    """The day of the last instalment, if all goes as agreed."""
    last = unpaid[-1].date
    turn.say(
        response,
        figures=(figure("last_repayment_date", last.isoformat(), "date", loan=loan.reference),),
        date=written_date(last, services.clock.today()),
    )


class NextRepayment(CustomerTask):
    """几号还款，还多少。"""

    intent = "query_repayment"

    def answer(self, turn: Turn, services: Services) -> None:
        borrower = own_borrower(turn, services, self.intent)
        if borrower is None:
            return
        loans = running_loans(services, borrower)
        if not loans:
            say_no_loan(turn, services, borrower)
            return
        loan = loans[0]
        if asks_the_one_after(turn):
            self._say_one_after(turn, services, loan, services.records.instalments(borrower, loan.reference))
            return
        asked = month_asked(turn.bare_text)
        if asked is not None and not loan.overdue:
            self._say_of_month(
                turn, services, loan, services.records.instalments(borrower, loan.reference), asked
            )
            return
        if asks_when_it_ends(turn.bare_text):
            say_end(turn, services, services.records.instalments(borrower, loan.reference), loan)
            return
        if ENDS_WHEN.search(turn.bare_text):
            # It may be the next instalment or the whole loan.
            if loan.next_instalment is not None:
                self._say(turn, services, loan, loan.next_instalment)
            say_end(turn, services, services.records.instalments(borrower, loan.reference), loan)
            return
        if say_overdue_on_day_asked(turn, services, borrower, loan):
            return
        if loan.overdue:
            say_overdue(turn, loan)
        if loan.next_instalment is not None:
            self._say(turn, services, loan, loan.next_instalment)
        if len(loans) > 1 and not loan.overdue:
            turn.say("utter_more_loans", loans=len(loans))

    def _say_one_after(
        self, turn: Turn, services: Services, loan: LoanView, unpaid: tuple[InstalmentView, ...]
    ) -> None:
        """那下个月呢: the instalment after the one that was told last, or after the next one."""
        first = loan.next_instalment.number if loan.next_instalment else 0
        told = int(turn.context.get("instalment") or first)
        after = next((one for one in unpaid if one.number > told), None)
        if after is None:
            turn.say("utter_no_instalment_after")
        else:
            self._say(turn, services, loan, after)

    def _say_of_month(
        self,
        turn: Turn,
        services: Services,
        loan: LoanView,
        unpaid: tuple[InstalmentView, ...],
        asked: AskedMonth,
    ) -> None:
        """下个月还多少, 一月份还多少: the instalment of that month; where it has none, the next."""
        year, month = asked.after(services.clock.today())
        found = next((one for one in unpaid if (one.date.year, one.date.month) == (year, month)), None)
        if found is None:
            turn.say("utter_no_instalment_in_month", year=year, month=month)
            found = loan.next_instalment
        if found is not None:
            self._say(turn, services, loan, found)

    def _say(self, turn: Turn, services: Services, loan: LoanView, instalment: InstalmentView) -> None:
        coming = loan.next_instalment is not None and instalment.number == loan.next_instalment.number
        which = "next" if coming else "following"
        turn.remember(
            context={"intent": self.intent, "instalment": instalment.number, "late": bool(loan.overdue)}
        )
        turn.say(
            "utter_next_repayment" if coming and not loan.overdue else "utter_next_repayment_after_overdue",
            figures=(
                figure(f"{which}_repayment_date", instalment.date.isoformat(), "date", loan=loan.reference),
                figure(
                    f"{which}_repayment_amount",
                    instalment.amount_fen,
                    "fen",
                    loan=loan.reference,
                    instalment=instalment.number,
                ),
            ),
            date=written_date(instalment.date, services.clock.today()),
            amount=written_yuan(instalment.amount_fen),
        )


def say_overdue(turn: Turn, loan: LoanView) -> None:
    """How many days late, and what makes it good today; with the penalty in it, as a price, once there is one."""
    late = loan.overdue
    assert late is not None
    annualised = annualised_penalty_rate(late.penalty_rate_per_day)
    if late.penalty_fen:
        turn.say(
            "utter_overdue_now_penalty",
            figures=(*overdue_figures(loan), *penalty_figures(loan)),
            interruptible=False,
            days=late.days,
            amount=written_yuan(late.amount_fen),
            penalty=written_yuan(late.penalty_fen),
            annualised=written_percent(annualised),
        )
    else:
        say_overdue_amount(turn, loan)


def say_overdue_amount(turn: Turn, loan: LoanView) -> None:
    """The same without a word on the penalty, where that follows in a clause of its own."""
    assert loan.overdue is not None
    turn.say(
        "utter_overdue_now",
        figures=overdue_figures(loan),
        days=loan.overdue.days,
        amount=written_yuan(loan.overdue.amount_fen),
    )


def overdue_figures(loan: LoanView) -> tuple[dict[str, Any], ...]:
    late = loan.overdue
    assert late is not None
    inputs = {"loan": loan.reference, "policy": loan.policy_version}
    return (
        figure("overdue_days", late.days, "days", since=late.since.isoformat(), **inputs),
        figure(
            "overdue_amount",
            late.amount_fen,
            "fen",
            instalments=late.instalments,
            principal_fen=late.principal_fen,
            interest_fen=late.interest_fen,
            penalty_fen=late.penalty_fen,
            **inputs,
        ),
    )


def penalty_figures(loan: LoanView) -> tuple[dict[str, Any], ...]:
    late = loan.overdue
    assert late is not None
    rate = str(late.penalty_rate_per_day)
    inputs = {"loan": loan.reference, "policy": loan.policy_version, "rate_per_day": rate}
    return (
        figure("overdue_penalty", late.penalty_fen, "fen", days=late.days, **inputs),
        figure(
            "annualised_penalty_rate",
            str(annualised_penalty_rate(late.penalty_rate_per_day)),
            "rate_per_year",
            **inputs,
        ),
    )
