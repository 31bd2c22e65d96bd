"""Next repayment: when and how much."""

from actions.customer_task import CustomerTask
from actions.lending.money import written_yuan
from actions.lending.views import LoanView
from actions.own_data import own_borrower, running_loans, say_no_loan
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_date


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
        if loan.overdue:
            say_overdue(turn, loan)
        self._say_next(turn, services, loan)
        if len(loans) > 1 and not loan.overdue:
            turn.say("utter_more_loans", loans=len(loans))

    def _say_next(self, turn: Turn, services: Services, loan: LoanView) -> None:
        instalment = loan.next_instalment
        if instalment is None:
            return
        turn.say(
            "utter_next_repayment_after_overdue" if loan.overdue else "utter_next_repayment",
            figures=(
                figure("next_repayment_date", instalment.date.isoformat(), "date", loan=loan.reference),
                figure(
                    "next_repayment_amount",
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
    """How many days late, and what makes it good today."""
    assert loan.overdue is not None
    turn.say(
        "utter_overdue_now",
        figures=(
            figure("overdue_days", loan.overdue.days, "days", loan=loan.reference),
            figure(
                "overdue_amount",
                loan.overdue.amount_fen,
                "fen",
                loan=loan.reference,
                instalments=loan.overdue.instalments,
                penalty_fen=loan.overdue.penalty_fen,
            ),
        ),
        days=loan.overdue.days,
        amount=written_yuan(loan.overdue.amount_fen),
    )
