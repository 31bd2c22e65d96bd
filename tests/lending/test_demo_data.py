"""Demo data: who is in it, that it is always the same, and that it can be written again any day."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from actions.lending import models
from actions.lending.clock import FixedClock
from actions.lending.database import Database
from actions.lending.demo.figures import demo_figures
from actions.lending.demo.id_cards import check_character
from actions.lending.demo.loan_course import disbursement
from actions.lending.demo.people import demo_people
from actions.lending.demo.plans import LoanPlan, plans
from actions.lending.demo.seed import RealCustomersPresent, demo_rows, write_demo_data
from actions.lending.identity import IdentityService
from actions.lending.keys import DataKeys, Place
from actions.lending.policy import PolicyBook
from actions.lending.repositories import LendingRepository
from actions.lending.schedule import due_dates
from actions.lending.service_desk import ServiceDesk
from actions.lending.verified_borrower import VerifiedBorrower
from actions.lending.views import LoanState, VerificationOutcome

Verify = Callable[..., VerifiedBorrower]
TODAY = date(2026, 11, 23)


def product_ids(policies: PolicyBook) -> dict[str, int]:
    """Any numbers do."""
    return {product.code: number for number, product in enumerate(policies.all_versions(), start=1)}


@pytest.fixture(scope="module")
def rows(policies: PolicyBook, keys: DataKeys) -> dict[str, list[dict[str, Any]]]:
    """All demo rows of the tests' day."""
    return demo_rows(policies, keys, TODAY, product_ids(policies))


def test_there_are_200_businesses_in_ten_industries_and_half_are_first_time_borrowers() -> None:
    """With distinct numbers and ID cards, whose checksums are right (GB 11643)."""
    people = demo_people()
    assert len(people) == 200
    assert min(Counter(person.industry for person in people).values()) >= 15
    assert len({person.industry for person in people}) == 10
    assert sum(person.is_first_time_borrower for person in people) == 100
    assert len({person.phone for person in people}) == len({person.id_card for person in people}) == 200
    assert all(check_character(person.id_card[:17]) == person.id_card[17] for person in people)


def test_the_checksum_of_the_standards_own_example_is_x() -> None:
    """GB 11643-1999, annex: 11010519491231002X."""
    assert check_character("11010519491231002") == "X"


def test_the_demo_borrowers_are_those_of_the_design() -> None:
    """Never change them: tests, README and people rely on them."""
    named = [(p.name, p.phone, p.id_card[-4:], p.is_first_time_borrower) for p in demo_people()[:3]]
    assert named == [
        ("张伟", "13800000001", "1234", False),
        ("李娜", "13800000002", "567X", True),
        ("王强", "13800000003", "8901", False),
    ]


def test_every_state_method_and_result_occurs(
    rows: dict[str, list[dict[str, Any]]], policies: PolicyBook
) -> None:
    """There is something to ask about for every kind of question."""

    def values(table: str, column: str) -> set[object]:
        return {row[column] for row in rows[table]}

    assert values("applications", "state") == {
        "submitted", "in_review", "approved", "rejected", "cancelled", "disbursed",
    }  # fmt: skip
    assert values("loans", "method") == {"equal_instalment", "equal_principal", "interest_first"}
    assert values("autodebits", "result") == {"succeeded", "failed", "pending"}
    assert values("payments", "channel") == {"autodebit", "manual"}
    assert len(values("rejection_reasons", "code")) >= 6
    courses = [a.loan for plan in plans(demo_people(), policies) for a in plan.applications if a.loan]
    assert sum(course.overdue_days is not None for course in courses) == 21
    assert sum(course.settled_days_ago is not None for course in courses) == 30
    assert sum(course.next_due_in_days is not None for course in courses) == 71


def test_the_same_day_gives_the_same_rows(
    rows: dict[str, list[dict[str, Any]]], policies: PolicyBook, keys: DataKeys
) -> None:
    """Only the sealed bytes differ: their nonces are random, what they hold is not."""
    again = demo_rows(policies, keys, TODAY, product_ids(policies))
    assert again.keys() == rows.keys()
    for table, table_rows in rows.items():
        for row, row_again in zip(table_rows, again[table], strict=True):
            for column, value in row.items():
                if column.endswith("_sealed"):
                    place = Place(table, column, str(row["id"]))
                    assert keys.unseal(value, place) == keys.unseal(row_again[column], place)
                else:
                    assert value == row_again[column], (table, column)


def test_written_again_on_a_later_day_the_stories_hold_and_what_staff_and_callers_left_stays(
    database: Database, keys: DataKeys, policies: PolicyBook, clock: FixedClock, identity: IdentityService,
    desk: ServiceDesk, records: LendingRepository, verify: Verify,
) -> None:  # fmt: skip
    """Leads, handoffs, sessions, wrong tries and locks survive; the demo loans are re-dated."""
    lead = desk.record_callback("c", "login")
    wang = verify("13800000003", "8901", "running")
    identity.open_session("locked", "phone", "13900000009")
    identity.claim_phone("locked", "13800000001")
    for _ in range(3):
        identity.claim_id_last4("locked", "0000")
        identity.verify("locked")
    clock.advance(minutes=10)
    later = FixedClock.on(TODAY + timedelta(days=40))
    write_demo_data(database, keys, policies, later)
    assert desk.find(lead).topic == "login"
    assert identity.verify("locked").outcome is VerificationOutcome.LOCKED
    (loan,) = records.loans(wang)
    assert loan.overdue is None, "a running conversation goes on; its old day lies before the new due date"
    verified_later = IdentityService(database, keys, later)
    verified_later.open_session("later", "chat")
    verified_later.claim_phone("later", "13800000003")
    verified_later.claim_id_last4("later", "8901")
    verified_later.verify("later")
    borrower = verified_later.verified_borrower("later")
    assert borrower is not None
    (loan,) = LendingRepository(database, keys, policies, later).loans(borrower)
    assert loan.overdue is not None
    assert loan.overdue.days == 9


def test_writing_again_leaves_no_duplicates(
    database: Database, keys: DataKeys, policies: PolicyBook, clock: FixedClock
) -> None:
    """The same number of rows in every table."""

    def counts() -> dict[str, int]:
        with database.reading() as connection:
            return {
                table.name: connection.execute(text(f"SELECT count(*) FROM {table.name}")).scalar_one()  # noqa: S608
                for table in models.metadata.sorted_tables
            }

    before = counts()
    write_demo_data(database, keys, policies, clock)
    assert counts() == before
    assert before["businesses"] == 200


def test_demo_data_is_never_mixed_with_real_customers(
    database: Database, keys: DataKeys, policies: PolicyBook, clock: FixedClock
) -> None:
    """One borrower without the demo mark, and nothing is written."""
    with database.writing() as connection:
        connection.execute(text("UPDATE borrowers SET is_demo = 0 WHERE id = 200"))
    with pytest.raises(RealCustomersPresent):
        write_demo_data(database, keys, policies, clock)


@given(today=st.dates(date(2024, 6, 1), date(2032, 12, 31)), paid=st.integers(0, 23), days=st.integers(0, 80))
@settings(max_examples=150, deadline=None)
def test_on_any_day_a_plan_lands_exactly_where_it_says(today: date, paid: int, days: int) -> None:
    """Month ends and leap days included: the overdue one is late by that many days, the current one due then."""
    for plan, expected in (
        (LoanPlan(paid, overdue_days=days), today - timedelta(days=days)),
        (LoanPlan(paid, next_due_in_days=days % 28), today + timedelta(days=days % 28)),
    ):
        disbursed_on, repayment_day = disbursement(plan, 24, today)
        assert due_dates(disbursed_on, 24, repayment_day)[paid] == expected
        assert disbursed_on < today


def test_the_printed_figures_are_those_that_a_caller_hears(
    policies: PolicyBook, clock: FixedClock, records: LendingRepository, verify: Verify
) -> None:
    """Name, number, ID end; the next instalment of Zhang Wei, the penalty of Wang Qiang."""
    zhang, li, wang = demo_figures(policies, clock)
    (loan,) = records.loans(verify())
    assert loan.state is LoanState.CURRENT
    assert (zhang.name, zhang.phone, zhang.id_ending) == ("张伟", "13800000001", "1234")
    assert "下一期12月5日还5581.80元" in zhang.line()
    assert "审核中" in li.line()
    assert "逾期9天，应还5321.14元（含罚息23.84元）" in wang.line()
