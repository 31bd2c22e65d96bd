"""How long one decision takes as it is told to a customer: decided, explained and put on record."""

import time
from pathlib import Path

import duckdb

from actions.lending.database import open_database
from actions.lending.decision_inputs import BusinessFacts
from actions.lending.decision_records import DecisionRecords
from actions.lending.policy import PolicyBook
from actions.lending.screening.columns import SCREENED
from actions.lending.screening.invented import write_businesses
from commands.percentiles import percentile
from install.database import prepare_database

DECISIONS = 2_000


def measure_decisions(folder: Path) -> dict[str, float]:
    """Decide on invented businesses, one after the other, on a database of its own; milliseconds."""
    url = f"sqlite:///{folder / 'decisions.db'}"
    prepare_database(url)
    policies = PolicyBook.load()
    records = DecisionRecords(open_database(url), policies)
    times_ms = []
    for number, facts in enumerate(_businesses(folder / "businesses.parquet", policies)):
        asked_at = time.perf_counter()
        records.tell(f"bench-{number}", facts)
        times_ms.append((time.perf_counter() - asked_at) * 1000)
    return {
        "decision_p50_ms": round(percentile(times_ms, 0.5), 2),
        "decision_p99_ms": round(percentile(times_ms, 0.99), 2),
    }


def _businesses(path: Path, policies: PolicyBook) -> list[BusinessFacts]:
    write_businesses(path, DECISIONS, tuple(one.code for one in policies.house.industries))
    with duckdb.connect() as connection:
        rows = connection.read_parquet(str(path)).select(*SCREENED).fetchall()
    return [BusinessFacts(**dict(zip(SCREENED, row, strict=True))) for row in rows]
