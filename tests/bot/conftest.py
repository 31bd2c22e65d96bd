"""Fixtures of the web application's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.lending.database import Database
from tests.bot.web import Web, fresh_database, running_web


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """The application with a fake dialogue and a fake call."""
    with running_web(tmp_path) as running:
        yield running


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[Database]:
    """A database with all tables and no rows."""
    database = fresh_database(tmp_path)
    yield database
    database.close()
