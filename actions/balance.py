"""Balance: outstanding principal and remaining instalments."""

from actions.customer_task import CustomerTask
from actions.lending.money import written_yuan
from actions.overdue_day import say_overdue_on_day_asked
from actions.own_data import own_borrower, running_loans, say_no_loan
from actions.repayment import say_overdue
from actions.services import Services
from actions.turn import Turn, figure


class LoanBalance(CustomerTask):
    """还欠多少，还剩几期。"""

    intent = "query_loan_balance"

    def answer(self, turn: Turn, services: Services) -> None:
        borrower = own_borrower(turn, services, self.intent)
        if borrower is None:
            return
        loans = running_loans(services, borrower)
        if not loans:
            say_no_loan(turn, services, borrower)
            return
        turn.remember(context={"intent": self.intent, "late": bool(loans[0].overdue)})
        principal_fen = sum(loan.outstanding_principal_fen for loan in loans)
        references = [loan.reference for loan in loans]
        principal = figure("outstanding_principal", principal_fen, "fen", loans=references)
        if len(loans) > 1:
            turn.say(
                "utter_balance_of_several",
                figures=(principal, figure("loan_count", len(loans), "count")),
                loans=len(loans),
                principal=written_yuan(principal_fen),
            )
        else:
            remaining = loans[0].remaining_instalments
            turn.say(
                "utter_balance",
                figures=(
                    principal,
                    figure("remaining_instalments", remaining, "instalments", loan=references[0]),
                ),
                remaining=remaining,
                principal=written_yuan(principal_fen),
            )
        if loans[0].overdue and not say_overdue_on_day_asked(turn, services, borrower, loans[0]):
            say_overdue(turn, loans[0])
