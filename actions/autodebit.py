"""Autodebit: whether the card was debited, and when that is tried."""

import re

from actions.asked_month import month_gone_asked
from actions.customer_task import CustomerTask
from actions.lending.money import written_yuan
from actions.lending.verified_borrower import VerifiedBorrower
from actions.lending.views import AutodebitResult
from actions.own_data import own_borrower, running_loans
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_date, written_digits

_ASKS_TIME = re.compile(r"几点|什么时候.{0,3}扣|什么时间|多会儿?扣|啥时候.{0,3}扣|几号.{0,3}扣")


_ASKS_CARD = re.compile(r"哪(?:一)?(?:张|个)(?:银行)?卡|(?<!为)什么卡|哪个银行|哪家银行")


_MOST_DEBITS = 2
"""Of one month: a reply has no more sentences."""


class Autodebit(CustomerTask):
    """扣款成没成功；几点扣。"""

    intent = "query_autodebit"

    def answer(self, turn: Turn, services: Services) -> None:
        month = month_gone_asked(turn.bare_text, services.clock.today())
        if month is None and _ASKS_TIME.search(turn.text):
            turn.say("utter_autodebit_times", times=services.policies.house.autodebit_times)
            return
        borrower = own_borrower(turn, services, self.intent)
        if borrower is None:
            return
        loans = running_loans(services, borrower)
        if loans and _ASKS_CARD.search(turn.bare_text):
            turn.remember(context={"intent": self.intent})
            turn.say("utter_autodebit_card", bank=loans[0].bank, card_tail=written_digits(loans[0].card_tail))
            return
        if month is not None and self._say_of_month(turn, services, borrower, month):
            return
        tried = [
            (loan, loan.last_autodebit)
            for loan in services.records.loans(borrower)
            if loan.last_autodebit is not None
        ]
        if not tried:
            turn.say("utter_autodebit_none" if running_loans(services, borrower) else "utter_no_loan")
            return
        turn.remember(context={"intent": self.intent})
        loan, debit = max(tried, key=lambda one: one[1].on)
        turn.say(
            {
                AutodebitResult.SUCCEEDED: "utter_autodebit_succeeded",
                AutodebitResult.FAILED: "utter_autodebit_failed",
                AutodebitResult.PENDING: "utter_autodebit_pending",
            }[debit.result],
            figures=(
                figure("autodebit_result", debit.result.value, "state", loan=loan.reference),
                figure("autodebit_date", debit.on.isoformat(), "date", loan=loan.reference),
                figure("autodebit_amount", debit.amount_fen, "fen", loan=loan.reference),
            ),
            date=written_date(debit.on, services.clock.today()),
            amount=written_yuan(debit.amount_fen),
            reason=debit.reason or "银行没有说明",
        )

    def _say_of_month(
        self, turn: Turn, services: Services, borrower: VerifiedBorrower, month: tuple[int, int]
    ) -> bool:
        """What was debited in a month; False where the last debit is of that month, which tells more."""
        loans = services.records.loans(borrower)
        if any(
            loan.last_autodebit is not None
            and (loan.last_autodebit.on.year, loan.last_autodebit.on.month) == month
            for loan in loans
        ):
            return False
        debits = sorted(
            (
                (payment.on, payment.amount_fen, loan.reference)
                for loan in loans
                for payment in loan.payments
                if payment.channel == "autodebit" and (payment.on.year, payment.on.month) == month
            ),
            reverse=True,
        )
        turn.remember(context={"intent": self.intent})
        today = services.clock.today()
        for on, amount_fen, reference in debits[:_MOST_DEBITS]:
            turn.say(
                "utter_autodebit_succeeded",
                figures=(
                    figure("autodebit_result", AutodebitResult.SUCCEEDED.value, "state", loan=reference),
                    figure("autodebit_date", on.isoformat(), "date", loan=reference),
                    figure("autodebit_amount", amount_fen, "fen", loan=reference),
                ),
                date=written_date(on, today),
                amount=written_yuan(amount_fen),
            )
        if not debits:
            year = "" if month[0] == today.year else f"{month[0]}年"
            turn.say("utter_autodebit_none_in_month", month=f"{year}{month[1]}月")
        return True
