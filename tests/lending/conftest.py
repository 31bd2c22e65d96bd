"""Fixtures of the lending tests: a fixed day, a seeded database of that day, and the services over it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from actions.lending.clock import FixedClock
from actions.lending.database import Database, open_database
from actions.lending.demo.seed import write_demo_data
from actions.lending.identity import IdentityService
from actions.lending.keys import DataKeys
from actions.lending.policy import PolicyBook
from actions.lending.repositories import LendingRepository
from actions.lending.service_desk import ServiceDesk
from actions.lending.verified_borrower import VerifiedBorrower
from install.database import migrate

TODAY = date(2026, 11, 23)

Verify = Callable[..., VerifiedBorrower]


@pytest.fixture(scope="session")
def keys() -> DataKeys:
    """A key of the tests' own."""
    return DataKeys(bytes(range(32)))


@pytest.fixture(scope="session")
def policies() -> PolicyBook:
    """The policies that are shipped, as of the tests' day."""
    return PolicyBook.load(Path("data/policies"), on=TODAY)


@pytest.fixture
def clock() -> FixedClock:
    """Ten o'clock on the tests' day."""
    return FixedClock.on(TODAY)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, keys: DataKeys, policies: PolicyBook) -> Path:
    """A migrated and seeded file; nobody writes to it."""
    path = tmp_path_factory.mktemp("lending") / "template.db"
    database = open_database(f"sqlite:///{path}")
    migrate(database)
    write_demo_data(database, keys, policies, FixedClock.on(TODAY))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.close()
    return path


@pytest.fixture
def url(template: Path, tmp_path: Path) -> str:
    """The address of a test's own copy of the seeded database."""
    shutil.copy(template, tmp_path / "lending.db")
    return f"sqlite:///{tmp_path / 'lending.db'}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A test's own seeded database."""
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def identity(database: Database, keys: DataKeys, clock: FixedClock) -> IdentityService:
    """The identity service over the test's database."""
    return IdentityService(database, keys, clock)


@pytest.fixture
def records(database: Database, keys: DataKeys, policies: PolicyBook, clock: FixedClock) -> LendingRepository:
    """The repository over the test's database."""
    return LendingRepository(database, keys, policies, clock)


@pytest.fixture
def desk(database: Database, keys: DataKeys, clock: FixedClock) -> ServiceDesk:
    """The service desk over the test's database."""
    return ServiceDesk(database, keys, clock)


@pytest.fixture
def verify(identity: IdentityService) -> Verify:
    """Verify a demo borrower in a conversation of his own and return the proof."""

    def verified(
        phone: str = "13800000001", last4: str = "1234", conversation: str = "call-1"
    ) -> VerifiedBorrower:
        identity.open_session(conversation, "chat")
        identity.claim_phone(conversation, phone)
        identity.claim_id_last4(conversation, last4)
        identity.verify(conversation)
        borrower = identity.verified_borrower(conversation)
        assert borrower is not None, "phone and ID end belong together"
        return borrower

    return verified
