"""Repositories: what the three demo borrowers hear, and what the figures have to satisfy for everybody."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from actions.lending.clock import FixedClock
from actions.lending.database import Database, open_database
from actions.lending.demo.people import demo_people
from actions.lending.identity import IdentityService
from actions.lending.keys import DataKeys
from actions.lending.methods import RepaymentMethod
from actions.lending.policy import PolicyBook
from actions.lending.repositories import LendingRepository, LoanUnknown
from actions.lending.row_views import surname_of
from actions.lending.verified_borrower import VerifiedBorrower
from actions.lending.views import (
    ApplicationState,
    ApplicationView,
    AutodebitResult,
    InstalmentView,
    LoanState,
    LoanView,
)

Verify = Callable[..., VerifiedBorrower]
TODAY = date(2026, 11, 23)
LI_NA = ("13800000002", "567X")
WANG_QIANG = ("13800000003", "8901")


def test_zhang_wei_has_a_current_equal_instalment_loan(records: LendingRepository, verify: Verify) -> None:
    """Seven of 24 paid, the next in twelve days, the last debit went through."""
    (loan,) = records.loans(verify())
    assert (loan.state, loan.method) == (LoanState.CURRENT, RepaymentMethod.EQUAL_INSTALMENT)
    assert (loan.principal_fen, loan.remaining_instalments, loan.total_instalments) == (12_000_000, 17, 24)
    assert loan.annual_rate == loan.annualised_rate == Decimal("0.1080")
    assert loan.overdue is None
    assert loan.next_instalment is not None
    assert loan.next_instalment.date == date(2026, 12, 5)
    assert loan.next_instalment.amount_fen == 558_180
    assert loan.last_autodebit is not None
    assert (loan.last_autodebit.result, loan.last_autodebit.on) == (
        AutodebitResult.SUCCEEDED,
        date(2026, 11, 5),
    )
    assert loan.last_autodebit.amount_fen == loan.payments[0].amount_fen == 558_180
    assert len(loan.payments) == 7


def test_li_na_has_an_application_in_review_and_no_loan(records: LendingRepository, verify: Verify) -> None:
    """A first-time borrower; nothing decided yet."""
    borrower = verify(*LI_NA)
    (application,) = records.applications(borrower)
    assert application.state is ApplicationState.IN_REVIEW
    assert (application.submitted_on, application.decided_on) == (date(2026, 11, 21), None)
    assert [step.state.value for step in application.history] == ["submitted", "in_review"]
    assert records.loans(borrower) == ()
    assert records.credit_limit(borrower) is None
    assert records.profile(borrower).is_first_time_borrower


def test_wang_qiang_is_nine_days_overdue(records: LendingRepository, verify: Verify) -> None:
    """One instalment of 5297.30 yuan and 9 x 0.05 % of it; the debit failed twice for lack of money."""
    (loan,) = records.loans(verify(*WANG_QIANG))
    assert loan.state is LoanState.OVERDUE
    assert loan.overdue is not None
    assert (loan.overdue.days, loan.overdue.since, loan.overdue.instalments) == (9, date(2026, 11, 14), 1)
    assert (loan.overdue.penalty_fen, loan.overdue.amount_fen) == (2_384, 529_730 + 2_384)
    assert loan.last_autodebit is not None
    assert (loan.last_autodebit.result, loan.last_autodebit.reason) == (
        AutodebitResult.FAILED,
        "卡里余额不足",
    )
    assert loan.next_instalment is not None
    assert loan.next_instalment.date == date(2026, 12, 14)


def test_a_day_later_one_more_day_of_penalty_is_due(
    records: LendingRepository, verify: Verify, clock: FixedClock
) -> None:
    """States and penalties follow the calendar, not the day of writing."""
    clock.advance(days=1)
    (loan,) = records.loans(verify(*WANG_QIANG))
    assert loan.overdue is not None
    assert (loan.overdue.days, loan.overdue.penalty_fen) == (10, 2_649)


def test_what_is_late_on_a_day_to_come_counts_penalties_and_instalments_until_then(
    records: LendingRepository, verify: Verify
) -> None:
    """36 days of the instalment of 14 November, six of the one of 14 December, at 0.05 % a day, each rounded once."""
    borrower = verify(*WANG_QIANG)
    (loan,) = records.loans(borrower)
    late = records.overdue_on(borrower, loan.reference, date(2026, 12, 20))
    assert late is not None
    assert (late.days, late.instalments) == (36, 2)
    assert late.penalty_fen == 9_535 + 1_589
    assert late.amount_fen == 2 * 529_730 + 9_535 + 1_589


def test_who_is_not_late_is_taken_to_pay_until_a_day_to_come(
    records: LendingRepository, verify: Verify
) -> None:
    borrower = verify()
    (loan,) = records.loans(borrower)
    assert records.overdue_on(borrower, loan.reference, date(2027, 1, 20)) is None


def test_a_loan_turns_overdue_the_day_after_its_due_date(
    records: LendingRepository, verify: Verify, clock: FixedClock
) -> None:
    """On 5 December Zhang Wei is current, on the 6th he is a day late, within the grace without penalty."""
    clock.advance(days=12)
    (loan,) = records.loans(verify(conversation="on the day"))
    assert loan.state is LoanState.CURRENT
    assert loan.next_instalment is not None
    assert loan.next_instalment.date == clock.today()
    clock.advance(days=1)
    (loan,) = records.loans(verify(conversation="the day after"))
    assert loan.state is LoanState.OVERDUE
    assert loan.overdue is not None
    assert (loan.overdue.days, loan.overdue.penalty_fen) == (1, 0)
    assert loan.next_instalment is not None
    assert loan.next_instalment.number == 9


@pytest.mark.parametrize("phone_and_id", [("13800000001", "1234"), LI_NA, WANG_QIANG])
def test_a_profile_addresses_without_telling_the_whole_number(
    records: LendingRepository, verify: Verify, phone_and_id: tuple[str, str]
) -> None:
    """张先生, 李女士, 王先生."""
    profile = records.profile(verify(*phone_and_id))
    assert profile.salutation in ("张先生", "李女士", "王先生")
    assert profile.masked_phone == f"138****{phone_and_id[0][-4:]}"


def test_a_limit_is_frozen_while_a_loan_is_overdue(records: LendingRepository, verify: Verify) -> None:
    """Zhang Wei can draw what is not lent out; Wang Qiang nothing, and hears why."""
    zhang, loans = verify(conversation="z"), records.loans(verify(conversation="z"))
    limit = records.credit_limit(zhang)
    assert limit is not None
    assert limit.available_fen == limit.total_fen - loans[0].outstanding_principal_fen > 0
    assert limit.frozen_reason == ""
    frozen = records.credit_limit(verify(*WANG_QIANG, conversation="w"))
    assert frozen is not None
    assert (frozen.available_fen, frozen.frozen_reason) == (0, "有逾期还没还清，额度暂停使用")


def test_closing_zhang_weis_loan_early_costs_what_the_rules_say(
    records: LendingRepository, verify: Verify
) -> None:
    """Seven paid, free after six: a day's notice, outstanding principal plus 19 days of interest, nothing else."""
    borrower = verify()
    (loan,) = records.loans(borrower)
    closing = records.early_repayment(borrower, loan.reference)
    assert closing.on == date(2026, 11, 24)
    assert closing == records.early_repayment(borrower, loan.reference, date(2026, 11, 24))
    days_fen = round(loan.outstanding_principal_fen * Decimal("0.108") * 19 / 360)
    assert (closing.fee_fen, closing.penalty_fen) == (0, 0)
    assert closing.interest_fen == days_fen
    assert closing.total_fen == loan.outstanding_principal_fen + days_fen


def test_paying_a_part_of_zhang_weis_loan_early_leaves_smaller_instalments(
    records: LendingRepository, verify: Verify
) -> None:
    """20 000 yuan with 19 days of their interest; 17 instalments on the same days, all principal in them."""
    borrower = verify()
    (loan,) = records.loans(borrower)
    before = records.instalments(borrower, loan.reference)
    part = records.part_repayment(borrower, loan.reference, 2_000_000)
    assert (part.on, part.fee_fen) == (date(2026, 11, 24), 0)
    assert part.interest_fen == round(2_000_000 * Decimal("0.108") * 19 / 360)
    assert [row.due_on for row in part.schedule] == [row.date for row in before]
    assert sum(row.principal_fen for row in part.schedule) == loan.outstanding_principal_fen - 2_000_000
    assert all(new.amount_fen < old.amount_fen for new, old in zip(part.schedule, before, strict=True))


def test_a_late_payment_keeps_its_own_days_of_penalty_and_what_was_paid_of_it(
    records: LendingRepository, verify: Verify, database: Database
) -> None:
    """3000 of 5297.30 yuan came in on the fourth day with 6 yuan of penalty: 4 days of those, 9 of the rest, less 6."""
    with database.writing() as connection:
        loan_id = connection.execute(text("SELECT id FROM loans WHERE borrower_id = 3")).scalar_one()
        values = {"loan": loan_id}
        connection.execute(
            text(
                "INSERT INTO payments (loan_id, instalment_number, paid_on, principal_fen, interest_fen, penalty_fen, "
                "channel) VALUES (:loan, 5, '2026-11-18', 300000, 0, 600, 'manual')"
            ),
            values,
        )
        connection.execute(
            text("UPDATE instalments SET paid_principal_fen = 300000 WHERE loan_id = :loan AND number = 5"),
            values,
        )
    (loan,) = records.loans(verify(*WANG_QIANG))
    assert loan.overdue is not None
    exact = Decimal("0.0005") * (300_000 * 4 + 229_730 * 9)
    assert loan.overdue.penalty_fen == round(exact) - 600 == 1_034
    closing = records.early_repayment(verify(*WANG_QIANG), loan.reference, date(2026, 11, 23))
    assert closing.penalty_fen == 1_034


def test_nobody_reads_a_strangers_loan_by_its_reference(records: LendingRepository, verify: Verify) -> None:
    """A reference alone is no key."""
    (wangs,) = records.loans(verify(*WANG_QIANG, conversation="w"))
    zhang = verify(conversation="z")
    for read in (records.instalments, records.early_repayment):
        with pytest.raises(LoanUnknown):
            read(zhang, wangs.reference)


def test_the_open_instalments_add_up_to_the_outstanding_principal(
    records: LendingRepository, verify: Verify
) -> None:
    """Seventeen of them, the next first."""
    borrower = verify()
    (loan,) = records.loans(borrower)
    rows = records.instalments(borrower, loan.reference)
    assert len(rows) == loan.remaining_instalments == 17
    assert rows[0] == loan.next_instalment
    assert sum(row.principal_fen for row in rows) == loan.outstanding_principal_fen


def test_what_is_known_fills_an_eligibility_check(records: LendingRepository, verify: Verify) -> None:
    """Wang Qiang's overdue loan is known, so nobody asks him."""
    facts = records.business_facts(verify(*WANG_QIANG))
    assert (facts.business_months, facts.industry, facts.region) == (52, "logistics", "湖北省")
    assert facts.owner_has_overdue_debt is True
    assert facts.wanted_amount_fen is None


@dataclass(frozen=True)
class Seen:
    """All that one person of the demo data hears."""

    loans: tuple[tuple[LoanView, tuple[InstalmentView, ...]], ...]
    """Each with its open instalments."""
    applications: tuple[ApplicationView, ...]


@pytest.fixture(scope="module")
def everybody(
    template: Path, keys: DataKeys, policies: PolicyBook, tmp_path_factory: pytest.TempPathFactory
) -> list[Seen]:
    """Everybody's data, each read through the gate."""
    path = tmp_path_factory.mktemp("everybody") / "lending.db"
    shutil.copy(template, path)
    database, clock = open_database(f"sqlite:///{path}"), FixedClock.on(TODAY)
    identity = IdentityService(database, keys, clock)
    records = LendingRepository(database, keys, policies, clock)
    seen = []
    for person in demo_people():
        conversation = f"c{person.number}"
        identity.open_session(conversation, "chat")
        identity.claim_phone(conversation, person.phone)
        identity.claim_id_last4(conversation, person.id_card[-4:])
        identity.verify(conversation)
        borrower = identity.verified_borrower(conversation)
        assert borrower is not None
        loans = [(loan, records.instalments(borrower, loan.reference)) for loan in records.loans(borrower)]
        seen.append(Seen(tuple(loans), records.applications(borrower)))
    database.close()
    return seen


def test_everybodys_loans_agree_with_their_instalments(everybody: list[Seen]) -> None:
    """For all 200: state, balance, next and overdue follow from the open instalments."""
    for loan, rows in (pair for seen in everybody for pair in seen.loans):
        assert sum(row.principal_fen for row in rows) == loan.outstanding_principal_fen
        assert (loan.state is LoanState.SETTLED) == (not rows) == (loan.settled_on is not None)
        assert (loan.state is LoanState.OVERDUE) == (loan.overdue is not None)
        assert loan.next_instalment is None or loan.next_instalment.date >= TODAY
        assert loan.annualised_rate >= loan.annual_rate - Decimal("0.0001")
        assert loan.disbursed_on < TODAY
        if loan.overdue:
            assert loan.overdue.days == (TODAY - loan.overdue.since).days > 0
            late_fen = sum(row.amount_fen for row in rows if row.date < TODAY)
            assert loan.overdue.amount_fen - loan.overdue.penalty_fen == late_fen


def test_everybodys_applications_have_a_history_that_leads_to_their_state(everybody: list[Seen]) -> None:
    """For all 200: events in order, none in the future, decisions and reasons where the state has them."""
    decided = (ApplicationState.APPROVED, ApplicationState.REJECTED, ApplicationState.DISBURSED)
    for application in (application for seen in everybody for application in seen.applications):
        days = [step.on for step in application.history]
        assert application.history[-1].state is application.state
        assert days == sorted(days)
        assert days[-1] <= TODAY
        assert (application.state is ApplicationState.REJECTED) == bool(application.rejection_reasons)
        assert (application.state in decided) == (application.decided_on is not None)
        awaits_money = application.state is ApplicationState.APPROVED
        assert awaits_money == (application.expected_disbursement_on is not None)


def test_applications_come_latest_first(everybody: list[Seen]) -> None:
    """Some people were rejected once and came back."""
    several = [seen.applications for seen in everybody if len(seen.applications) > 1]
    assert len(several) > 10
    for applications in several:
        days = [application.submitted_on for application in applications]
        assert days == sorted(days, reverse=True)


def test_a_settled_loan_has_nothing_left(everybody: list[Seen]) -> None:
    """Its principal came in whole, of some before the end."""
    settled = [loan for seen in everybody for loan, _ in seen.loans if loan.state is LoanState.SETTLED]
    early = 0
    for loan in settled:
        assert (loan.outstanding_principal_fen, loan.next_instalment, loan.overdue) == (0, None, None)
        assert loan.settled_on is not None
        if loan.total_instalments <= 12:
            assert sum(payment.principal_fen for payment in loan.payments) == loan.principal_fen
        early += loan.settled_on < loan.disbursed_on + timedelta(days=28 * loan.total_instalments)
    assert 0 < early < len(settled)


def test_a_partly_paid_instalment_shows_what_is_left_of_it(
    records: LendingRepository, verify: Verify, database: Database
) -> None:
    """1000 yuan of principal came in by hand: the next instalment and the balance are less by that."""
    (before,) = records.loans(verify(conversation="before"))
    with database.writing() as connection:
        connection.execute(
            text("UPDATE instalments SET paid_principal_fen = 100000 WHERE loan_id = 1 AND number = 8")
        )
    (after,) = records.loans(verify(conversation="after"))
    assert before.next_instalment is not None
    assert after.next_instalment is not None
    assert after.next_instalment.amount_fen == before.next_instalment.amount_fen - 100_000
    assert after.outstanding_principal_fen == before.outstanding_principal_fen - 100_000
    assert after.remaining_instalments == before.remaining_instalments


@pytest.mark.parametrize(
    ("name", "surname"), [("张伟", "张"), ("欧阳娜娜", "欧阳"), ("司马光", "司马"), ("司晨", "司")]
)
def test_surnames_of_two_characters_are_known(name: str, surname: str) -> None:
    """欧阳女士, not 欧女士."""
    assert surname_of(name) == surname


def test_closing_on_a_later_day_takes_what_falls_due_before_for_paid(
    records: LendingRepository, verify: Verify
) -> None:
    """Zhang Wei on 20 December: 5 December is paid (5581.80 yuan), then 15 days at 10.8 %, and no penalty."""
    borrower = verify()
    (loan,) = records.loans(borrower)
    due = records.instalments(borrower, loan.reference)[0]
    closing = records.early_repayment(borrower, loan.reference, date(2026, 12, 20))
    principal_fen = loan.outstanding_principal_fen - due.principal_fen
    assert closing.assumed_paid == 1
    assert closing.principal_fen == principal_fen
    assert closing.interest_fen == round(principal_fen * Decimal("0.108") * 15 / 360)
    assert (closing.penalty_fen, closing.fee_fen) == (0, 0)
    assert closing.total_fen == closing.principal_fen + closing.interest_fen
    part = records.part_repayment(borrower, loan.reference, 2_000_000, date(2026, 12, 20))
    assert (part.assumed_paid, part.principal_left_fen) == (1, principal_fen - 2_000_000)


def test_closing_on_the_due_date_itself_pays_that_instalment_with_it(
    records: LendingRepository, verify: Verify
) -> None:
    borrower = verify()
    (loan,) = records.loans(borrower)
    closing = records.early_repayment(borrower, loan.reference, date(2026, 12, 5))
    assert (closing.assumed_paid, closing.principal_fen) == (0, loan.outstanding_principal_fen)


def test_who_is_late_today_is_not_taken_to_pay_what_falls_due_next(
    records: LendingRepository, verify: Verify
) -> None:
    borrower = verify(*WANG_QIANG)
    (loan,) = records.loans(borrower)
    closing = records.early_repayment(borrower, loan.reference, date(2026, 12, 20))
    assert (closing.assumed_paid, closing.principal_fen) == (0, loan.outstanding_principal_fen)
    assert closing.penalty_fen > 0
