"""How long the inbox takes over a million turns: every kind of search, with its snippets; then the dashboards."""

import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from actions.lending.conversation_borrowers import ConversationBorrowers
from actions.lending.database import Database, open_database
from actions.lending.keys import load_keys
from bot.console.dashboards.changes import note_changes
from bot.console.inbox_filter import InboxFilter
from bot.console.inbox_index import entry_of, number_at, number_of, stored
from bot.console.inbox_search import InboxSearch
from commands.bench_dashboards import measure_dashboards
from commands.invented_conversations import (
    TURN_COLUMNS,
    InventedConversation,
    invented_conversations,
    turn_values,
)
from commands.percentiles import percentile
from install.database import prepare_database

TURNS = 1_000_000
BATCH = 2_000
ROUNDS = 5

RARE = {
    "since": "2026-01-01",
    "channel": "phone",
    "outcome": "abandoned",
    "verified": "yes",
    "confidence": "50",
    "latency": "4",
    "hearing": "50",
    "mood": "angry",
    "score": "none",
    "rating": "1",
}
"""All filters at once: hardly a conversation fits, and every one that fits the words has to be looked at."""

ASKED: tuple[dict[str, str], ...] = (
    {},
    {"q": "还款"},
    {"q": "贷款"},
    {"q": "利率"},
    {"q": "提前还款 违约金"},
    {"q": "还"},
    {"q": "我想知道还款日"},
    {"q": "违约金", "scope": "customer"},
    {"q": "人工", "outcome": "handed_off"},
    {"q": "贷款", "channel": "phone", "disclosed": "yes"},
    {"q": "还款", "confidence": "50"},
    {"q": "贷款", "latency": "4"},
    {"q": "还", "latency": "4", "confidence": "50", "verified": "yes"},
    {"q": "逾期", "intent": "ask_overdue", "outcome": "abandoned"},
    {"outcome": "abandoned"},
    {"outcome": "handed_off", "verified": "yes", "channel": "phone"},
    {"intent": "ask_interest"},
    {"confidence": "50", "latency": "4"},
    {"q": "3250"},
    {"q": "发票 征信 抵押"},
    {"q": "量子力学"},
    {"borrower": "0001"},
    {"q": "“没有违约金”"},
    {"q": "“提前还款”", "scope": "customer"},
    {"q": "“还款的贷款利率”"},
    {"q": "“我要” “人工”", "outcome": "handed_off"},
    {"q": "“3250元”"},
    {"q": "“还款，利率；贷款”"},
    {"mood": "angry"},
    {"mood": "pressing", "q": "还款", "score": "none"},
    {"tag": "没用过的标签"},
    {"rating": "any"},
    {"rating": "any", "q": "违约金", "outcome": "abandoned", "mood": "pressing"},
    RARE,
    RARE | {"q": "贷款"},
)
"""Frequent words and rare ones, several, parts of words, both sides and one, phrases that occur and that do not,
every kind of filter, many at once, nothing to find."""


def measure_search(folder: Path, turns: int = TURNS) -> dict[str, float]:
    """Fill a database of its own and search it; milliseconds. No figures with no turns."""
    if not turns:
        return {}
    url = f"sqlite:///{folder / 'search.db'}"
    prepare_database(url, demo_data=False)
    database = open_database(url)
    try:
        fill(database, turns)
        times_ms = sorted(search_times_ms(database))
        dashboards = measure_dashboards(database)
    finally:
        database.close()
    return {
        "search_turns": turns,
        "search_1m_turns_p50_ms": round(percentile(times_ms, 0.5), 1),
        "search_1m_turns_p95_ms": round(percentile(times_ms, 0.95), 1),
        "search_1m_turns_slowest_ms": round(times_ms[-1], 1),
    } | dashboards


def search_times_ms(database: Database) -> Iterator[float]:
    """Every search, first page and one from the middle of the year, five times over."""
    search = InboxSearch(database, ConversationBorrowers(database, load_keys()))
    for _ in range(ROUNDS):
        for asked in ASKED:
            wanted = InboxFilter.from_query(asked)
            for before in (None, number_at(1_780_000_000_000)):
                started = time.perf_counter()
                search.page(wanted, before)
                yield (time.perf_counter() - started) * 1000


def fill(database: Database, turns: int) -> None:
    """Write invented conversations with their index, many at once."""
    invented = invented_conversations(turns)
    done = 0
    while batch := list(islice(invented, BATCH)):
        _write(database, batch)
        done += sum(len(one.turns) for one in batch)
        if sys.stderr.isatty():
            print(f"\r{done} / {turns}", end="", file=sys.stderr, flush=True)


def _write(database: Database, batch: list[InventedConversation]) -> None:
    entries = [entry_of(one, one.turns, one.disclosed) for one in batch]
    numbers = [number_of(one.started_at_ms, one.id) for one in batch]
    with database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO conversations (id, channel, started_at_ms, last_at_ms, ended_at_ms, ended_by, outcome,"
            " verified, turn_count, first_words, rating) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    one.id,
                    one.channel,
                    one.started_at_ms,
                    one.ended_at_ms,
                    one.ended_at_ms,
                    one.ended_by,
                    one.outcome,
                    one.verified,
                    len(one.turns),
                    one.turns[0].customer_text[:60],
                    one.rating,
                )
                for one in batch
            ],
        )
        places = ", ".join("?" * len(TURN_COLUMNS.split(",")))
        connection.exec_driver_sql(
            f"INSERT INTO turns ({TURN_COLUMNS}) VALUES ({places})",  # noqa: S608
            [turn_values(turn) for one in batch for turn in one.turns],
        )
        connection.exec_driver_sql(
            "INSERT INTO conversation_index (number, conversation_id, outcome, intents, borrower, lowest_confidence,"
            " slowest_ms, mood, indexed_at_ms) VALUES (?, ?, ?, ?, '', ?, ?, ?, ?)",
            [
                (
                    number,
                    entry.conversation_id,
                    entry.values["outcome"],
                    entry.values["intents"],
                    entry.values["lowest_confidence"],
                    entry.values["slowest_ms"],
                    entry.values["mood"],
                    entry.values["indexed_at_ms"],
                )
                for number, entry in zip(numbers, entries, strict=True)
            ],
        )
        connection.exec_driver_sql(
            "INSERT INTO conversation_words (number, words) VALUES (?, ?)",
            [(number, stored(entry.words, True)) for number, entry in zip(numbers, entries, strict=True)],
        )
        note_changes(connection, [one.started_at_ms for one in batch])
        connection.exec_driver_sql("DELETE FROM conversations_to_index")
