"""Suggestions: what staff say that a turn was, or meant; a queue until somebody decides."""

import time
import uuid
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Row

from actions.lending.database import Database
from bot.console.intent_names import INTENTS
from bot.console.teaching.tables import LOCK, teaching_suggestions
from bot.redaction import redact
from bot.stored_text import stored_reply
from bot.transcript_tables import turns
from teaching.examples import LONGEST, plain

UNTAUGHT = frozenset({"nlu_fallback"})
"""Set by thresholds, never learnt."""

TAUGHT = tuple(intent for intent in INTENTS if intent not in UNTAUGHT)
MEASURED_IN = 5
"""Of so many conversations the corrections of one are kept for measuring unless staff say otherwise."""


class SuggestionRefused(Exception):
    """This cannot be suggested or changed (code ``suggestion_refused``); the message is for staff, in Chinese."""

    code = "suggestion_refused"


@dataclass(frozen=True)
class Correction:
    """What somebody says that a turn was."""

    text: str
    intent: str


class Suggestions:
    """Reads and writes. Blocks: called from worker threads."""

    def __init__(self, database: Database, now_s: Callable[[], float] = time.time) -> None:
        self._database, self._now_s = database, now_s
        self._table = teaching_suggestions

    def place_of(self, turn_id: str) -> int:
        """A turn's position in its conversation."""
        with self._database.reading() as connection:
            return int(
                connection.execute(select(turns.c.position).where(turns.c.id == turn_id)).scalar() or 0
            )

    def correct(self, turn_id: str, wanted: Correction, account: str) -> Row:
        """Put a correction into the queue, or replace the one that waits there. Raises SuggestionRefused.

        A correction that changes nothing confirms: the turn becomes a label to measure with.
        """
        with self._database.writing() as connection:
            self._database.serialise(connection, LOCK)
            turn = connection.execute(select(turns).where(turns.c.id == turn_id)).first()
            if turn is None or not turn.customer_text:
                raise SuggestionRefused("找不到这句话。")
            values = _checked(wanted) | {"made_by": account, "made_at_ms": self._now_ms()}
            confirms = values["text"] == example_text(turn.customer_text) and values["intent"] == turn.intent
            values |= _decided("accepted", account, self._now_ms()) if confirms else _UNDECIDED
            values |= {"use": "measure" if confirms else use_of(turn.conversation_id)}
            held = self._of_turn(connection, turn_id)
            if held is None:
                values |= {
                    "id": uuid.uuid4().hex,
                    "conversation_id": turn.conversation_id,
                    "turn_id": turn_id,
                    "text_before": example_text(turn.customer_text),
                    "intent_before": turn.intent or "",
                }
                connection.execute(self._table.insert().values(**values))
            elif held.batch_id is not None:
                raise SuggestionRefused("这句话的改正已经采纳，不能再改。")
            else:
                connection.execute(self._table.update().where(self._table.c.id == held.id).values(**values))
            found = self._of_turn(connection, turn_id)
            assert found is not None
            return found

    def change(self, suggestion_id: str, wanted: Correction, use: str) -> Row:
        """Edit one that waits. Raises SuggestionRefused."""
        if use not in ("teach", "measure"):
            raise SuggestionRefused("用途只能是教学或测量。")
        return self._change(suggestion_id, _checked(wanted) | {"use": use})

    def reject(self, suggestion_id: str, account: str) -> Row:
        """Take one out of the queue; it stays known. Raises SuggestionRefused."""
        return self._change(suggestion_id, _decided("rejected", account, self._now_ms()))

    def waiting(self) -> list[Row]:
        """The queue, oldest first."""
        query = select(self._table).where(self._table.c.state == "proposed")
        return self._rows(query.order_by(self._table.c.made_at_ms))

    def of_conversation(self, conversation_id: str) -> dict[str, Row]:
        """By the turn's id."""
        query = select(self._table).where(self._table.c.conversation_id == conversation_id)
        return {row.turn_id: row for row in self._rows(query)}

    def of_batch(self, batch_id: str) -> list[Row]:
        """What a batch teaches."""
        query = select(self._table).where(self._table.c.batch_id == batch_id)
        return self._rows(query.order_by(self._table.c.made_at_ms))

    def labels(self) -> list[Row]:
        """Accepted for measuring."""
        accepted = (self._table.c.state == "accepted") & (self._table.c.use == "measure")
        return self._rows(select(self._table).where(accepted).order_by(self._table.c.made_at_ms))

    def teaching_conversations(self, batches: Sequence[str]) -> list[str]:
        """Conversations that gave these batches an example."""
        mine = self._table.c.batch_id.in_(list(batches))
        query = select(self._table.c.conversation_id).where(mine).distinct()
        with self._database.reading() as connection:
            return [str(found) for found in connection.execute(query).scalars()]

    def counts(self) -> dict[str, int]:
        """Waiting suggestions, and labels to measure with."""
        table = self._table
        labels = (table.c.state == "accepted") & (table.c.use == "measure")
        with self._database.reading() as connection:
            waiting = select(func.count()).select_from(table).where(table.c.state == "proposed")
            measured = select(func.count()).select_from(table).where(labels)
            return {
                "waiting": int(connection.execute(waiting).scalar() or 0),
                "labels": int(connection.execute(measured).scalar() or 0),
            }

    def _change(self, suggestion_id: str, values: dict[str, object]) -> Row:
        mine = (self._table.c.id == suggestion_id) & (self._table.c.state == "proposed")
        with self._database.writing() as connection:
            self._database.serialise(connection, LOCK)
            changed = connection.execute(self._table.update().where(mine).values(**values)).rowcount
            if not changed:
                raise SuggestionRefused("这条建议已经处理过了。")
            found = connection.execute(select(self._table).where(self._table.c.id == suggestion_id)).first()
            assert found is not None
            return found

    def _of_turn(self, connection: Connection, turn_id: str) -> Row | None:
        row: Row | None = connection.execute(
            select(self._table).where(self._table.c.turn_id == turn_id)
        ).first()
        return row

    def _rows(self, query: object) -> list[Row]:
        with self._database.reading() as connection:
            return list(connection.execute(query).all())

    def _now_ms(self) -> int:
        return round(self._now_s() * 1000)


_UNDECIDED: dict[str, object] = {"state": "proposed", "decided_by": None, "decided_at_ms": None}


def use_of(conversation_id: str) -> str:
    """What a conversation's corrections are for, drawn by its id: the same for all of its turns, whoever corrects."""
    return "measure" if zlib.crc32(conversation_id.encode()) % MEASURED_IN == 0 else "teach"


def example_text(words: str) -> str:
    """Words as they may be taught: on one line, every personal digit masked, also those that staff typed."""
    return plain(stored_reply(redact(_own_masks(words), id_last4_open=True).text.translate(_MASKED)))


# redact() takes 〔 from customers for a fraud; in stored words it is our own mask and must outlive a second masking.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MASKED = str.maketrans({_OPEN: "〔", _CLOSE: "〕"})


def _own_masks(words: str) -> str:
    return words.replace("〔", _OPEN).replace("〕", _CLOSE)


def _checked(wanted: Correction) -> dict[str, object]:
    text = example_text(wanted.text)
    if not text:
        raise SuggestionRefused("句子不能为空。")
    if len(wanted.text) > LONGEST:
        raise SuggestionRefused(f"句子太长，最多{LONGEST}个字。")
    if wanted.intent not in TAUGHT:
        raise SuggestionRefused("没有这个意图。")
    return {"text": text, "intent": wanted.intent}


def _decided(state: str, account: str, now_ms: int) -> dict[str, object]:
    return {"state": state, "decided_by": account, "decided_at_ms": now_ms}
