"""LendingRecords: what the clerk has to know about a verified borrower, whichever core system it comes from."""

from datetime import date
from typing import Protocol

from actions.lending.decision_inputs import BusinessFacts
from actions.lending.early_repayment import EarlyRepaymentQuote
from actions.lending.part_repayment import PartRepaymentQuote
from actions.lending.verified_borrower import VerifiedBorrower
from actions.lending.views import (
    ApplicationView,
    CreditLimitView,
    InstalmentView,
    LoanView,
    OverdueView,
    Profile,
)


class LendingRecords(Protocol):
    """LendingRepository reads it from this project's tables, or from views that stand in their place.

    Every method demands the proof of identity and raises VerificationForged or VerificationEnded without a valid
    one; money is fen, days are the lender's calendar days. docs/integrate-your-core.md shows how to map a core.
    """

    def profile(self, borrower: VerifiedBorrower) -> Profile:
        """Return how to address the borrower."""

    def applications(self, borrower: VerifiedBorrower) -> tuple[ApplicationView, ...]:
        """Return the borrower's applications, latest first."""

    def loans(self, borrower: VerifiedBorrower) -> tuple[LoanView, ...]:
        """Return the borrower's loans: overdue ones first, then current, then settled, newest first in each."""

    def credit_limit(self, borrower: VerifiedBorrower) -> CreditLimitView | None:
        """Return the borrower's limit, or None when none was granted."""

    def instalments(self, borrower: VerifiedBorrower, loan_reference: str) -> tuple[InstalmentView, ...]:
        """Return the instalments that are not fully paid, the next first. Raises LoanUnknown."""

    def overdue_on(self, borrower: VerifiedBorrower, loan_reference: str, on: date) -> OverdueView | None:
        """Return what will be late of a loan on a day if nothing is paid until then. Raises LoanUnknown."""

    def early_repayment(
        self, borrower: VerifiedBorrower, loan_reference: str, on: date | None = None
    ) -> EarlyRepaymentQuote:
        """Return what closes the loan on a day. Raises LoanUnknown and early_repayment's errors."""

    def part_repayment(
        self, borrower: VerifiedBorrower, loan_reference: str, part_fen: int, on: date | None = None
    ) -> PartRepaymentQuote:
        """Return what paying some principal back costs on a day. Raises LoanUnknown and part_repayment's errors."""

    def business_facts(self, borrower: VerifiedBorrower) -> BusinessFacts:
        """Return what is known for a decision."""
