"""Screen: decide on every business of a Parquet file, in bounded memory."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import duckdb

from actions.lending.products import Product
from actions.lending.screening.columns import check_columns
from actions.lending.screening.errors import (
    NothingInForce,
    ResultUnwritable,
    TableMissing,
    TableUnreadable,
)
from actions.lending.screening.query import screening_query
from actions.lending.screening.sql_text import quoted

MEMORY_LIMIT = "1GB"
"""DuckDB stops with an error rather than take more; the whole process was seen at 150 to 300 MB."""
_ASK_EVERY_S = 0.2


@dataclass(frozen=True)
class Screened:
    """What came out."""

    rows: int
    by_decision: dict[str, int]


def screen(
    source: Path,
    target: Path,
    products: Sequence[Product],
    progress: Callable[[float], None] = lambda percent: None,
    threads: int | None = None,
) -> Screened:
    """Write the decision on every row of ``source`` to ``target``, in the order of the rows.

    ``products``: every version in force (PolicyBook.in_force). ``progress`` is told 0..100 a few times a second.
    ``target`` appears whole or not at all. Raises TableMissing, TableUnreadable, ColumnsUnfit, NothingInForce,
    ResultUnwritable.
    """
    if not products:
        raise NothingInForce("这一天没有在售的产品，无法筛查")
    if not source.is_file():
        raise TableMissing(f"没有文件 {source.name}")
    part = target.with_name(f".{target.name}.{uuid4().hex}")
    with duckdb.connect() as connection:
        connection.execute(
            f"SET memory_limit = '{MEMORY_LIMIT}'; SET threads = {threads or os.cpu_count() or 1}"
        )
        connection.execute("SET preserve_insertion_order = true; SET enable_progress_bar = false")
        table = f"read_parquet({quoted(str(source))})"
        types = _types(connection, table, source)
        check_columns(types)
        query = screening_query(table, types, products)
        try:
            _run(connection, f"COPY ({query}) TO {quoted(str(part))} (FORMAT parquet)", progress)
            part.replace(target)
            return _counted(connection, target)
        except (duckdb.IOException, OSError) as error:
            raise ResultUnwritable(f"无法写入 {target.name}：{error}") from error
        except duckdb.InvalidInputException as error:
            raise TableUnreadable(f"文件 {source.name} 读到一半出错：{error}") from error
        finally:
            part.unlink(missing_ok=True)


def _types(connection: duckdb.DuckDBPyConnection, table: str, source: Path) -> dict[str, str]:
    try:
        rows = connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
    except duckdb.Error as error:
        raise TableUnreadable(f"文件 {source.name} 不是可读的 Parquet 文件：{error}") from error
    return {str(row[0]): str(row[1]) for row in rows}


def _run(connection: duckdb.DuckDBPyConnection, statement: str, progress: Callable[[float], None]) -> None:
    """DuckDB lets other Python threads run while it works, so that it can be asked how far it is."""
    done = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        running: Future[duckdb.DuckDBPyConnection] = pool.submit(connection.execute, statement)
        running.add_done_callback(lambda _: done.set())
        try:
            while not done.wait(_ASK_EVERY_S):
                progress(max(0.0, connection.query_progress()))
        except BaseException:  # Ctrl-C must not wait for the last of ten million rows
            connection.interrupt()
            raise
        running.result()
    progress(100.0)


def _counted(connection: duckdb.DuckDBPyConnection, target: Path) -> Screened:
    counts = f"SELECT decision, count(*) FROM read_parquet({quoted(str(target))}) GROUP BY decision ORDER BY decision"
    by_decision = {str(name): int(count) for name, count in connection.execute(counts).fetchall()}
    return Screened(sum(by_decision.values()), by_decision)
