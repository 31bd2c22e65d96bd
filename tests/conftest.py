"""Fixtures that many tests share: a seeded database, the running text stack, the loaded engines."""

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from serve.stack import TextStack, text_stack
from voice.engines import Engines


@pytest.fixture(scope="module", autouse=True)
def small_heap() -> None:
    """Let the collector look at this file's objects alone.

    Full collections wait until the heap has grown by a quarter. Behind TensorFlow that is so late that the models
    FastAPI makes for every application pile up, and each new one is compared with all of them: minutes and gigabytes.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def seeded_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One SQLite file, migrated and seeded once a session. Nobody writes to it: copy it."""
    from install.database import prepare_database

    path = tmp_path_factory.mktemp("database") / "shoudai.db"
    prepare_database(f"sqlite:///{path}", demo_data=True)
    return path


@pytest.fixture
def database_url(seeded_database: Path, tmp_path: Path) -> str:
    """A seeded database of one test's own."""
    for part in seeded_database.parent.glob(f"{seeded_database.name}*"):
        shutil.copy(part, tmp_path / part.name)
    return f"sqlite:///{tmp_path / seeded_database.name}"


@pytest.fixture(scope="session")
def stack(seeded_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextStack]:
    """Rasa and the action server, running for the whole session on a database of their own (``stack.database_url``).

    Tests that lock a demo borrower out must not use this database's demo borrowers for anything else.
    """
    folder = tmp_path_factory.mktemp("stack")
    for part in seeded_database.parent.glob(f"{seeded_database.name}*"):
        shutil.copy(part, folder / part.name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHOUDAI_ANCHORS_DIR", str(folder / "anchors"))
        with text_stack(f"sqlite:///{folder / seeded_database.name}", folder) as running:
            yield running


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """The real ears and mouth, loaded once; patient, for tests in audio time."""
    from tests.patient_engines import patient_engines

    with patient_engines() as loaded:
        yield loaded
