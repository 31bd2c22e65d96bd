"""`rasa data validate`, with its warnings taken for errors, except those that are explained here."""

import re
import subprocess
import sys

from install.paths import ROOT

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SAID_BY_ACTIONS = re.compile(r"The utterance '\w+' is not used in any story or rule")
"""Our sentences are said by actions; tests/architecture/test_responses.py finds those that nobody says."""


def complaints(output: str) -> list[str]:
    """The validator's warnings that mean something here."""
    lines = (COLOUR.sub("", line) for line in output.splitlines())
    warnings = [line.partition("UserWarning: ")[2] for line in lines if "UserWarning: " in line]
    return [warning for warning in warnings if not SAID_BY_ACTIONS.search(warning)]


def main() -> int:
    """Return 0 when the training data and the domain are sound."""
    command = [sys.executable, "-m", "rasa", "data", "validate", "--max-history", "5"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    output = result.stdout + result.stderr
    found = complaints(output)
    if result.returncode != 0:
        print(output[-6000:])
    for complaint in found:
        print(complaint)
    return 1 if result.returncode or found else 0


if __name__ == "__main__":
    sys.exit(main())
