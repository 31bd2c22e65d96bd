"""Early repayment: whether, what it costs; with the customer's own sum once he is verified."""

import re
from datetime import date

from actions.customer_task import CustomerTask
from actions.interest import rate_range, rate_range_figures
from actions.lending.early_repayment import EarlyRepaymentNotAllowed
from actions.lending.money import written_percent, written_yuan
from actions.lending.views import LoanView
from actions.own_data import running_loans
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_date

_ASKS_PART = re.compile(r"部分|一些|一点|先还|多还")


class EarlyRepayment(CustomerTask):
    """能提前还吗，怎么收费。"""

    intent = "ask_early_repayment"

    def answer(self, turn: Turn, services: Services) -> None:
        borrower = services.identity.verified_borrower(turn.sender)
        loans = running_loans(services, borrower) if borrower is not None else []
        if borrower is None or not loans:
            self._say_rule(turn, services)
            return
        loan = loans[0]
        if _ASKS_PART.search(turn.text) or turn.value("amount"):
            self._say_part(turn, services, loan)
            return
        try:
            closing = services.records.early_repayment(borrower, loan.reference)
        except EarlyRepaymentNotAllowed:
            turn.say("utter_early_repayment_not_allowed")
            return
        turn.say(
            "utter_early_repayment_own" if closing.fee_fen else "utter_early_repayment_own_free",
            figures=(
                figure(
                    "early_repayment_total",
                    closing.total_fen,
                    "fen",
                    loan=loan.reference,
                    on=closing.on.isoformat(),
                    principal_fen=closing.principal_fen,
                    interest_fen=closing.interest_fen,
                    penalty_fen=closing.penalty_fen,
                ),
                figure(
                    "early_repayment_fee",
                    closing.fee_fen,
                    "fen",
                    loan=loan.reference,
                    rate=str(closing.fee_rate),
                ),
                figure("saved_interest", closing.saved_interest_fen, "fen", loan=loan.reference),
                figure("annualised_rate", str(loan.annualised_rate), "rate_per_year", loan=loan.reference),
            ),
            interruptible=False,
            day=_day(closing.on, services),
            total=written_yuan(closing.total_fen),
            fee=written_yuan(closing.fee_fen),
            saved=written_yuan(closing.saved_interest_fen),
            rate=written_percent(loan.annualised_rate),
        )

    def _say_part(self, turn: Turn, services: Services, loan: LoanView) -> None:
        rule = services.policies.version(loan.product_code, loan.policy_version).early_repayment
        if rule.partial_allowed:
            turn.say("utter_early_repayment_part", least=written_yuan(rule.partial_min_fen))
        else:
            turn.say("utter_early_repayment_no_part")

    def _say_rule(self, turn: Turn, services: Services) -> None:
        rules = [
            product.early_repayment
            for product in services.policies.products()
            if product.early_repayment.allowed
        ]
        most = max(rule.fee_rate for rule in rules)
        free_after = max(rule.free_after_instalments for rule in rules)
        low, high = rate_range(services)
        turn.say(
            "utter_early_repayment_rule",
            figures=(
                figure("early_repayment_fee_rate_max", str(most), "rate"),
                figure("early_repayment_free_after", free_after, "instalments"),
                *rate_range_figures(low, high),
            ),
            interruptible=False,
            most=written_percent(most),
            free_after=free_after,
            low=written_percent(low),
            high=written_percent(high),
        )


def _day(on: date, services: Services) -> str:
    today = services.clock.today()
    return "今天" if on == today else written_date(on, today)
