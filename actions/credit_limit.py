"""Credit limit: total and available, and until when."""

from actions.customer_task import CustomerTask
from actions.lending.money import written_yuan
from actions.lending.views import CreditLimitView
from actions.loan_words import ENDS_WHEN
from actions.own_data import own_borrower, running_loans
from actions.repayment import say_end
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_date


class CreditLimit(CustomerTask):
    """我的额度是多少。"""

    intent = "query_credit_limit"

    def answer(self, turn: Turn, services: Services) -> None:
        borrower = own_borrower(turn, services, self.intent)
        if borrower is None:
            return
        limit = services.records.credit_limit(borrower)
        if limit is None:
            turn.say("utter_no_credit_limit")
            return
        if ENDS_WHEN.search(turn.bare_text) and not limit.frozen_reason:
            # 什么时候到期 may mean the loan as well.
            self._say_valid(turn, services, limit)
            for loan in running_loans(services, borrower)[:1]:
                unpaid = services.records.instalments(borrower, loan.reference)
                say_end(turn, services, unpaid, loan, "utter_loan_ends")
            return
        turn.remember(context={"intent": self.intent})
        turn.say(
            "utter_credit_limit",
            figures=(
                figure("credit_limit_total", limit.total_fen, "fen", product=limit.product_code),
                figure("credit_limit_available", limit.available_fen, "fen", product=limit.product_code),
            ),
            total=written_yuan(limit.total_fen),
            available=written_yuan(limit.available_fen),
        )
        if limit.frozen_reason:
            turn.say("utter_credit_limit_frozen", reason=limit.frozen_reason.rstrip("。"))
        else:
            self._say_valid(turn, services, limit)

    def _say_valid(self, turn: Turn, services: Services, limit: CreditLimitView) -> None:
        turn.say(
            "utter_credit_limit_valid",
            figures=(figure("credit_limit_valid_until", limit.valid_until.isoformat(), "date"),),
            date=written_date(limit.valid_until, services.clock.today()),
        )
