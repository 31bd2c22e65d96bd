"""ConversationStore: conversations outlive Rasa's process, and the file is cheap to write."""

from pathlib import Path

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.channels.conversation_store import ConversationStore

DOMAIN = {
    "slots": {"question": {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}}
}


def store(folder: Path) -> ConversationStore:
    """Made as Rasa makes it from endpoints.yml."""
    made = TrackerStore.create(
        EndpointConfig(
            type="bot.channels.conversation_store.ConversationStore",
            dialect="sqlite",
            db=str(folder / "new" / "trackers.db"),
        ),
        domain=Domain.from_dict(DOMAIN),
    )
    inner: ConversationStore = getattr(made, "_tracker_store", made)
    assert isinstance(inner, ConversationStore)
    return inner


async def test_an_open_question_outlives_a_restart_of_rasa(tmp_path: Path) -> None:
    before = store(tmp_path)
    tracker = DialogueStateTracker("call-1", Domain.from_dict(DOMAIN).slots)
    tracker.update(UserUttered("还欠多少"))
    tracker.update(SlotSet("question", "id_last4"))
    await before.save(tracker)
    before.engine.dispose()

    after = await store(tmp_path).retrieve("call-1")
    assert after is not None
    assert after.get_slot("question") == "id_last4"


async def test_the_file_is_in_wal_mode_and_not_flushed_for_every_message(tmp_path: Path) -> None:
    with store(tmp_path).engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1
