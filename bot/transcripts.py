"""TranscriptRecorder: turns the events of calls and the turns of chats into rows, digits masked."""

import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from actions.lending.database import Database
from bot.call_rows import CallRows
from bot.stored_text import stored_words
from bot.transcript_tables import calls, conversations, turns
from bot.transcript_writer import Insert, TranscriptWriter, Update
from bot.turn_rows import figure_rows, turn_row
from voice.dialogue import DialogueTurn, NextStep
from voice.events import CallEnded, CallEvent, CallStarted
from voice.hearing.expectation import OPEN, Expectation

_ABANDONED_MS = 2 * 60 * 60 * 1000
"""Longer than any conversation is idle: whatever is still open then has nobody who holds it."""

_FIRST_WORDS = 60
"""Characters of the customer's first words in the list of conversations."""


@dataclass
class ConversationState:
    """What the recorder must remember of a conversation that goes on."""

    conversation_id: str
    channel: str
    turn_count: int = 0
    verified: bool = False
    outcome: str = "silent"
    """``silent`` | ``talked`` | ``answered`` (a figure was disclosed) | ``transfer`` | ``failed``."""
    first_words: str = ""
    expects: Expectation = OPEN
    calls: set[str] = field(default_factory=set)


def end_abandoned(database: Database, now_ms: int | None = None) -> int:
    """Mark conversations as lost that a process left open when it died; returns how many. Blocks."""
    before = (_now_ms() if now_ms is None else now_ms) - _ABANDONED_MS
    abandoned = conversations.c.ended_at_ms.is_(None) & (conversations.c.last_at_ms < before)
    values = {"ended_at_ms": conversations.c.last_at_ms, "ended_by": "lost"}
    with database.writing() as connection:
        return int(connection.execute(conversations.update().where(abandoned).values(**values)).rowcount)


def keep_recovered(database: Database, recording: str) -> None:
    """A recording that a dead process left was finished: its call, named like it, ended with that process. Blocks."""
    name, _, ending = recording.rpartition(".")
    values = {"recording": recording, "recording_encrypted": ending == "wavx"}
    with database.writing() as connection:
        connection.execute(calls.update().where(calls.c.id == name).values(**values))
        ended = calls.c.ended_by.is_(None) & (calls.c.id == name)
        connection.execute(calls.update().where(ended).values(ended_by="lost"))


class TranscriptRecorder:
    """Used on one thread (the event loop); the writer's thread does the SQL."""

    def __init__(self, writer: TranscriptWriter) -> None:
        self._writer = writer
        self._conversations: dict[str, ConversationState] = {}
        self._attached: dict[str, str] = {}
        self._calls: dict[str, CallRows] = {}

    # -- conversations ---------------------------------------------------------------------------------------

    def conversation_started(self, conversation_id: str, channel: str) -> None:
        """A customer opened a conversation: ``chat``, ``browser`` or ``phone``."""
        if conversation_id in self._conversations:
            return
        self._conversations[conversation_id] = ConversationState(conversation_id, channel)
        now = _now_ms()
        self._writer.put(
            Insert(
                conversations,
                {
                    "id": conversation_id,
                    "channel": channel,
                    "started_at_ms": now,
                    "last_at_ms": now,
                    "outcome": "silent",
                    "verified": False,
                    "turn_count": 0,
                    "first_words": "",
                },
            )
        )

    def conversation_ended(self, conversation_id: str, ended_by: str) -> None:
        """Nobody will say anything more in it."""
        if self._conversations.pop(conversation_id, None) is not None:
            values = {"ended_at_ms": _now_ms(), "ended_by": ended_by}
            self._writer.put(Update(conversations, conversation_id, values))

    def conversation_rated(self, conversation_id: str, score: int) -> None:
        """The customer said how satisfied he is: 1 to 5."""
        self._writer.put(Update(conversations, conversation_id, {"rating": score}))

    def chat_turn(
        self,
        conversation_id: str,
        text: str,
        turn: DialogueTurn | None,
        dialogue_ms: int,
        failure: str | None = None,
        returned: bool = False,
    ) -> None:
        """Record one typed message (empty for the greeting) and its answer, None when there was none.

        ``returned``: staff left it unanswered; it stands in the transcript where it was typed, and here again.
        """
        state = self._state(conversation_id, "chat")
        words = stored_words(turn.understood_text if turn else "", text, state.expects)
        measured = {"dialogue_ms": dialogue_ms}
        via = "returned" if returned else "text" if text else "opening"
        self.add_turn(state, via, words, turn, measured, failure=failure)

    def held_message(self, conversation_id: str, text: str) -> None:
        """Record one typed message that a member of staff is to answer."""
        state = self._state(conversation_id, "chat")
        self.add_turn(state, "text", stored_words("", text, state.expects), None, {})

    def staff_turn(self, conversation_id: str, staff: str, text: str, step: str) -> None:
        """Record what a member of staff wrote, masked as a customer's words are.

        ``step``: ``staff_message``, or ``take_over`` and ``hand_back`` with the sentence that the customer was told.
        """
        state = self._state(conversation_id, "chat")
        state.outcome = "transfer"
        said = [stored_words("", text)] if text else []
        self.add_turn(state, "staff", "", None, {"bot_text": said, "actions": [step], "staff": staff})

    def add_turn(
        self,
        state: ConversationState,
        via: str,
        words: str,
        turn: DialogueTurn | None,
        measured: dict[str, Any],
        call_id: str | None = None,
        failure: str | None = None,
    ) -> str:
        """Record one turn with what was measured of it; ``words`` are masked already. Returns the row's id."""
        turn_id, now = uuid.uuid4().hex, _now_ms()
        state.turn_count += 1
        row = turn_row(state.conversation_id, state.turn_count, now, via, words, turn, failure)
        self._writer.put(Insert(turns, {"id": turn_id, "call_id": call_id} | row | measured))
        for figure in figure_rows(turn_id, turn):
            self._writer.put(figure)
        self._remember(state, words, turn, failure, now)
        return turn_id

    # -- calls -----------------------------------------------------------------------------------------------

    def call_attached(self, call_id: str, conversation_id: str) -> None:
        """The call is part of a conversation that goes on after it. Without this a call is its own conversation."""
        self._attached[call_id] = conversation_id

    def on_event(self, event: CallEvent) -> None:
        """Record something that happened in a call."""
        if isinstance(event, CallStarted):
            self._call_started(event)
        rows = self._calls.get(event.call_id)
        if rows is None:
            return
        rows.on_event(event)
        if isinstance(event, CallEnded):
            self._call_ended(event)

    def recording_kept(self, call_id: str, recording: str, encrypted: bool) -> None:
        """The call's sound lies in the recordings' folder under this name."""
        self._writer.put(Update(calls, call_id, {"recording": recording, "recording_encrypted": encrypted}))

    def flush(self) -> None:
        """Wait until all that was told is written. Blocks: not for the event loop."""
        self._writer.flush()

    def close(self) -> None:
        """Write what is left and stop."""
        self._writer.close()

    def _call_started(self, event: CallStarted) -> None:
        conversation_id = self._attached.get(event.call_id, event.call_id)
        state = self._state(conversation_id, "browser" if event.transport == "browser" else "phone")
        if state.channel == "chat":
            # The conversation went on by voice: that is what staff look for.
            state.channel = "browser"
            self._writer.put(Update(conversations, conversation_id, {"channel": "browser"}))
        started = {
            "id": event.call_id,
            "conversation_id": conversation_id,
            "transport": event.transport,
            "sample_rate_hz": event.sample_rate,
            "started_at_ms": round(event.wall_time * 1000),
            "recording_encrypted": False,
        }
        self._writer.put(Insert(calls, started))
        self._calls[event.call_id] = CallRows(event.call_id, state, self.add_turn, self._writer)

    def _call_ended(self, event: CallEnded) -> None:
        self._calls.pop(event.call_id, None)
        if self._attached.pop(event.call_id, None) is None:
            self.conversation_ended(event.call_id, event.ended_by)

    def _state(self, conversation_id: str, channel: str) -> ConversationState:
        self.conversation_started(conversation_id, channel)
        return self._conversations[conversation_id]

    def _remember(
        self, state: ConversationState, words: str, turn: DialogueTurn | None, failure: str | None, now: int
    ) -> None:
        state.first_words = state.first_words or words[:_FIRST_WORDS]
        if turn is not None:
            state.verified = state.verified or turn.verified
            state.expects = turn.expects
        state.outcome = _outcome(state.outcome, words, turn, failure)
        values = {
            "last_at_ms": now,
            "outcome": state.outcome,
            "verified": state.verified,
            "turn_count": state.turn_count,
            "first_words": state.first_words,
        }
        self._writer.put(Update(conversations, state.conversation_id, values))


def _outcome(before: str, words: str, turn: DialogueTurn | None, failure: str | None) -> str:
    """The strongest thing that happened: a transfer, then an answer with figures, then talk."""
    order = ("silent", "talked", "failed", "answered", "transfer")
    now = "talked" if words else "silent"
    if failure is not None:
        now = "failed"
    elif turn is not None and turn.next is NextStep.TRANSFER:
        now = "transfer"
    elif turn is not None and turn.figures:
        now = "answered"
    return max(before, now, key=order.index)


def _now_ms() -> int:
    return round(time.time() * 1000)
