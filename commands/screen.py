"""`make screen`: the policies in force, held against a table of businesses. The last line is one JSON object."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tqdm import tqdm

from actions.lending import clock
from actions.lending.errors import LendingError
from actions.lending.policy import PolicyBook
from actions.lending.products import Product
from actions.lending.screening.screen import Screened, screen
from commands.options import OptionInvalid, OptionParser


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0, or 2 with ``{"error": {"code", "message"}}``."""
    try:
        options = _options(arguments)
        products = PolicyBook.load().in_force(options.on)
        started_at = time.perf_counter()
        screened = _screen(options, products)
        elapsed_s = time.perf_counter() - started_at
    except (OptionInvalid, LendingError) as error:
        print(json.dumps({"error": {"code": error.code, "message": str(error)}}, ensure_ascii=False))
        return 2
    figures = {
        "rows": screened.rows,
        "decisions": screened.by_decision,
        "product_versions": len(products),
        "on": options.on.isoformat(),
        "rows_per_s": round(screened.rows / elapsed_s),
    }
    print(json.dumps(figures, ensure_ascii=False))
    return 0


def _screen(options: argparse.Namespace, products: Sequence[Product]) -> Screened:
    with tqdm(total=100, unit="%", desc="筛查", bar_format="{desc} {bar} {n:.0f}% {elapsed}") as bar:
        return screen(
            options.source, options.out, products, lambda percent: _show(bar, percent), options.threads
        )


def _show(bar: "tqdm[None]", percent: float) -> None:
    bar.n = percent
    bar.refresh()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = OptionParser(prog="screen", description=__doc__)
    parser.add_argument(
        "--source", required=True, help="a Parquet file with inputs of docs/screening.md as columns"
    )
    parser.add_argument("--out", required=True, help="the Parquet file to write")
    parser.add_argument("--on", default="", help="the day whose policies hold, YYYY-MM-DD; default today")
    parser.add_argument("--threads", default="0", help="default: every core")
    options = parser.parse_args(arguments)
    options.source, options.out = Path(options.source), Path(options.out)
    try:
        options.on = date.fromisoformat(options.on) if options.on else clock.today()
        options.threads = int(options.threads) or None
    except ValueError as error:
        raise OptionInvalid("option_invalid", f"ON is a day YYYY-MM-DD, THREADS a number: {error}") from error
    if (options.threads or 1) < 1:
        raise OptionInvalid("option_invalid", "THREADS is at least 1.")
    return options


if __name__ == "__main__":
    sys.exit(main())
