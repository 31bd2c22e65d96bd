"""Early repayment: whether, what it costs; with the customer's own sum, whole or in part, once he is verified."""

import re
from datetime import date, timedelta

from actions.correction import correction
from actions.customer_task import CustomerTask
from actions.details import details_of
from actions.early_repayment_price import say_closing, say_early_rule, say_part
from actions.follow_up import LOAN
from actions.lending.money import written_yuan
from actions.lending.part_repayment import InstalmentsDueFirst, PartTooLarge
from actions.lending.products import EarlyRepaymentRule
from actions.lending.verified_borrower import VerifiedBorrower
from actions.lending.views import LoanView
from actions.own_data import own_borrower, running_loans, say_no_loan
from actions.repayment import say_overdue
from actions.services import Services
from actions.turn import Turn

_PART = re.compile(r"部分|一些|一点|先还|多还")
_WHOLE = re.compile(r"全部|全都|全还|结清|还清|一次|都还")
_WANTS_IT = re.compile(
    r"我(?:(?:想|要)(?!问|知道|了解|咨询|请教)|打算|准备|今天|现在|这笔|那笔)|帮我|给我|(?:要|得|需要|一共|总共|应该?)(?:还|给|交)?多少钱?$"
)
_ASKS_RULE = re.compile(r"违约金|手续费|收费|费用|能不能|可不可以|能.{0,8}吗|可以.{0,8}吗|怎么收|怎么算")


class EarlyRepayment(CustomerTask):
    """能提前还吗，怎么收费；我要提前还，一共多少。"""

    intent = "ask_early_repayment"

    def answer(self, turn: Turn, services: Services) -> None:
        borrower = services.identity.verified_borrower(turn.sender)
        if borrower is None and self._is_about_his_own(turn):
            self._note(turn, services)
            borrower = own_borrower(turn, services, self.intent)
            if borrower is None:
                return
        loans = running_loans(services, borrower) if borrower is not None else []
        if borrower is None or not loans:
            if borrower is not None and turn.task == self.intent:
                say_no_loan(turn, services, borrower)
            else:
                say_early_rule(turn, services)
            return
        self._note(turn, services)
        self._quote(turn, services, borrower, loans[0])

    def take(self, turn: Turn, services: Services) -> bool:
        """The answer to whole or part, and how much; another amount behind a quote (不对，是三万)."""
        borrower = services.identity.verified_borrower(turn.sender)
        loans = running_loans(services, borrower) if borrower is not None else []
        if borrower is None or not loans or not self._note(turn, services):
            return False
        turn.remember(misses=0)
        self._quote(turn, services, borrower, loans[0])
        return True

    def _is_about_his_own(self, turn: Turn) -> bool:
        if turn.question is not None or _ASKS_RULE.search(turn.text):
            return False
        return bool(_WANTS_IT.search(turn.text)) or turn.context.get("intent") in LOAN

    def _note(self, turn: Turn, services: Services) -> bool:
        """Remember whole or part, amount and day as far as this message tells them; whether it told any."""
        known = turn.answers
        amount_fen = details_of(turn, services.policies).get("amount_fen")
        told = known.copy()
        if amount_fen:
            told |= {"how": "part", "part_fen": amount_fen}
        elif _PART.search(turn.text):
            told |= {"how": "part"}
        elif _WHOLE.search(turn.text):
            told |= {"how": "whole"}
            told.pop("part_fen", None)
        elif (
            turn.question == "early_how"
            and correction(turn.text) is None
            and turn.bare_text in {"全部", "全"}
        ):
            told |= {"how": "whole"}
        if self._is_open(turn):
            told |= {"vague": True}
        day = turn.value("date")
        if day is not None and date.fromisoformat(str(day)) >= services.clock.today():
            told["on"] = str(day)
        turn.remember(answers=told or None)
        return told != known

    def _quote(self, turn: Turn, services: Services, borrower: VerifiedBorrower, loan: LoanView) -> None:
        rule = services.policies.version(loan.product_code, loan.policy_version).early_repayment
        known = turn.answers
        if not rule.allowed:
            self._settle(turn)
            turn.say("utter_early_repayment_not_allowed")
        elif known.get("how") == "part" and loan.overdue:
            self._settle(turn)
            say_overdue(turn, loan)
        elif known.get("how") == "part" and not rule.partial_allowed:
            self._settle(turn)
            turn.say("utter_early_repayment_no_part")
        elif known.get("how") == "part" and known.get("part_fen", 0) < rule.partial_min_fen:
            turn.remember(answers={name: known[name] for name in known if name != "part_fen"})
            turn.remember(task=self.intent)
            turn.say("utter_early_repayment_part", least=written_yuan(rule.partial_min_fen))
            turn.ask("early_amount")
        elif known.get("how") == "part":
            self._say_part(turn, services, borrower, loan, self._on(turn, services, rule))
        elif "how" not in known and known.get("vague") and rule.partial_allowed:
            turn.remember(task=self.intent)
            turn.ask("early_how")
        else:
            self._say_whole(turn, services, borrower, loan, self._on(turn, services, rule))

    def _is_open(self, turn: Turn) -> bool:
        """Whether he wants to pay early and did not say whether all of it (我想提前还款)."""
        return turn.question is None and bool(
            re.search(r"我(?:想|要|打算|准备)(?!问|知道|了解|咨询)", turn.text)
        )

    def _settle(self, turn: Turn) -> None:
        """The quote is told; another amount may follow."""
        known = turn.answers
        turn.settle()
        turn.remember(context={"intent": self.intent, "answers": known})

    def _on(self, turn: Turn, services: Services, rule: EarlyRepaymentRule) -> date | None:
        """The day that was named, unless the product wants to know earlier; None: the first that it allows."""
        named = turn.answers.get("on")
        first = services.clock.today() + timedelta(days=rule.notice_days)
        return date.fromisoformat(named) if named and date.fromisoformat(named) >= first else None

    def _say_whole(
        self, turn: Turn, services: Services, borrower: VerifiedBorrower, loan: LoanView, on: date | None
    ) -> None:
        closing = services.records.early_repayment(borrower, loan.reference, on)
        self._settle(turn)
        say_closing(turn, services, loan, closing)

    def _say_part(
        self, turn: Turn, services: Services, borrower: VerifiedBorrower, loan: LoanView, on: date | None
    ) -> None:
        try:
            part = services.records.part_repayment(borrower, loan.reference, turn.answers["part_fen"], on)
        except InstalmentsDueFirst:
            self._settle(turn)
            turn.say("utter_early_repayment_due_first")
            return
        except PartTooLarge:
            self._say_whole(turn, services, borrower, loan, on)
            return
        self._settle(turn)
        say_part(turn, services, loan, part)
