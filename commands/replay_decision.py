"""`make replay-decision REFERENCE=…`: computes a decision that a customer was told again, from its record alone.

The last line is one JSON object; exit status 0 when the result is the same bit by bit, 1 when it is not.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.exc import SQLAlchemyError

from actions.lending.database import open_database
from actions.lending.decision_archive import DecisionArchive
from actions.lending.decision_replay import Replay
from actions.lending.errors import LendingError
from commands.options import OptionInvalid, OptionParser

_BAD_INPUT = 2


class DecisionsUnreadable(LendingError):
    """The database cannot be read, or was not set up."""

    code = "decisions_unreadable"


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 (the same), 1 (not the same, unknown, or unreadable) or 2 (bad options)."""
    try:
        outcome = _replay(_options(arguments).reference)
    except OptionInvalid as error:
        return _fail(error.code, str(error), _BAD_INPUT)
    except LendingError as error:
        return _fail(error.code, str(error), 1)
    print("重新计算，结果一样" if outcome.same else outcome.fault, file=sys.stderr)
    print(json.dumps(asdict(outcome) | {"result": json.loads(outcome.result)}, ensure_ascii=False))
    return 0 if outcome.same else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = OptionParser(prog="make replay-decision", description=__doc__)
    parser.add_argument("reference", help="reference of the stored decision")
    return parser.parse_args(arguments)


def _replay(reference: str) -> Replay:
    database = open_database(os.environ.get("DATABASE_URL"))
    try:
        return DecisionArchive(database).replay(reference)
    except SQLAlchemyError as error:
        # Not the error's own words: they may repeat the address, password included.
        raise DecisionsUnreadable(f"决定记录读不出来（{type(error).__name__}）") from error
    finally:
        database.close()


def _fail(code: str, message: str, status: int) -> int:
    print(message, file=sys.stderr)
    print(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    return status


if __name__ == "__main__":
    sys.exit(main())
