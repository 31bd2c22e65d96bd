"""Service change: what staff has to do for a verified borrower; recorded with his consent."""

from typing import Any, ClassVar

from actions.customer_task import CustomerTask
from actions.lending.service_requests import ChangeKind
from actions.lending.verified_borrower import VerifiedBorrower
from actions.lending.views import ApplicationState, LoanState
from actions.own_data import own_borrower, running_loans
from actions.services import Services
from actions.turn import Turn, figure
from actions.written import written_digits
from actions.yes_no import yes_or_no


class ChangePhone(CustomerTask):
    """换手机号。"""

    intent = "change_phone"
    kind: ClassVar[ChangeKind | None] = ChangeKind.PHONE
    """None: the desk has no form for it and notes a call-back on the topic instead."""

    def answer(self, turn: Turn, services: Services) -> None:
        borrower = own_borrower(turn, services, self.intent)
        if borrower is None or not self.is_possible(turn, services, borrower):
            return
        turn.remember(task=self.intent)
        turn.say(f"utter_{self.intent}", **self.facts(services))
        turn.ask("consent")

    def is_possible(self, turn: Turn, services: Services, borrower: VerifiedBorrower) -> bool:
        """Whether staff could do it; otherwise the turn says why not."""
        return True

    def facts(self, services: Services) -> dict[str, Any]:
        """Placeholders of ``utter_<intent>``."""
        return {}

    def take(self, turn: Turn, services: Services) -> bool:
        said = yes_or_no(turn)
        if said is None:
            return False
        if not said:
            turn.settle()
            turn.say("utter_dropped")
            return True
        borrower = own_borrower(turn, services, self.intent)
        if borrower is None:
            return True
        turn.settle()
        if self.kind is None:
            reference = services.desk.record_callback(turn.sender, self.intent, turn.text)
        else:
            reference = services.desk.record_change_request(borrower, self.kind, turn.text)
        turn.say(
            "utter_change_recorded",
            figures=(figure("request_reference", reference, "reference", kind=self.intent),),
            reference=written_digits(reference),
        )
        return True


class ChangeBankCard(ChangePhone):
    """换还款卡。"""

    intent = "change_bank_card"
    kind = ChangeKind.BANK_CARD


class ChangeRepaymentDate(ChangePhone):
    """改还款日。"""

    intent = "change_repayment_date"
    kind = ChangeKind.REPAYMENT_DATE

    def is_possible(self, turn: Turn, services: Services, borrower: VerifiedBorrower) -> bool:
        loans = running_loans(services, borrower)
        if not loans:
            turn.say("utter_no_loan")
        elif loans[0].overdue:
            turn.say("utter_change_date_overdue")
        return bool(loans) and not loans[0].overdue

    def facts(self, services: Services) -> dict[str, Any]:
        return {"rule": services.policies.house.change_repayment_date}


class CancelApplication(ChangePhone):
    """不借了，撤销申请。"""

    intent = "cancel_application"
    kind = ChangeKind.CANCEL_APPLICATION

    def is_possible(self, turn: Turn, services: Services, borrower: VerifiedBorrower) -> bool:
        applications = services.records.applications(borrower)
        state = applications[0].state if applications else None
        if state in {ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW, ApplicationState.APPROVED}:
            return True
        if state is ApplicationState.DISBURSED:
            turn.say("utter_cancel_disbursed")
        else:
            turn.say("utter_nothing_to_cancel")
        return False


class CloseAccount(ChangePhone):
    """注销。"""

    intent = "close_account"
    kind = ChangeKind.CLOSE_ACCOUNT

    def is_possible(self, turn: Turn, services: Services, borrower: VerifiedBorrower) -> bool:
        loans = running_loans(services, borrower)
        if loans:
            turn.say("utter_close_account_loan", loans=len(loans))
        return not loans


class SettlementCertificate(ChangePhone):
    """开结清证明。"""

    intent = "request_settlement_certificate"
    kind = ChangeKind.SETTLEMENT_CERTIFICATE

    def is_possible(self, turn: Turn, services: Services, borrower: VerifiedBorrower) -> bool:
        settled = any(loan.state is LoanState.SETTLED for loan in services.records.loans(borrower))
        if not settled:
            turn.say("utter_nothing_settled")
        return settled


class DecreaseLimit(ChangePhone):
    """降低额度。"""

    intent = "decrease_limit"
    kind = None

    def is_possible(self, turn: Turn, services: Services, borrower: VerifiedBorrower) -> bool:
        limit = services.records.credit_limit(borrower)
        if limit is None:
            turn.say("utter_no_credit_limit")
        return limit is not None


class ChangeTerm(ChangePhone):
    """改分期。"""

    intent = "change_term"
    kind = None

    def is_possible(self, turn: Turn, services: Services, borrower: VerifiedBorrower) -> bool:
        loans = running_loans(services, borrower)
        if not loans:
            turn.say("utter_no_loan")
        return bool(loans)


class ReopenAccount(ChangePhone):
    """重新开通。"""

    intent = "reopen_account"
    kind = None
