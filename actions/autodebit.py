"""Autodebit: whether the card was debited, and when that is tried."""

import re

from actions.customer_task import CustomerTask
from actions.lending.money import written_yuan
from actions.lending.views import AutodebitResult
from actions.own_data import own_borrower, running_loans
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_date, written_digits

_ASKS_TIME = re.compile(r"几点|什么时候.{0,3}扣|什么时间|多会儿?扣|啥时候.{0,3}扣|几号.{0,3}扣")


_ASKS_CARD = re.compile(r"哪(?:一)?(?:张|个)(?:银行)?卡|(?<!为)什么卡|哪个银行|哪家银行")


class Autodebit(CustomerTask):
    """扣款成没成功；几点扣。"""

    intent = "query_autodebit"

    def answer(self, turn: Turn, services: Services) -> None:
        if _ASKS_TIME.search(turn.text):
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
