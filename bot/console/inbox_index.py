"""InboxIndex: keeps what conversations are found by like the conversations themselves, a second behind them."""

import logging
import time
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import SQLAlchemyError

from actions.lending.conversation_borrowers import ConversationBorrowers, MaskedBorrower
from actions.lending.database import Database
from bot.console.dashboards.changes import note_changes
from bot.console.inbox_tables import conversation_index, conversation_words, to_index
from bot.console.mood import mood_of
from bot.console.outcomes import outcome_of
from bot.console.review.facets import review_facets
from bot.console.search_words import pairs_of, prefixed, words_of
from bot.transcript_tables import conversations, figures, turns

BATCH = 100
"""Conversations read and written at once."""

SIDES = {"customer": ("c", "d"), "bot": ("b", "e")}
"""Prefixes of each side's words, and of its pairs of characters that are no words."""

_HASH_BITS = 16
HEARING_LIMITS = (50, 70, 90)
"""Percent: some sentence was recognised with less certainty."""
_LATENCIES = ("endpointing_ms", "recognition_ms", "dialogue_ms", "first_audio_ms")

_logger = logging.getLogger(__name__)


def number_of(started_at_ms: int, conversation_id: str) -> int:
    """The place in the list: ordered by the start, different for conversations that began in the same millisecond."""
    return (started_at_ms << _HASH_BITS) | (zlib.crc32(conversation_id.encode()) & 0xFFFF)


def number_at(at_ms: int) -> int:
    """The smallest number that a conversation which began at this moment can have."""
    return at_ms << _HASH_BITS


def latency_ms(turn: Any) -> int | None:
    """From the end of what was said to the first sound or letter of the answer, as far as it was measured."""
    known = [value for name in _LATENCIES if (value := getattr(turn, name)) is not None]
    return sum(known) if known else None


@dataclass(frozen=True)
class Entry:
    """All that the index holds of one conversation."""

    conversation_id: str
    started_at_ms: int
    values: dict[str, Any]
    words: frozenset[str]
    borrower: MaskedBorrower | None = field(default=None)


class InboxIndex:
    """Blocks: called from a thread. Triggers fill the queue in the transaction that writes a conversation."""

    def __init__(self, database: Database, borrowers: ConversationBorrowers) -> None:
        self._database = database
        self._borrowers = borrowers

    def catch_up(self) -> int:
        """Bring everything up to date; returns how many conversations that were."""
        done = 0
        while taken := self.refresh():
            done += taken
        return done

    def refresh(self) -> int:
        """Take one batch from the queue; returns how many conversations it was about.

        Read and written in one transaction: with two at work (a bot for the web, one for the telephone) the slower one
        would write what it had read before, and take a newer row that got the same id out of the queue.
        """
        with self._database.reading() as connection:
            if connection.execute(select(to_index.c.id).limit(1)).first() is None:
                return 0
        with self._database.writing() as connection:
            self._database.serialise(connection, "inbox-index")
            queued = connection.execute(select(to_index).order_by(to_index.c.id).limit(BATCH)).all()
            ids = list(dict.fromkeys(row.conversation_id for row in queued))
            entries = entries_of(connection, ids)
            known = self._borrowers.of([entry.conversation_id for entry in entries])
            for entry in entries:
                _write(connection, entry, known.get(entry.conversation_id), self._database.is_sqlite)
            note_changes(connection, [entry.started_at_ms for entry in entries])
            done = to_index.c.id.in_([row.id for row in queued])
            connection.execute(to_index.delete().where(done))
        return len(ids)

    def revision(self) -> int:
        """A number that grows when something in the inbox changed."""
        with self._database.reading() as connection:
            return connection.execute(select(func.max(conversation_index.c.indexed_at_ms))).scalar() or 0

    def refresh_quietly(self) -> int:
        """``refresh`` for the background: a database that is away is tried again at the next turn."""
        try:
            return self.refresh()
        except SQLAlchemyError as error:
            _logger.warning("inbox waits: code=database_unavailable %s", type(error).__name__)
            return 0


def entries_of(connection: Connection, ids: Sequence[str]) -> list[Entry]:
    """What the index should hold of these conversations; those that are gone are left out."""
    rows = connection.execute(select(conversations).where(conversations.c.id.in_(ids))).all()
    said: dict[str, list[Row]] = defaultdict(list)
    query = select(turns).where(turns.c.conversation_id.in_(ids)).order_by(turns.c.position)
    for turn in connection.execute(query):
        said[turn.conversation_id].append(turn)
    told = select(turns.c.conversation_id).join(figures, figures.c.turn_id == turns.c.id)
    disclosing = set(connection.execute(told.where(turns.c.conversation_id.in_(ids)).distinct()).scalars())
    reviewed = review_facets(connection, ids)
    return [entry_of(row, said[row.id], row.id in disclosing, reviewed[row.id]) for row in rows]


def entry_of(
    conversation: Any, said: Sequence[Any], disclosed: bool, reviewed: Collection[str] = ("score_none",)
) -> Entry:
    """What the index holds of a conversation and its turns, in their order; both have their tables' columns."""
    outcome, mood = outcome_of(conversation, said), mood_of(said)
    intents = list(dict.fromkeys(turn.intent for turn in said if turn.intent and turn.customer_text))
    sure = [turn.confidence for turn in said if turn.customer_text and turn.confidence is not None]
    heard = [turn.recognition_confidence for turn in said if turn.recognition_confidence is not None]
    slow = [waited for turn in said if (waited := latency_ms(turn)) is not None]
    facets = {
        f"channel_{conversation.channel}",
        f"outcome_{outcome.value}",
        f"verified_{'yes' if conversation.verified else 'no'}",
        f"disclosed_{'yes' if disclosed else 'no'}",
        f"mood_{mood.value}",
        *reviewed,
        *(f"intent_{intent}" for intent in intents),
        *(f"hearing_{limit}" for limit in HEARING_LIMITS if any(sure < limit / 100 for sure in heard)),
    }
    if conversation.rating is not None:
        facets.add(f"rating_{conversation.rating}")
    from_customer = {turn.customer_text for turn in said}
    from_bot = {reply for turn in said for reply in turn.bot_text}
    values = {
        "outcome": outcome.value,
        "intents": ",".join(intents),
        "lowest_confidence": min(sure, default=None),
        "slowest_ms": max(slow, default=None),
        "mood": mood.value,
        "indexed_at_ms": round(time.time() * 1000),
    }
    words = frozenset(facets | _tokens(SIDES["customer"], from_customer) | _tokens(SIDES["bot"], from_bot))
    return Entry(conversation.id, conversation.started_at_ms, values, words)


def _tokens(prefixes: tuple[str, str], texts: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for text_said in texts:
        found |= prefixed(prefixes[0], words_of(text_said)) | prefixed(prefixes[1], pairs_of(text_said))
    return found


def _write(connection: Connection, entry: Entry, borrower: MaskedBorrower | None, sqlite: bool) -> None:
    mine = conversation_index.c.conversation_id == entry.conversation_id
    held = connection.execute(select(conversation_index).where(mine)).first()
    values = dict(entry.values)
    if borrower is not None:
        values |= {"borrower": str(borrower), "borrower_id": borrower.id}
    elif held is None:
        values |= {"borrower": "", "borrower_id": None}
    shown = values.get("borrower", held.borrower if held else "")
    borrower_id = values.get("borrower_id", held.borrower_id if held else None)
    words = entry.words | borrower_words(shown, borrower_id)
    if held is None:
        number = _free_number(connection, number_of(entry.started_at_ms, entry.conversation_id))
        connection.execute(
            conversation_index.insert().values(number=number, conversation_id=entry.conversation_id, **values)
        )
        connection.execute(conversation_words.insert().values(number=number, words=stored(words, sqlite)))
    else:
        connection.execute(conversation_index.update().where(mine).values(**values))
        held_words = conversation_words.c.number == held.number
        connection.execute(conversation_words.update().where(held_words).values(words=stored(words, sqlite)))


def borrower_words(shown: str, borrower_id: int | None) -> set[str]:
    """A borrower is found by who he is and by the last four digits that staff see anyway."""
    return set() if borrower_id is None else {f"borrower_{borrower_id}", f"tail_{shown[-4:]}"}


def stored(words: Iterable[str], sqlite: bool) -> Any:
    """The words for their column: text for FTS5; for PostgreSQL a tsvector made of them as they are, unparsed."""
    ordered = sorted(words)
    if sqlite:
        return " ".join(ordered)
    return func.array_to_tsvector(text("CAST(:words AS text[])").bindparams(words=ordered))


def _free_number(connection: Connection, number: int) -> int:
    while connection.execute(
        select(conversation_index.c.number).where(conversation_index.c.number == number)
    ).first():
        number += 1
    return number
