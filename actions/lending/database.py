"""Database: one engine a process, short transactions, SQLite in WAL mode or PostgreSQL."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool, StaticPool

from actions.lending.errors import LendingError

DEFAULT_URL = "sqlite:///var/shoudai.db"
BUSY_TIMEOUT_MS = 5_000
POOL_SIZE = 8
POOL_OVERFLOW = 8
"""Connections beyond POOL_SIZE; when all are busy a caller waits POOL_WAIT_S, then gets an error."""
POOL_WAIT_S = 10
_WRITES = "shoudai_writes"
_DURABLE = "shoudai_durable"
_READABLE_JSON = partial(json.dumps, ensure_ascii=False)
"""Chinese in JSON columns stays Chinese, so that it can be searched with LIKE."""


class DatabaseAddressInvalid(LendingError):
    """DATABASE_URL names no database that can be used. The message never repeats its password."""

    code = "database_address_invalid"


class Database:
    """Gives connections for one short transaction each; committed at the end, rolled back on any error."""

    def __init__(self, engine: Engine) -> None:
        """Wrap an engine made by ``open_database``."""
        self.engine = engine
        self._write_engine = engine.execution_options(**{_WRITES: True})
        self._durable_engine = engine.execution_options(**{_WRITES: True, _DURABLE: True})

    @property
    def is_sqlite(self) -> bool:
        """Whether the data lies in a SQLite file."""
        return bool(self.engine.dialect.name == "sqlite")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that sees one consistent state of the data."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, durable: bool = False) -> Iterator[Connection]:
        """Open a transaction that may write. In SQLite it takes the write lock at once, so that a read that
        precedes the write cannot go stale and a second writer waits instead of failing.

        What a ``durable`` transaction wrote outlives a power cut; SQLite's others may lose their last ones.
        """
        engine = self._durable_engine if durable else self._write_engine
        with engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open an ORM session in one writing transaction."""
        with Session(self._write_engine, future=True) as session, session.begin():
            yield session

    def serialise(self, connection: Connection, name: str) -> None:
        """Make other transactions with the same ``name`` wait until this one is over.

        SQLite has one writer at a time anyway; PostgreSQL gets an advisory lock.
        """
        if not self.is_sqlite:
            key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def open_database(url: str | None = None) -> Database:
    """Make the engine; connects only on first use. ``None`` means DATABASE_URL or var/shoudai.db.

    Raises DatabaseAddressInvalid.
    """
    wanted = url or os.environ.get("DATABASE_URL") or DEFAULT_URL
    try:
        address = make_url(wanted)
        name = address.get_backend_name()
        if name not in ("sqlite", "postgresql"):
            raise DatabaseAddressInvalid(f"不支持 {name} 数据库，请用 sqlite 或 postgresql")
        if name == "sqlite":
            return Database(_sqlite_engine(address))
        return Database(
            create_engine(
                address,
                future=True,
                json_serializer=_READABLE_JSON,
                pool_size=POOL_SIZE,
                max_overflow=POOL_OVERFLOW,
                pool_timeout=POOL_WAIT_S,
                pool_pre_ping=True,
            )
        )
    except (ArgumentError, NoSuchModuleError, ImportError):
        raise DatabaseAddressInvalid(
            "DATABASE_URL 写得不对，例如 sqlite:///var/shoudai.db 或 postgresql://用户:密码@主机/库名"
        ) from None


def _sqlite_engine(address: Any) -> Engine:
    arguments: dict[str, Any] = {"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000}
    in_memory = address.database in (None, "", ":memory:")
    if in_memory:
        engine = create_engine(
            address,
            future=True,
            json_serializer=_READABLE_JSON,
            connect_args=arguments,
            poolclass=StaticPool,
        )
    else:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            address,
            future=True,
            json_serializer=_READABLE_JSON,
            connect_args=arguments,
            poolclass=QueuePool,
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            pool_timeout=POOL_WAIT_S,
        )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL lets readers go on while another process writes; SQLite forgets foreign keys with every connection."""
    connection.isolation_level = None  # pysqlite must not begin transactions by itself: _begin_sqlite does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    options = connection.get_execution_options()
    # A pooled connection keeps the setting of whoever had it before; it cannot be changed within a transaction.
    connection.exec_driver_sql(f"PRAGMA synchronous = {'FULL' if options.get(_DURABLE) else 'NORMAL'}")
    writes = options.get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
