"""`make first-time-share`: applications, disbursements and the share and growth of 首贷户, month by month.

The last line is one JSON object with every month; amounts are integer fen.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from actions.lending.database import open_database
from actions.lending.errors import LendingError
from actions.lending.first_time import FirstTimeCount, FirstTimeMonth, first_time_months
from actions.lending.money import written_percent
from commands.options import OptionInvalid, OptionParser

_BAD_INPUT = 2


class LendingDataUnreadable(LendingError):
    """The database cannot be read, or was not set up."""

    code = "lending_data_unreadable"


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0, 1 (the database cannot be read) or 2 (bad options)."""
    try:
        _options(arguments)
        months = _read()
    except OptionInvalid as error:
        return _fail(error.code, str(error), _BAD_INPUT)
    except LendingError as error:
        return _fail(error.code, str(error), 1)
    for month in months:
        print(_line(month))
    print(json.dumps({"months": [_content(month) for month in months]}, ensure_ascii=False))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    return OptionParser(prog="make first-time-share", description=__doc__).parse_args(arguments)


def _read() -> tuple[FirstTimeMonth, ...]:
    database = open_database(os.environ.get("DATABASE_URL"))
    try:
        with database.reading() as connection:
            return first_time_months(connection)
    except SQLAlchemyError as error:
        # Not the error's own words: they may repeat the address, password included.
        raise LendingDataUnreadable(
            f"数据库读不出来，请先运行 make run 或 python -m install.database（{type(error).__name__}）"
        ) from error
    finally:
        database.close()


def _line(month: FirstTimeMonth) -> str:
    paid = month.disbursements
    share = "-" if paid.share is None else written_percent(paid.share)
    growth = "-" if month.growth is None else written_percent(month.growth)
    return (
        f"{month.month}  申请 {month.applications.cases} 笔  放款 {paid.cases} 笔 {paid.borrowers} 户  "
        f"首贷户 {paid.first_time_borrowers} 户  占 {share}  比上月 {growth}"
    )


def _content(month: FirstTimeMonth) -> dict[str, Any]:
    return {
        "month": month.month,
        "applications": _count(month.applications),
        "disbursements": _count(month.disbursements),
        "growth": None if month.growth is None else str(month.growth),
    }


def _count(count: FirstTimeCount) -> dict[str, Any]:
    return asdict(count) | {"share": None if count.share is None else str(count.share)}


def _fail(code: str, message: str, status: int) -> int:
    print(message, file=sys.stderr)
    print(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    return status


if __name__ == "__main__":
    sys.exit(main())
