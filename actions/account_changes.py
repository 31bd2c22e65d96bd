"""Account changes: closing, opening again, the limit, the card, certificates and cancelled applications."""

import re

from actions.details import details_of
from actions.lending.money import written_yuan
from actions.lending.service_requests import ChangeKind
from actions.lending.verified_borrower import VerifiedBorrower
from actions.lending.views import ApplicationState, LoanState
from actions.own_data import running_loans
from actions.service_change import ServiceChange, WishedChange
from actions.services import Services
from actions.turn import Turn
from actions.written import written_digits

_BANK = re.compile(
    r"(?P<short>工行|农行|中行|建行|邮政|邮储|招行|交行)|(?P<name>[一-龥]{2,4}?银行|[一-龥]{0,4}信用社|[一-龥]{0,4}农商行)"
)
_FULL_NAMES = {
    "工行": "工商银行",
    "农行": "农业银行",
    "中行": "中国银行",
    "建行": "建设银行",
    "邮政": "邮储银行",
    "邮储": "邮储银行",
    "招行": "招商银行",
    "交行": "交通银行",
}
_TAIL = re.compile(r"\d{4}")
_NOT_A_NAME = re.compile(r"^(?:.*(?:换成|换到|改成|还款|新的|是|用|绑|张|的|办))")


class ChangeBankCard(WishedChange):
    """换还款卡。 The bank is enough for staff to begin; a card's whole number is never asked for here."""

    intent = "change_bank_card"
    kind = ChangeKind.BANK_CARD
    question = "new_bank"

    def is_possible(self, turn: Turn, services: Services, borrower: VerifiedBorrower) -> bool:
        return True

    def suggestions(self, services: Services) -> tuple[str, ...]:
        return services.policies.house.supported_banks[:4]

    def read_wish(self, turn: Turn, services: Services) -> str | None:
        supported = services.policies.house.supported_banks
        bank = next((name for name in supported if name in turn.text), None) or _named_bank(turn.text)
        tail = turn.value("card_tail")
        if bank is None and (known := self.wish(turn, services)):
            # 不对，是7777: another card of the bank that was named.
            tail = tail or turn.value("digits")
            bank = (
                next((name for name in supported if name in known), None)
                if _TAIL.fullmatch(str(tail))
                else None
            )
        if bank is None:
            return None
        if bank not in supported:
            turn.say("utter_bank_not_supported", banks="、".join(supported))
            return None
        return f"把还款卡换成{bank}的卡" + (f"，尾号{written_digits(str(tail))}" if tail else "")


def _named_bank(text: str) -> str | None:
    match = _BANK.search(text)
    if match is None:
        return None
    return _FULL_NAMES.get(match["short"] or "") or _NOT_A_NAME.sub("", match["name"] or "") or None


class CancelApplication(ServiceChange):
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


class CloseAccount(ServiceChange):
    """注销。"""

    intent = "close_account"
    kind = ChangeKind.CLOSE_ACCOUNT

    def is_possible(self, turn: Turn, services: Services, borrower: VerifiedBorrower) -> bool:
        loans = running_loans(services, borrower)
        if loans:
            turn.say("utter_close_account_loan", loans=len(loans))
        return not loans


class ReopenAccount(ServiceChange):
    """重新开通。"""

    intent = "reopen_account"
    kind = ChangeKind.REOPEN_ACCOUNT

    def is_possible(self, turn: Turn, services: Services, borrower: VerifiedBorrower) -> bool:
        return True


class SettlementCertificate(ServiceChange):
    """开结清证明。"""

    intent = "request_settlement_certificate"
    kind = ChangeKind.SETTLEMENT_CERTIFICATE

    def is_possible(self, turn: Turn, services: Services, borrower: VerifiedBorrower) -> bool:
        settled = any(loan.state is LoanState.SETTLED for loan in services.records.loans(borrower))
        if not settled:
            turn.say("utter_nothing_settled")
        return settled


class DecreaseLimit(WishedChange):
    """降低额度。"""

    intent = "decrease_limit"
    kind = ChangeKind.DECREASE_LIMIT
    question = "new_limit"

    def is_possible(self, turn: Turn, services: Services, borrower: VerifiedBorrower) -> bool:
        limit = services.records.credit_limit(borrower)
        if limit is None:
            turn.say("utter_no_credit_limit")
        return limit is not None

    def read_wish(self, turn: Turn, services: Services) -> str | None:
        amount_fen = details_of(turn, services.policies).get("amount_fen")
        if amount_fen is None:
            return None
        borrower = services.identity.verified_borrower(turn.sender)
        limit = services.records.credit_limit(borrower) if borrower is not None else None
        if limit is not None and amount_fen >= limit.total_fen:
            turn.say("utter_new_limit_too_high", total=written_yuan(limit.total_fen))
            return None
        return f"把额度降到{written_yuan(amount_fen)}"
