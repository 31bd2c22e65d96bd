"""`make verify-log`: proves the log of disclosed figures, or names the first row that is not as it was written.

The last line is one JSON object; exit status 0 when everything holds, 1 when something does not.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from actions.lending.database import open_database
from actions.lending.disclosure_anchors import DisclosureAnchors
from actions.lending.disclosure_log import anchors_folder
from actions.lending.disclosure_proof import Proof, prove
from actions.lending.errors import LendingError
from actions.lending.keys import load_keys
from commands.options import OptionInvalid, OptionParser

_BAD_INPUT = 2


class DisclosureLogUnreadable(LendingError):
    """The database or the anchors cannot be read."""

    code = "disclosure_log_unreadable"


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 (proven), 1 (a fault was found, or the log cannot be read) or 2 (bad options)."""
    try:
        options = _options(arguments)
        proof = _prove(options.anchors or anchors_folder())
    except OptionInvalid as error:
        return _fail(error.code, str(error), _BAD_INPUT)
    except LendingError as error:
        return _fail(error.code, str(error), 1)
    print(proof.fault.message if proof.fault else _summary(proof), file=sys.stderr)
    print(json.dumps({"proven": proof.fault is None} | asdict(proof), ensure_ascii=False))
    return 0 if proof.fault is None else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = OptionParser(prog="make verify-log", description=__doc__)
    parser.add_argument(
        "--anchors", type=Path, help="folder of the anchors, for example a copy from elsewhere"
    )
    return parser.parse_args(arguments)


def _prove(anchors: Path) -> Proof:
    database = open_database(os.environ.get("DATABASE_URL"))
    try:
        with tqdm(unit="row", desc="告知记录", file=sys.stderr) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            return prove(database, load_keys(), DisclosureAnchors(anchors), progress)
    except (SQLAlchemyError, OSError) as error:
        # Not the error's own words: they may repeat the address, password included.
        raise DisclosureLogUnreadable(f"告知记录读不出来（{type(error).__name__}）") from error
    finally:
        database.close()


def _summary(proof: Proof) -> str:
    beyond = max(0, proof.removed + proof.rows - proof.anchored_rows)
    removed = f"之前的 {proof.removed} 条到期已删除；" if proof.removed else ""
    proven = f"{removed}{proof.rows} 条告知记录都没有被动过"
    return f"{proven}；库外有 {proof.anchors} 处印证，末尾 {beyond} 条没有库外印证。"


def _fail(code: str, message: str, status: int) -> int:
    print(message, file=sys.stderr)
    print(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    return status


if __name__ == "__main__":
    sys.exit(main())
