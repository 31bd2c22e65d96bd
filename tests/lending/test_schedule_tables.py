"""Whole schedules against tables that were computed apart from the code, and against numpy-financial.

The tables under schedules/ were worked out with exact fractions row by row, as one does it on paper: interest is
what is left times the rate, rounded half up; principal is payment less interest; the last row takes what is left.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy_financial as npf
import pytest

from actions.lending.annualised_rate import annualised_rate, effective_rate, monthly_irr
from actions.lending.methods import RepaymentMethod
from actions.lending.schedule import DAYS_PER_MONTH, Instalment, first_period_days, instalments

TABLES = sorted((Path(__file__).parent / "schedules").glob("*.tsv"))


@dataclass(frozen=True)
class Table:
    """A loan and its rows: number, due date, principal, interest, both, left (fen)."""

    loan: dict[str, str]
    rows: tuple[tuple[int, date, int, int, int, int], ...]

    @property
    def principal_fen(self) -> int:
        return int(self.loan["principal_fen"])

    @property
    def annual_rate(self) -> Decimal:
        return Decimal(self.loan["annual_rate"])

    @property
    def disbursed_on(self) -> date:
        return date.fromisoformat(self.loan["disbursed_on"])

    @property
    def odd_days(self) -> int:
        return int(self.loan["odd_days"])

    def computed(self) -> tuple[Instalment, ...]:
        """What the code under test makes of the loan. A month-end loan keeps its day, an odd one its first date."""
        first = self.rows[0][1]
        return instalments(
            self.principal_fen,
            len(self.rows),
            self.annual_rate,
            RepaymentMethod(self.loan["method"]),
            self.disbursed_on,
            first_due_on=first if self.odd_days else None,
        )


def read(path: Path) -> Table:
    head, _names, *lines = path.read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines]
    return Table(
        dict(pair.split("=") for pair in head.removeprefix("# ").split()),
        tuple(
            (int(n), date.fromisoformat(day), int(principal), int(interest), int(amount), int(left))
            for n, day, principal, interest, amount, left in cells
        ),
    )


ANNUITIES = [path for path in TABLES if read(path).loan["method"] == "equal_instalment"]
"""What numpy-financial's ppmt and ipmt know."""
WHOLE_MONTHS = [path for path in TABLES if not read(path).odd_days]
"""numpy-financial's periods are all alike."""


def test_there_are_three_loans_of_each_method_one_with_an_odd_first_period() -> None:
    for method in RepaymentMethod:
        tables = [table for table in map(read, TABLES) if table.loan["method"] == method.value]
        assert len(tables) >= 3
        assert any(table.odd_days for table in tables)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_the_schedule_is_the_table_to_the_fen(path: Path) -> None:
    table, left_fen, rows = read(path), read(path).principal_fen, []
    for row in table.computed():
        left_fen -= row.principal_fen
        rows.append((row.number, row.due_on, row.principal_fen, row.interest_fen, row.amount_fen, left_fen))
    assert tuple(rows) == table.rows


@pytest.mark.parametrize("path", ANNUITIES, ids=lambda path: path.stem)
def test_principal_and_interest_are_those_of_numpy_financial_but_for_rounding(path: Path) -> None:
    """Each row is rounded to the fen and carries the roundings before it: at most a fen a row."""
    table = read(path)
    rate, term = float(table.annual_rate) / 12, len(table.rows)
    for row in table.computed():
        principal = -npf.ppmt(rate, row.number, term, table.principal_fen)
        assert row.principal_fen == pytest.approx(principal, abs=term)
        if row.number > 1 or not table.odd_days:
            interest = -npf.ipmt(rate, row.number, term, table.principal_fen)
            assert row.interest_fen == pytest.approx(interest, abs=1)
        if row.number == 2:
            assert row.amount_fen == pytest.approx(-npf.pmt(rate, term, table.principal_fen), abs=1)


@pytest.mark.parametrize("path", WHOLE_MONTHS, ids=lambda path: path.stem)
def test_a_loan_of_whole_months_has_numpy_financials_rate_of_return(path: Path) -> None:
    table = read(path)
    payments_fen = [row.amount_fen for row in table.computed()]
    expected = npf.irr([-table.principal_fen, *payments_fen])
    rate = float(monthly_irr(table.principal_fen, payments_fen))
    assert rate == pytest.approx(expected, abs=1e-12)
    assert npf.npv(rate, [-table.principal_fen, *payments_fen]) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_without_fees_the_annualised_rate_is_the_nominal_one_odd_days_or_not(path: Path) -> None:
    table = read(path)
    rows = table.computed()
    first = Decimal(first_period_days(table.disbursed_on, rows[0].due_on)) / DAYS_PER_MONTH
    payments_fen = [row.amount_fen for row in rows]
    assert annualised_rate(table.principal_fen, payments_fen, first) == table.annual_rate


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_on_real_dates_the_compound_rate_makes_the_loan_worth_what_was_received(path: Path) -> None:
    """In floats, by the definition of XIRR; four decimals of the rate leave a share of a ten-thousandth."""
    table = read(path)
    rows = [(row.due_on, row.amount_fen) for row in table.computed()]
    rate = float(effective_rate(table.principal_fen, rows, table.disbursed_on))
    worth = sum(fen / (1 + rate) ** ((day - table.disbursed_on).days / 365) for day, fen in rows)
    assert worth == pytest.approx(table.principal_fen, rel=1e-4)
