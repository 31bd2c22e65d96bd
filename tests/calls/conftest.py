"""The stores of a running stack, for simulated calls."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.lending.database import open_database
from actions.lending.keys import load_keys
from actions.lending.service_desk import ServiceDesk
from commands.call_parts import CallParts, parts_on
from install.paths import var_dir
from serve.stack import TextStack
from tests.calls.stage import World
from tests.conversations.truth import Truth
from voice.engines import Engines


@pytest.fixture(scope="session")
def parts(stack: TextStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallParts]:
    """Stores on the session's stack."""
    with parts_on(stack, tmp_path_factory.mktemp("calls")) as running:
        yield running


@pytest.fixture(scope="session")
def truth(stack: TextStack) -> Truth:
    """What the database says."""
    return Truth(open_database(stack.database_url), load_keys())


@pytest.fixture(scope="session")
def world(
    parts: CallParts,
    stack: TextStack,
    engines: Engines,
    truth: Truth,
    tmp_path_factory: pytest.TempPathFactory,
) -> World:
    """What every call needs; the stages put the place of their results in."""
    staff = ServiceDesk(open_database(stack.database_url), load_keys())
    return World(parts, engines, truth, staff, tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="session")
def results() -> Path:
    """Where the calls are kept for the report page."""
    return var_dir() / "simulated-calls"
