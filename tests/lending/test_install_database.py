"""`python -m install.database`: creates, migrates, seeds; again and again."""

import base64
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from actions.lending import models
from actions.lending.clock import FixedClock
from actions.lending.database import open_database
from actions.lending.identity import IdentityService
from actions.lending.keys import KEY_VARIABLE, load_keys
from actions.lending.service_desk import ServiceDesk
from install.database import ROOT, main, migrate, prepare_database
from install.errors import SetupError

SECRET = base64.b64encode(bytes(range(32))).decode()
OTHER_SECRET = base64.b64encode(bytes(32)).decode()


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a file that does not exist yet; demo mode."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    return f"sqlite:///{tmp_path / 'new.db'}"


def test_in_demo_mode_an_empty_place_becomes_a_database_with_the_demo_borrowers(
    url: str, clock: FixedClock
) -> None:
    """Twice the same."""
    first = prepare_database(url, clock=clock)
    assert [figures.name for figures in first] == ["张伟", "李娜", "王强"]
    assert prepare_database(url, clock=clock) == first


def test_with_a_real_key_no_demo_data_is_written_unless_asked_for(
    url: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A production database starts without borrowers."""
    monkeypatch.setenv(KEY_VARIABLE, SECRET)
    assert prepare_database(url, clock=clock) == ()
    with open_database(url).reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM borrowers")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM products")).scalar_one() >= 4
    assert len(prepare_database(url, demo_data=True, clock=clock)) == 3


def test_another_key_on_the_same_data_is_refused(
    url: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anybody reads garbage; demo data alone may be written anew with it."""
    monkeypatch.setenv(KEY_VARIABLE, SECRET)
    prepare_database(url, demo_data=True, clock=clock)
    monkeypatch.setenv(KEY_VARIABLE, OTHER_SECRET)
    with pytest.raises(SetupError) as refusal:
        prepare_database(url, clock=clock)
    assert refusal.value.code == "data_key_changed"
    assert len(prepare_database(url, demo_data=True, clock=clock)) == 3
    assert prepare_database(url, clock=clock) == ()


def test_with_another_key_the_requests_of_demo_customers_stay_without_their_numbers(
    url: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the old key sealed is gone for good, so staff sees no number instead of an error."""
    prepare_database(url, clock=clock)
    database, keys = open_database(url), load_keys()
    IdentityService(database, keys, clock).open_session("c", "phone", "13900000009")
    reference = ServiceDesk(database, keys, clock).record_handoff("c", "r", "想问逾期")
    monkeypatch.setenv(KEY_VARIABLE, SECRET)
    prepare_database(url, demo_data=True, clock=clock)
    desk = ServiceDesk(database, load_keys(), clock)
    assert (desk.find(reference).summary, desk.contact_phone(reference)) == ("想问逾期", None)
    assert not IdentityService(database, load_keys(), clock).state("c").has_line_phone
    database.close()


def test_a_key_is_never_changed_under_real_customers(
    url: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even when demo data is asked for."""
    prepare_database(url, clock=clock)
    with open_database(url).writing() as connection:
        connection.execute(text("UPDATE borrowers SET is_demo = 0 WHERE id = 200"))
    monkeypatch.setenv(KEY_VARIABLE, SECRET)
    with pytest.raises(SetupError) as refusal:
        prepare_database(url, demo_data=True, clock=clock)
    assert refusal.value.code == "data_key_changed"


def test_a_database_that_cannot_be_reached_is_named_without_its_password() -> None:
    """No traceback, no password."""
    with pytest.raises(SetupError) as refusal:
        prepare_database("postgresql://bot:geheim@127.0.0.1:1/none")
    assert refusal.value.code == "database_unusable"
    assert "geheim" not in refusal.value.message


def test_the_command_says_what_went_wrong_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the error stream, with the code."""
    monkeypatch.setenv("DATABASE_URL", "mysql://x/y")
    assert main([]) == 1
    assert "database_address_invalid" in capsys.readouterr().err


def test_the_command_prints_the_demo_borrowers(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With number and ID end."""
    monkeypatch.setenv("DATABASE_URL", url)
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert "张伟  13800000001  身份证后四位 1234" in printed
    assert "逾期9天" in printed


def test_the_migrations_build_exactly_the_models(url: str) -> None:
    """A column added to the models without a migration is found here."""
    database = open_database(url)
    migrate(database)
    ours = set(models.metadata.tables)

    def include(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return kind != "table" or name in ours

    with database.reading() as connection:
        options = {"compare_type": True, "include_object": include}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, models.metadata) == []
    database.close()


def test_the_first_migration_can_be_undone(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Down to nothing and up again."""
    monkeypatch.setenv("DATABASE_URL", url)
    database = open_database(url)
    migrate(database)
    database.close()
    config = Config(str(ROOT / "alembic.ini"))
    command.downgrade(config, "base")
    database = open_database(url)
    assert set(inspect(database.engine).get_table_names()) == {"alembic_version"}
    migrate(database)
    assert set(models.metadata.tables) <= set(inspect(database.engine).get_table_names())
    database.close()
