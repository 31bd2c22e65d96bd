"""The inbox: every filter, the search, paging, and an index that follows its conversations."""

import threading
from collections.abc import Collection
from dataclasses import dataclass

import pytest
from sqlalchemy import event, text

from actions.lending.conversation_borrowers import ConversationBorrowers, MaskedBorrower
from actions.lending.database import Database, open_database
from actions.lending.identity import IdentityService
from actions.lending.keys import load_keys
from bot.console.inbox_filter import InboxFilter
from bot.console.inbox_index import InboxIndex, number_at, number_of
from bot.console.inbox_search import InboxPage, InboxSearch
from bot.console.inbox_tables import conversation_index
from bot.transcript_tables import conversations, turns
from bot.transcript_writer import TranscriptWriter
from bot.transcripts import TranscriptRecorder
from tests.bot.inbox import found, talk
from tests.bot.web import KEYS, Web
from voice.dialogue import Figure, NextStep
from voice.hearing.expectation import YES_NO

FIGURE = Figure("next_repayment_amount", 325055, "fen", {"loan": "L1"})


@dataclass
class Inbox:
    """A recorder, an index and a search on one database."""

    database: Database
    recorder: TranscriptRecorder
    index: InboxIndex
    search: InboxSearch

    def found(self, **asked: str) -> set[str]:
        """Ids of what fits."""
        return set(found(self.search, self.index, **asked))


@pytest.fixture
def inbox(web: Web) -> Inbox:
    """On a database of its own."""
    borrowers = ConversationBorrowers(web.database, KEYS)
    index, search = InboxIndex(web.database, borrowers), InboxSearch(web.database, borrowers)
    return Inbox(web.database, web.recorder, index, search)


class HeldUp(ConversationBorrowers):
    """Between what an indexer reads and what it writes: stops there until it is let go."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, KEYS)
        self.has_read, self.go_on = threading.Event(), threading.Event()

    def of(self, conversation_ids: Collection[str]) -> dict[str, MaskedBorrower]:
        self.has_read.set()
        assert self.go_on.wait(30)
        return super().of(conversation_ids)


def test_of_two_who_index_at_once_the_slower_one_writes_nothing_old(inbox: Inbox) -> None:
    """A bot for the web and one for the telephone: what one has read is not written over what the other one wrote."""
    talk(inbox.recorder, "both", [("我要还多少", "应还3250.55元。")], ended_by=None)
    borrowers, indexed = HeldUp(inbox.database), threading.Event()

    def say_more_and_index() -> None:
        with inbox.database.writing() as connection:
            newer = turns.c.conversation_id == "both"
            connection.execute(turns.update().where(newer).values(customer_text="违约金怎么算"))
            connection.execute(conversations.update().values(id=conversations.c.id))
        inbox.index.catch_up()
        indexed.set()

    slower = threading.Thread(target=InboxIndex(inbox.database, borrowers).refresh)
    quicker = threading.Thread(target=say_more_and_index)
    slower.start()
    assert borrowers.has_read.wait(30)
    quicker.start()
    indexed.wait(1)  # it cannot get ahead where the slower one holds the lock
    borrowers.go_on.set()
    slower.join(30)
    quicker.join(30)
    assert inbox.found(q="违约金") == {"both"}
    assert inbox.found(q="要还多少") == set()


def test_each_filter_keeps_what_fits(inbox: Inbox) -> None:
    """Alone, and together with words."""
    talk(inbox.recorder, "answered", [("我要还多少", "应还3250.55元。")], figures=(FIGURE,), verified=True)
    talk(
        inbox.recorder,
        "handed",
        [("转人工", "正在为您转接。")],
        intent="request_human",
        confidence=0.4,
        next_step=NextStep.TRANSFER,
        channel="phone",
    )
    talk(inbox.recorder, "left", [("我要贷款", "您要申请吗？")], expects=YES_NO, dialogue_ms=5_000)
    talk(inbox.recorder, "now", [("你好", "您好。")], intent="greet", ended_by=None)
    for asked, wanted in (
        ({"outcome": "contained"}, {"answered"}),
        ({"outcome": "handed_off"}, {"handed"}),
        ({"outcome": "abandoned"}, {"left"}),
        ({"outcome": "ongoing"}, {"now"}),
        ({"channel": "phone"}, {"handed"}),
        ({"channel": "browser"}, set()),
        ({"intent": "request_human"}, {"handed"}),
        ({"intent": "query_repayment", "q": "贷款"}, {"left"}),
        ({"intent": "查应还款", "q": "贷款"}, {"left"}),
        ({"disclosed": "yes"}, {"answered"}),
        ({"verified": "no", "outcome": "contained"}, set()),
        ({"confidence": "50"}, {"handed"}),
        ({"latency": "4"}, {"left"}),
        ({"q": "3250"}, {"answered"}),
        ({"q": "转接", "scope": "customer"}, set()),
        ({"q": "转接", "scope": "bot"}, {"handed"}),
        ({"q": "应还 多少"}, {"answered"}),
        ({"since": "2099-01-01"}, set()),
        ({"until": "2099-01-01"}, {"answered", "handed", "left", "now"}),
        ({"q": "，。！"}, set()),
        ({"q": "“要还多少”"}, {"answered"}),
        ({"q": '"还要多少"'}, set()),
        ({"q": "「我要」 “转接”"}, set()),
        ({"q": "“我要” 3250"}, {"answered"}),
        ({"q": "“为您转接”", "scope": "customer"}, set()),
        ({"q": "“为您转接”", "scope": "bot"}, {"handed"}),
        ({"q": "“3250.55元”"}, {"answered"}),
        ({"q": "“。”"}, set()),
    ):
        assert inbox.found(**asked) == wanted, asked


def test_a_phrase_is_compared_with_the_sentences_themselves(inbox: Inbox) -> None:
    """Its pairs of characters may lie in different sentences, of different sides; a page still fills up."""
    talk(inbox.recorder, "apart", [("提前还款违约", "违约金没有"), ("款违", "约金")])
    for number in range(8):
        talk(inbox.recorder, f"t{number}", [("提前还款违约金要多少", "没有。"), ("提前还款违约", "违约金")])
        talk(inbox.recorder, f"apart{number}", [("提前还款违约", "违约金没有")])
    assert inbox.found(q="“提前还款违约金”") == {f"t{number}" for number in range(8)}
    first = inbox.search.page(InboxFilter(q="“提前还款违约金”"), size=5)
    second = inbox.search.page(InboxFilter(q="“提前还款违约金”"), first.older, size=5)
    assert (len(first.hits), len(second.hits), second.older) == (5, 3, None)
    snippet = first.hits[0].snippet
    assert snippet is not None and ("提前还款违约金", True) in snippet.parts


def test_the_index_follows_a_conversation_that_goes_on(inbox: Inbox) -> None:
    """Its last words are found a moment later, and it stands in the list once."""
    talk(inbox.recorder, "t1", [("我要还款", "好的。")], ended_by=None)
    assert inbox.found(q="还款") == {"t1"} and inbox.found(q="逾期") == set()
    talk(inbox.recorder, "t1", [("逾期了怎么办", "请尽快还款。")])
    assert inbox.found(q="逾期") == {"t1"}
    assert inbox.found(outcome="ongoing") == set()
    assert len(inbox.search.page(InboxFilter()).hits) == 1


def test_a_deleted_conversation_leaves_no_word_behind(inbox: Inbox) -> None:
    """Neither in the list nor in the index's own tables."""
    talk(inbox.recorder, "t1", [("独一无二的秘密", "好的。")])
    assert inbox.found(q="秘密") == {"t1"}
    with inbox.database.writing() as connection:
        connection.execute(conversations.delete())
    assert inbox.found(q="秘密") == inbox.found() == set()
    with inbox.database.reading() as connection:
        matches = "SELECT count(*) FROM conversation_fts WHERE conversation_fts MATCH '\"c_秘密\"'"
        assert connection.execute(text(matches)).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM conversation_words")).scalar_one() == 0


def test_masked_digits_are_not_in_the_index(inbox: Inbox) -> None:
    """It is made from the stored, masked words: what the transcript does not hold cannot be searched for."""
    inbox.recorder.conversation_started("t1", "chat")
    inbox.recorder.chat_turn("t1", "我的手机号是13800000001", None, 30, failure="dialogue_unavailable")
    inbox.recorder.flush()
    assert inbox.found(q="手机号") == {"t1"}
    assert inbox.found(q="13800000001") == set()
    with inbox.database.reading() as connection:
        words = connection.execute(text("SELECT words FROM conversation_words")).scalar_one()
    assert "0000" not in words


def test_pages_follow_each_other_without_gap_or_repetition(inbox: Inbox) -> None:
    """Also when new conversations come while somebody reads."""
    for number in range(7):
        talk(inbox.recorder, f"t{number}", [("我要还款", "好的。")])
    inbox.index.catch_up()
    seen: list[str] = []
    before = None
    for page_number in range(3):
        page = inbox.search.page(InboxFilter(q="还款"), before, size=3)
        seen += [hit.row.conversation_id for hit in page.hits]
        before = page.older
        talk(inbox.recorder, f"new{page_number}", [("我要还款", "好的。")])
        inbox.index.catch_up()
    assert before is None
    assert seen == sorted((f"t{number}" for number in range(7)), key=seen.index) and len(set(seen)) == 7


def test_the_list_is_ordered_by_the_start_whatever_the_order_of_indexing(inbox: Inbox) -> None:
    """Conversations of the same millisecond share no place."""
    assert number_of(1_000, "a") != number_of(1_000, "b")
    assert number_at(1_000) <= number_of(1_000, "a") < number_at(1_001)
    for number in range(3):
        talk(inbox.recorder, f"t{number}", [("你好", "您好。")])
        with inbox.database.writing() as connection:
            mine = conversations.c.id == f"t{number}"
            connection.execute(conversations.update().where(mine).values(started_at_ms=5_000 - number))
    inbox.index.catch_up()
    with inbox.database.writing() as connection:
        connection.execute(conversation_index.delete())
        connection.execute(conversations.update().values(verified=False))
    assert found(inbox.search, inbox.index) == ["t0", "t1", "t2"]


def test_a_verified_borrower_is_shown_masked_and_found_by_number(database_url: str) -> None:
    """Whole or by its last four digits; the index remembers when the identity service has forgotten."""
    database, keys = open_database(database_url), load_keys()
    identity, borrowers = IdentityService(database, keys), ConversationBorrowers(database, keys)
    recorder = TranscriptRecorder(TranscriptWriter(database))
    index, search = InboxIndex(database, borrowers), InboxSearch(database, borrowers)
    identity.open_session("t1", "chat")
    identity.claim_phone("t1", "13800000001")
    identity.claim_id_last4("t1", "1234")
    identity.verify("t1")
    talk(recorder, "t1", [("我要还款", "好的。")], verified=True, ended_by=None)
    talk(recorder, "t2", [("我要还款", "好的。")])
    index.catch_up()
    identity.end_verification("t1")
    recorder.conversation_ended("t1", "caller")
    recorder.flush()
    for asked in ("13800000001", "0001"):
        assert found(search, index, borrower=asked) == ["t1"]
    for asked in ("13800000002", "9999"):
        assert found(search, index, borrower=asked) == []
    (hit,) = search.page(InboxFilter(borrower="0001")).hits
    assert hit.row.borrower == "张* 138****0001"
    recorder.close()
    database.close()


@pytest.mark.parametrize(
    "query",
    [
        {"q": '" OR 1=1 --', "scope": "x", "since": "heute", "channel": "fax"},
        {"intent": "' OR 1=1", "borrower": "12", "confidence": "51", "latency": "-1"},
        {"q": "*", "until": "9999-12-31", "outcome": "won"},
        {"q": "NOT AND OR NEAR(a b)", "verified": "maybe"},
    ],
)
def test_nonsense_in_an_address_is_left_out(inbox: Inbox, query: dict[str, str]) -> None:
    """It is neither an error nor a way into the database."""
    talk(inbox.recorder, "t1", [("我要还款", "好的。")])
    assert inbox.found(**query) <= {"t1"}


def test_a_phrase_that_does_not_occur_is_not_asked_for_page_after_page(inbox: Inbox) -> None:
    """Its pairs of characters are in every text: forty conversations, two a page."""
    for number in range(40):
        talk(inbox.recorder, f"t{number}", [("提前还款和款违约金", "好的。")])
    inbox.index.catch_up()
    asked: list[str] = []
    event.listen(
        inbox.database.engine, "before_cursor_execute", lambda _, __, statement, *___: asked.append(statement)
    )
    assert inbox.search.page(InboxFilter(q="“提前还款违约金”"), size=2) == InboxPage([], None)
    assert sum("FROM turns" in statement for statement in asked) == 3
