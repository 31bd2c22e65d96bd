"""`make test-calls`: every scenario of tests/calls by telephone, in real time, and the report page."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from commands.options import OptionInvalid, OptionParser
from commands.simulated_calls.page import write_page
from install.errors import SetupError
from install.models import ensure_models
from install.paths import ROOT, var_dir
from install.training import ensure_model

_TESTS = Path("tests") / "calls" / "every_call_over_sip.py"
_BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Hold the calls and print the JSON line; 1 when one of them did not go as written."""
    try:
        options = _parse(arguments)
        ensure_models(for_tests=True)
        ensure_model()
    except OptionInvalid as error:
        return _fail(error.code, str(error), _BAD_INPUT)
    except SetupError as error:
        return _fail(error.code, error.message, 1)
    folder = var_dir() / "simulated-calls" / "sip"
    for old in folder.glob("*.*"):
        old.unlink()
    chosen = ("-k", options.only) if options.only else ()
    command = (sys.executable, "-m", "pytest", "-v", "--tb=short", str(_TESTS), *chosen)
    status = subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False).returncode
    page = write_page(folder)
    print(json.dumps(_result(folder, page), ensure_ascii=False))
    return 1 if status else 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = OptionParser(prog="make test-calls", description=__doc__)
    parser.add_argument("--only", default="", help="scenarios whose name contains this (ONLY=…)")
    return parser.parse_args(arguments)


def _result(folder: Path, page: Path | None) -> dict[str, object]:
    """What came of the calls, and where the page lies."""
    calls = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return {
        "calls": len(calls),
        "failed": [call["name"] for call in calls if call["problems"]],
        "page": os.path.relpath(page, ROOT) if page else None,
    }


def _fail(code: str, message: str, status: int) -> int:
    print(message, file=sys.stderr)
    print(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    return status


if __name__ == "__main__":
    sys.exit(main())
