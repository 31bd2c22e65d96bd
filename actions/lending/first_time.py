"""FirstTimeMonth: how many borrowers of a month were 首贷户, as the supervision metric asks."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import case, distinct, extract, func, select
from sqlalchemy.engine import Connection

from actions.lending.models import applications, loans

_PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class FirstTimeCount:
    """Of the applications, or of the disbursements, of one month."""

    cases: int
    """Applications, or loans paid out."""
    borrowers: int
    """Different borrowers among them."""
    first_time_borrowers: int
    """Different borrowers whose business had no bank loan before."""
    unknown: int
    """Cases of which it was not recorded; they count as borrowers, not as first-time borrowers."""
    amount_fen: int
    """Applied for, or paid out."""
    first_time_amount_fen: int

    @property
    def share(self) -> Decimal | None:
        """First-time borrowers among the borrowers, four places; None without borrowers."""
        return _ratio(self.first_time_borrowers, self.borrowers)


@dataclass(frozen=True)
class FirstTimeMonth:
    """One calendar month."""

    month: str
    """``2026-11``."""
    applications: FirstTimeCount
    disbursements: FirstTimeCount
    growth: Decimal | None
    """First-time borrowers who got money, against the month before: 0.25 = a quarter more. None: there were none."""


NOTHING = FirstTimeCount(0, 0, 0, 0, 0, 0)


def first_time_months(connection: Connection) -> tuple[FirstTimeMonth, ...]:
    """Return every month from the first application to the last disbursement, months without any included."""
    applied = _counts(connection, applications, applications.c.submitted_on, applications.c.amount_fen)
    paid = _counts(connection, loans, loans.c.disbursed_on, loans.c.principal_fen)
    months = sorted({*applied, *paid})
    if not months:
        return ()
    found: list[FirstTimeMonth] = []
    for index in range(months[0], months[-1] + 1):
        before = found[-1].disbursements.first_time_borrowers if found else 0
        now = paid[index].first_time_borrowers
        growth = _ratio(now - before, before)
        found.append(
            FirstTimeMonth(f"{index // 12}-{index % 12 + 1:02d}", applied[index], paid[index], growth)
        )
    return tuple(found)


def _counts(
    connection: Connection, table: Any, day: Any, amount_fen: Any
) -> defaultdict[int, FirstTimeCount]:
    """Count by month (year * 12 + month - 1). ``extract`` and ``case`` read the same in SQLite and PostgreSQL."""
    first = table.c.is_first_time_borrower
    year, month = extract("year", day), extract("month", day)
    query = select(
        year.label("year"),
        month.label("month"),
        func.count().label("cases"),
        func.count(distinct(table.c.borrower_id)).label("borrowers"),
        func.count(distinct(case((first.is_(True), table.c.borrower_id)))).label("first_time"),
        func.count(case((first.is_(None), 1))).label("unknown"),
        func.sum(amount_fen).label("amount_fen"),
        func.sum(case((first.is_(True), amount_fen), else_=0)).label("first_time_amount_fen"),
    ).group_by(year, month)
    return defaultdict(
        lambda: NOTHING,
        {
            int(row.year) * 12 + int(row.month) - 1: FirstTimeCount(
                row.cases,
                row.borrowers,
                row.first_time,
                row.unknown,
                int(row.amount_fen),
                int(row.first_time_amount_fen),
            )
            for row in connection.execute(query)
        },
    )


def _ratio(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(_PLACES, rounding=ROUND_HALF_UP) if whole else None
