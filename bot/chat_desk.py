"""ChatDesk: answers typed messages, one conversation at a time in order, whether or not a socket is attached."""

import asyncio
import logging
import time
from collections.abc import Iterable
from typing import Protocol

from bot.errors import WebError
from bot.sessions import INBOX_MESSAGES, Session, SessionStore, Typed
from voice.dialogue import Dialogue, DialogueTurn, DialogueUnavailable, NextStep

CHANNEL = "chat"

_logger = logging.getLogger(__name__)


class ChatRecorder(Protocol):
    """What the desk tells the transcripts."""

    def conversation_started(self, conversation_id: str, channel: str) -> None:
        """A customer opened a conversation."""
        ...

    def chat_turn(
        self,
        conversation_id: str,
        text: str,
        turn: DialogueTurn | None,
        dialogue_ms: int,
        failure: str | None = None,
        returned: bool = False,
    ) -> None:
        """One typed message (empty for the greeting) and its answer; ``returned``: ``held_message`` told of it."""
        ...

    def held_message(self, conversation_id: str, text: str) -> None:
        """One typed message that a member of staff is to answer."""
        ...

    def conversation_rated(self, conversation_id: str, score: int) -> None:
        """The customer said how satisfied he is: 1 to 5."""
        ...


class ChatDesk:
    """One worker task a conversation while it has messages; the bound is the session's inbox."""

    def __init__(
        self, dialogue: Dialogue, recorder: ChatRecorder, sessions: SessionStore, asks_rating: bool = True
    ) -> None:
        """``asks_rating`` False: nobody is asked how satisfied he is."""
        self._asks_rating = asks_rating
        self._dialogue = dialogue
        self._recorder = recorder
        self._sessions = sessions

    def greet(self, session: Session) -> None:
        """Begin the conversation with the bot's greeting."""
        self._recorder.conversation_started(session.conversation_id, CHANNEL)
        self._wake(session)

    def take(self, session: Session, client_id: str, text: str) -> bool:
        """Accept a typed message; False when the inbox is full. A double is accepted and forgotten."""
        if len(session.inbox) >= INBOX_MESSAGES:
            return False
        if session.is_new(client_id):
            session.post("customer", text, client_id=client_id)
            if session.hold is not None and not session.inbox:
                self._leave_to_staff(session, text)
            else:
                session.inbox.append(Typed(text))
                self._wake(session)
        return True

    def take_back(self, session: Session, texts: Iterable[str]) -> None:
        """Answer what was left to staff and got no answer from them."""
        session.inbox.extend(Typed(text, returned=True) for text in texts)
        if session.inbox:
            self._wake(session)

    def rate(self, session: Session, score: int) -> None:
        """Keep how satisfied the customer is; only whoever was asked may say so, and once."""
        if session.ended and session.asks_rating:
            session.asks_rating = False
            self._recorder.conversation_rated(session.conversation_id, score)

    def _wake(self, session: Session) -> None:
        if session.worker is None or session.worker.done():
            session.worker = asyncio.create_task(self._work(session))

    async def _work(self, session: Session) -> None:
        session.signal({"type": "typing", "on": True})
        try:
            if not session.started:
                await self._start(session)
            while session.inbox and not session.ended:
                await self._answer(session, session.inbox.popleft())
            if session.closing:
                self._sessions.end(session, "bot")
        finally:
            session.signal({"type": "typing", "on": False})

    async def _start(self, session: Session) -> None:
        """Open the conversation at the dialogue; tried again with the next message if it fails."""
        began = time.perf_counter()
        try:
            async with session.turn_lock:
                turn = await self._dialogue.start(
                    session.conversation_id, {"input": "text", "channel": CHANNEL}
                )
        except DialogueUnavailable as error:
            _logger.warning("no greeting: code=%s %s", error.code, error)
            if not session.inbox:
                self._apologise(session)
            return
        session.started = True
        self._show(session, turn)
        self._recorder.chat_turn(session.conversation_id, "", turn, _ms_since(began))

    async def _answer(self, session: Session, typed: Typed) -> None:
        began, text = time.perf_counter(), typed.text
        metadata = {"input": "text", "channel": CHANNEL, "expects": session.expects.to_json()}
        try:
            async with session.turn_lock:
                if session.hold is not None:
                    self._leave_to_staff(session, text, typed.returned)
                    return
                turn = await self._dialogue.send(session.conversation_id, text, metadata)
        except DialogueUnavailable as error:
            _logger.warning("no answer: code=%s %s", error.code, error)
            self._apologise(session)
            self._record(session, typed, None, began, error.code)
            return
        session.started = True
        self._show(session, turn)
        self._record(session, typed, turn, began)

    def _record(
        self,
        session: Session,
        typed: Typed,
        turn: DialogueTurn | None,
        began: float,
        failure: str | None = None,
    ) -> None:
        name, took = session.conversation_id, _ms_since(began)
        self._recorder.chat_turn(name, typed.text, turn, took, failure, typed.returned)

    def _leave_to_staff(self, session: Session, text: str, known: bool = False) -> None:
        """The bot is silent: whoever took the chat over sees the message on his page; ``known``: it was so before."""
        assert session.hold is not None, "asked before"
        session.hold.waiting_since = session.hold.waiting_since or time.monotonic()
        session.hold.unanswered.append(text)
        if not known:
            self._recorder.held_message(session.conversation_id, text)

    def _show(self, session: Session, turn: DialogueTurn) -> None:
        session.expects = turn.expects
        for message in turn.messages:
            session.post("bot", message.text, quick_replies=message.quick_replies)
        if turn.next is NextStep.TRANSFER:
            session.signal({"type": "transferred"})
        session.closing = turn.next in (NextStep.HANG_UP, NextStep.RATE)
        session.asks_rating = self._asks_rating and turn.next is NextStep.RATE

    def _apologise(self, session: Session) -> None:
        error = WebError.DIALOGUE_UNAVAILABLE
        session.post("notice", error.sentence, code=error.code, quick_replies=("转人工",))


def _ms_since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
