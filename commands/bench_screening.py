"""How fast a table of ten million invented businesses is screened on one core, and in how much memory."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from actions.lending.policy import PolicyBook
from actions.lending.screening.invented import write_businesses
from install.paths import ROOT

ROWS = 10_000_000
_KILOBYTES_PER_MB = 1024


def measure_screening(rows: int = ROWS) -> dict[str, Any]:
    """Screen in a process of its own, so that its memory is its own: rows/s, CPU seconds and peak MB."""
    with tempfile.TemporaryDirectory(prefix="shoudai-screen-") as folder:
        source, target = Path(folder) / "businesses.parquet", Path(folder) / "decisions.parquet"
        write_businesses(source, rows, tuple(one.code for one in PolicyBook.load().house.industries))
        module = [sys.executable, "-m", "commands.screen"]
        command = [*module, "--source", str(source), "--out", str(target), "--threads", "1"]
        with subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as child:
            assert child.stdout is not None, "its output was asked for"
            lines = child.stdout.read().splitlines()
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0 or not lines:
        raise RuntimeError(f"screening ended with status {child.returncode}; nothing is measured")
    figures = json.loads(lines[-1])
    return {
        "screening_rows": figures["rows"],
        "screening_product_versions": figures["product_versions"],
        "screening_rows_per_s": figures["rows_per_s"],
        "screening_cpu_s": round(used.ru_utime + used.ru_stime, 1),
        "screening_peak_mb": round(used.ru_maxrss / _KILOBYTES_PER_MB),
    }
