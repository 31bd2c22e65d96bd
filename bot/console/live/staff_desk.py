"""StaffDesk: a member of staff answers a chat in the bot's place, and gives it back."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from actions.lending.errors import LendingError
from actions.lending.service_desk import ServiceDesk
from bot.console.live.live_board import LiveBoard
from bot.console.live.sentences import AWAY, HANDED_BACK, TAKEN_OVER, sentence
from bot.sessions import Session, SessionStore, StaffHold
from voice.dialogue import DialogueUnavailable
from voice.hearing.expectation import OPEN

AWAY_S = 60.0
"""A member of staff whose page was closed for so long has left."""

TYPING_S = 6.0
"""A sign that staff write holds for so long; the page renews it."""

_WATCH_S = 5.0
_LONGEST = 500
"""Characters of one message, as of a customer's."""

_LEFT_SUMMARY = "同事接管后离开了，客户还在等答复，请联系客户，接着办他要办的事。"

_logger = logging.getLogger(__name__)


class TakeOverRefused(Exception):
    """The chat cannot be taken over or answered; ``code`` and ``sentence`` say why."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


class Settles(Protocol):
    """The dialogue, as whoever speaks in the bot's place needs it."""

    async def settle(self, sender: str) -> None:
        """Drop the bot's open question. Raises DialogueUnavailable."""
        ...


class StaffRecorder(Protocol):
    """What the desk tells the transcripts."""

    def staff_turn(self, conversation_id: str, staff: str, text: str, step: str) -> None:
        """A member of staff wrote, took over or gave back."""
        ...


class StaffDesk:
    """Used on the event loop only, so that two who click at once cannot both get the chat."""

    def __init__(
        self,
        sessions: SessionStore,
        board: LiveBoard,
        recorder: StaffRecorder,
        dialogue: Settles,
        requests: ServiceDesk,
        silent_s: float,
        take_back: Callable[[Session, Iterable[str]], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``silent_s``: a customer who waits longer for staff goes back to the bot.

        ``take_back``: has the bot answer what staff did not (``ChatDesk.take_back``).
        """
        self._sessions = sessions
        self._board = board
        self._recorder = recorder
        self._dialogue = dialogue
        self._requests = requests
        self._silent_s = silent_s
        self._take_back = take_back
        self._clock = clock
        self._left: list[str] = []
        """Conversations that are to be put on the queue and are not yet there."""

    def may_take_over(self, conversation_id: str) -> bool:
        """It is a chat that goes on in writing and nobody has it."""
        session = self._sessions.of_conversation(conversation_id)
        return session is not None and not session.in_call and session.hold is None

    def check_free(self, conversation_id: str, staff: str) -> Session:
        """The chat, if this member of staff has it or may take it over. Raises TakeOverRefused."""
        session = self._sessions.of_conversation(conversation_id)
        if session is None:
            raise TakeOverRefused("chat_over", "这个对话已经结束，或者是电话，不能接管。")
        if session.in_call:
            raise TakeOverRefused("chat_in_call", "客户正在语音通话，挂断后才能接管。")
        if session.hold is not None and session.hold.staff != staff:
            raise TakeOverRefused("chat_held", f"{session.hold.staff} 已经接管了这个对话。")
        return session

    async def take_over(self, conversation_id: str, staff: str) -> None:
        """From now on the bot is silent. Raises TakeOverRefused. An answer under way is shown before."""
        session = self.check_free(conversation_id, staff)
        if session.hold is not None:
            return
        session.hold = hold = StaffHold(staff, self._clock())
        async with session.turn_lock:
            if session.hold is not hold:
                return
            self._board.held(conversation_id, staff)
            session.signal({"type": "staff", "on": True})
            self._tell(session, staff, TAKEN_OVER, "take_over")
            await self._settle(session, hold)

    def say(self, conversation_id: str, staff: str, text: str) -> None:
        """Show the customer what was written. Raises TakeOverRefused."""
        session = self.check_held(conversation_id, staff)
        text = " ".join(text.split())
        if not text:
            raise TakeOverRefused("staff_message_empty", "请输入内容。")
        if len(text) > _LONGEST:
            raise TakeOverRefused("staff_message_long", "内容太长了，请分几条发送。")
        assert session.hold is not None, "check_held has seen to it"
        session.hold.waiting_since, session.hold.seen_at = None, self._clock()
        session.hold.unanswered.clear()
        self._sessions.touch(session)
        session.signal({"type": "typing", "on": False})
        session.post("staff", text)
        self._recorder.staff_turn(conversation_id, staff, text, "staff_message")

    def typing(self, conversation_id: str, staff: str) -> None:
        """Show the customer that somebody writes, for some seconds. Raises TakeOverRefused."""
        session = self.check_held(conversation_id, staff)
        session.signal({"type": "typing", "on": True, "for_ms": round(TYPING_S * 1000)})

    def seen(self, conversation_id: str, staff: str) -> None:
        """His page is open."""
        session = self._sessions.of_conversation(conversation_id)
        if session is not None and session.hold is not None and session.hold.staff == staff:
            session.hold.seen_at = self._clock()

    async def hand_back(self, conversation_id: str, staff: str) -> None:
        """The bot answers again, first what the customer wrote since he last got an answer. Raises TakeOverRefused."""
        session = self.check_held(conversation_id, staff)
        await self._give_back(session, HANDED_BACK)

    async def watch(self) -> None:
        """Give back, for ever, the chats of those who went away."""
        while True:
            await asyncio.sleep(_WATCH_S)
            await self.release_forgotten()

    async def release_forgotten(self) -> None:
        """Give back the chats whose staff went away or leave the customer without an answer."""
        now = self._clock()
        for session in self._sessions.held():
            hold = session.hold
            if hold is None:
                continue
            waits = hold.waiting_since is not None and now - hold.waiting_since > self._silent_s
            if waits or now - hold.seen_at > AWAY_S:
                _logger.warning("staff went away: code=staff_away conversation=%s", session.conversation_id)
                customer_waits = hold.waiting_since is not None
                await self._give_back(session, AWAY)
                if customer_waits:
                    self._left.append(session.conversation_id)
        await self._note_left()

    def check_held(self, conversation_id: str, staff: str) -> Session:
        """The chat that this member of staff has. Raises TakeOverRefused."""
        session = self._sessions.of_conversation(conversation_id)
        if session is None or session.hold is None or session.hold.staff != staff:
            raise TakeOverRefused("chat_not_held", "您没有接管这个对话，或者已经交还。")
        return session

    async def _give_back(self, session: Session, response: str) -> None:
        hold = session.hold
        assert hold is not None, "asked before"
        if not hold.settled:
            await self._settle(session, hold)
        if session.hold is not hold:
            return
        session.hold, session.expects = None, OPEN
        self._board.held(session.conversation_id, None)
        session.signal({"type": "staff", "on": False})
        session.signal({"type": "typing", "on": False})
        self._sessions.touch(session)
        self._tell(session, hold.staff, response, "hand_back")
        self._take_back(session, hold.unanswered)

    def _tell(self, session: Session, staff: str, response: str, step: str) -> None:
        text = sentence(response)
        session.post("notice", text)
        self._recorder.staff_turn(session.conversation_id, staff, text, step)

    async def _settle(self, session: Session, hold: StaffHold) -> None:
        """Without an answer of Rasa it is tried once more at the end; the chat is a person's all the same."""
        try:
            await self._dialogue.settle(session.conversation_id)
            hold.settled = True
        except DialogueUnavailable as error:
            _logger.warning("the open question stays: code=%s", error.code)

    async def _note_left(self) -> None:
        """Put the customers who were left on the queue. A database that is away is tried again at the next look."""
        while self._left:
            noted = self._requests.record_handoff
            try:
                await asyncio.to_thread(noted, self._left[0], "staff_away", _LEFT_SUMMARY)
            except (SQLAlchemyError, LendingError) as error:
                _logger.warning("not yet on the queue: code=queue_unavailable %s", type(error).__name__)
                return
            del self._left[0]
