"""The bench of the search: invented conversations are found by it, as real ones are."""

from pathlib import Path

from actions.lending.conversation_borrowers import ConversationBorrowers
from actions.lending.database import open_database
from bot.console.inbox_filter import InboxFilter
from bot.console.inbox_index import InboxIndex
from bot.console.inbox_search import InboxSearch
from commands.bench_search import ASKED, fill, measure_search
from commands.invented_conversations import TURNS_EACH, invented_conversations
from install.database import migrate
from tests.bot.web import KEYS


def test_the_same_seed_gives_the_same_conversations_in_the_order_of_their_start() -> None:
    first, again = list(invented_conversations(160, seed=7)), list(invented_conversations(160, seed=7))
    assert first == again
    assert len(first) == 20 and {len(one.turns) for one in first} == {TURNS_EACH}
    starts = [one.started_at_ms for one in first]
    assert starts == sorted(set(starts))
    assert all(turn.customer_text and turn.bot_text[0] for one in first for turn in one.turns)


def test_what_is_written_at_once_is_what_the_index_would_hold(tmp_path: Path) -> None:
    """Indexing a filled database anew changes no answer: the bench searches what staff search."""
    database = open_database(f"sqlite:///{tmp_path / 'bench.db'}")
    migrate(database)
    fill(database, 400)
    borrowers = ConversationBorrowers(database, KEYS)
    search = InboxSearch(database, borrowers)

    def answers() -> list[list[int]]:
        pages = [search.page(InboxFilter.from_query(asked)) for asked in ASKED if "disclosed" not in asked]
        return [[hit.row.number for hit in page.hits] for page in pages]

    before = answers()
    assert sum(map(bool, before)) >= 5
    with database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO conversations_to_index (conversation_id) SELECT id FROM conversations"
        )
    assert InboxIndex(database, borrowers).catch_up() == 50
    assert answers() == before
    database.close()


def test_without_turns_nothing_is_measured(tmp_path: Path) -> None:
    assert measure_search(tmp_path, 0) == {}
    assert list(tmp_path.iterdir()) == []
