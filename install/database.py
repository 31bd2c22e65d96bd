"""Database set-up: create, migrate to the newest tables, write the demo data of today. `python -m install.database`."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from actions.lending.catalogue import sync_catalogue
from actions.lending.clock import SYSTEM_CLOCK, Clock
from actions.lending.database import Database, open_database
from actions.lending.demo.figures import DemoFigures, demo_figures
from actions.lending.demo.seed import write_demo_data
from actions.lending.errors import LendingError
from actions.lending.identity import IdentityService
from actions.lending.keys import DataKeys, load_keys
from actions.lending.models import borrowers, identity_sessions, marks, service_requests
from actions.lending.policy import PolicyBook
from install.errors import SetupError

ROOT = Path(__file__).resolve().parent.parent
KEY_CHECK = "data_key_check"
SESSIONS_KEPT = timedelta(days=30)
"""How long the identity rows of conversations are kept."""


class DatabaseUnusable(LendingError):
    """The database cannot be reached or migrated."""

    code = "database_unusable"


class DataKeyChanged(LendingError):
    """The database was written with another SHOUDAI_DATA_KEY."""

    code = "data_key_changed"


def prepare_database(
    url: str | None = None, demo_data: bool | None = None, clock: Clock = SYSTEM_CLOCK
) -> tuple[DemoFigures, ...]:
    """Create and migrate the database; write the demo data unless real keys are configured.

    ``demo_data`` True or False decides it; None means: only in demo mode. Returns the demo borrowers' figures,
    empty without demo data. May be run again at any time. Raises SetupError.
    """
    try:
        return _prepare(open_database(url), load_keys(), demo_data, clock)
    except LendingError as error:
        raise SetupError(error.code, str(error)) from error


def _prepare(
    database: Database, keys: DataKeys, demo_data: bool | None, clock: Clock
) -> tuple[DemoFigures, ...]:
    try:
        migrate(database)
        wanted = keys.demo if demo_data is None else demo_data
        check_key(database, keys, may_change=wanted)
        IdentityService(database, keys, clock).forget_sessions(clock.now() - SESSIONS_KEPT)
        policies = PolicyBook.load(ROOT / "data" / "policies")
        if not wanted:
            with database.writing() as connection:
                sync_catalogue(connection, policies)
            return ()
        write_demo_data(database, keys, policies, clock)
        return demo_figures(policies, clock)
    except SQLAlchemyError as error:
        # Not the error's own words: they repeat the address, password included.
        raise DatabaseUnusable(f"数据库不能用（{type(error).__name__}），请检查 DATABASE_URL") from error
    finally:
        database.close()


def migrate(database: Database) -> None:
    """Bring the tables to the newest migration."""
    config = Config(str(ROOT / "alembic.ini"))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def check_key(database: Database, keys: DataKeys, may_change: bool) -> None:
    """Note which key the data is sealed with; refuse another one, unless all borrowers are demo data anyway.

    Raises DataKeyChanged.
    """
    check = keys.lookup_hash(KEY_CHECK, KEY_CHECK)
    with database.writing() as connection:
        noted = connection.execute(select(marks.c.value).where(marks.c.name == KEY_CHECK)).scalar()
        if noted is None:
            connection.execute(insert(marks).values(name=KEY_CHECK, value=check))
        elif noted != check:
            real = select(borrowers.c.id).where(borrowers.c.is_demo.is_(False)).limit(1)
            if not may_change or connection.execute(real).first() is not None:
                raise DataKeyChanged("这个数据库是用另一个 SHOUDAI_DATA_KEY 写的，用现在的密钥读不出客户资料")
            # What the old key sealed can never be read again; the requests themselves stay.
            connection.execute(delete(identity_sessions))
            connection.execute(update(service_requests).values(contact_phone_sealed=None))
            connection.execute(update(marks).where(marks.c.name == KEY_CHECK).values(value=check))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the set-up step from the command line."""
    parser = argparse.ArgumentParser(description="Create, migrate and seed the database of DATABASE_URL.")
    parser.add_argument(
        "--demo-data", action=argparse.BooleanOptionalAction, help="write demo data (default: in demo mode)"
    )
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    try:
        figures = prepare_database(os.environ.get("DATABASE_URL"), chosen.demo_data)
    except SetupError as error:
        print(f"{error.code}: {error.message}", file=sys.stderr)
        return 1
    print("数据库已就绪" + ("，演示客户：" if figures else ""))
    for borrower in figures:
        print(borrower.line())
    return 0


if __name__ == "__main__":
    sys.exit(main())
