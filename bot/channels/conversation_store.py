"""ConversationStore: Rasa's SQL tracker store, with a SQLite file that costs no disk flush a message."""

from pathlib import Path
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from sqlalchemy import create_engine, event
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import SingletonThreadPool

BUSY_TIMEOUT_MS = 5_000


class ConversationStore(SQLTrackerStore):
    """Named in endpoints.yml. For ``dialect: sqlite`` the file is in WAL mode and one connection stays open.

    Rasa's own store opens a connection for every query and flushes the disk at every message, on its event loop. In
    WAL mode a crash of Rasa loses nothing; a power failure may lose the last turns of a conversation that is over
    anyway.
    """

    def __init__(self, domain: Domain, event_broker: EventBroker | None = None, **settings: Any) -> None:
        """``settings`` are those of the SQL tracker store: ``dialect``, ``db`` and so on."""
        is_sqlite = settings.get("dialect", "sqlite") == "sqlite"
        if is_sqlite:
            Path(settings["db"]).parent.mkdir(parents=True, exist_ok=True)
        super().__init__(domain=domain, event_broker=event_broker, **settings)
        if is_sqlite:
            self.engine: Any = _engine(self.engine)
            self.sessionmaker = sessionmaker(bind=self.engine)


def _engine(rasas: Any) -> Any:
    """An engine for the same file with one lasting connection a thread; Rasa's own is put away."""
    rasas.dispose()
    engine = create_engine(rasas.url, poolclass=SingletonThreadPool)
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        connection.execute(f"PRAGMA {pragma}")
