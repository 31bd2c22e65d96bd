"""首贷户 month by month: shares, growth, empty months, unknown cases."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text, update
from sqlalchemy.engine import Connection

from actions.lending import models
from actions.lending.database import Database
from actions.lending.first_time import FirstTimeMonth, first_time_months
from commands import first_time_share

Loans = Callable[[list[tuple[int, str, bool | None]]], tuple[FirstTimeMonth, ...]]


@pytest.fixture
def paid_out(database: Database) -> Loans:
    """Date the first loans of the demo data anew, drop the others, and count."""

    def counted(rows: list[tuple[int, str, bool | None]]) -> tuple[FirstTimeMonth, ...]:
        with database.writing() as connection:
            _keep(connection, rows)
            return first_time_months(connection)

    return counted


def _keep(connection: Connection, rows: list[tuple[int, str, bool | None]]) -> None:
    connection.execute(text(f"DELETE FROM loans WHERE id > {len(rows)}"))  # noqa: S608
    connection.execute(text("DELETE FROM applications WHERE id NOT IN (SELECT application_id FROM loans)"))
    for number, (borrower_id, day, first) in enumerate(rows, start=1):
        loan = models.loans.c.id == number
        connection.execute(
            update(models.loans)
            .where(loan)
            .values(
                borrower_id=borrower_id,
                disbursed_on=date.fromisoformat(day),
                is_first_time_borrower=first,
                principal_fen=1_000_000,
            )
        )
    connection.execute(update(models.applications).values(submitted_on=date(2026, 1, 31)))


def test_shares_and_growth_are_those_counted_by_hand(paid_out: Loans) -> None:
    """January 1 of 2, February 2 of 3 (+100 %), March nobody, April 1 of 1."""
    months = paid_out(
        [
            (1, "2026-01-31", False),
            (2, "2026-01-31", True),
            (3, "2026-02-01", True),
            (4, "2026-02-14", True),
            (1, "2026-02-28", False),
            (5, "2026-04-01", True),
        ]
    )
    assert [month.month for month in months] == ["2026-01", "2026-02", "2026-03", "2026-04"]
    shares = [month.disbursements.share for month in months]
    assert shares == [Decimal("0.5000"), Decimal("0.6667"), None, Decimal("1.0000")]
    assert [month.growth for month in months] == [None, Decimal("1.0000"), Decimal("-1.0000"), None]
    assert [month.disbursements.first_time_amount_fen for month in months] == [
        1_000_000,
        2_000_000,
        0,
        1_000_000,
    ]


def test_a_borrower_with_two_loans_in_a_month_is_one_borrower(paid_out: Loans) -> None:
    (month,) = paid_out([(2, "2026-01-05", True), (2, "2026-01-06", True), (1, "2026-01-07", False)])
    count = month.disbursements
    assert (count.cases, count.borrowers, count.first_time_borrowers) == (3, 2, 1)


def test_an_unrecorded_case_counts_as_a_borrower_but_not_as_a_first_time_one(paid_out: Loans) -> None:
    (month,) = paid_out([(1, "2026-01-05", None), (2, "2026-01-06", True)])
    assert (month.disbursements.unknown, month.disbursements.share) == (1, Decimal("0.5000"))


def test_the_year_ends_in_december(paid_out: Loans) -> None:
    months = paid_out([(1, "2025-12-31", True), (2, "2026-02-01", True)])
    assert [month.month for month in months] == ["2025-12", "2026-01", "2026-02"]


def test_a_database_without_applications_has_no_months(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("DELETE FROM loans"))
        connection.execute(text("DELETE FROM applications"))
        assert first_time_months(connection) == ()


def test_the_demo_data_records_it_at_application_and_at_disbursement(database: Database) -> None:
    """Half of the demo people never borrowed before; every case says which half."""
    with database.reading() as connection:
        months = first_time_months(connection)
    assert sum(month.applications.unknown + month.disbursements.unknown for month in months) == 0
    assert sum(month.disbursements.cases for month in months) == 122
    assert 0 < sum(month.disbursements.first_time_borrowers for month in months) < 122


def test_the_command_ends_in_one_json_line(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert first_time_share.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    months = json.loads(lines[-1])["months"]
    assert len(months) == len(lines) - 1
    assert set(months[-1]) == {"month", "applications", "disbursements", "growth"}
    assert lines[-2].startswith(months[-1]["month"])


def test_the_command_says_when_the_database_was_not_set_up(
    tmp_path: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    assert first_time_share.main([]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "lending_data_unreadable"
