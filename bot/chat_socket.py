"""ChatSocket: the widget's text connection; the conversation itself lives in its Session."""

import asyncio
import contextlib
import logging

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.chat_desk import ChatDesk
from bot.chat_protocol import HangUp, Hello, Ping, ProtocolRefused, Rate, Say, Typing, parse
from bot.errors import WebError
from bot.guards import CLOSE_POLICY, CLOSE_TRY_AGAIN, Gates, address, origin_allowed, receive_hello, refuse
from bot.sessions import Session, SessionsFull, SessionStore, Subscriber
from bot.settings import BotSettings

QUIET_TIMEOUT_S = 120
"""The widget pings every 25 s; a socket quiet for this long is a dead connection."""

INVALID_MESSAGES = 20
"""A page that sends this many bad messages is broken or hostile: its socket is closed."""

_logger = logging.getLogger(__name__)


class ChatSocket:
    """Serves ``/chat``: one instance a process, one ``serve`` a connection."""

    def __init__(self, settings: BotSettings, gates: Gates, sessions: SessionStore, desk: ChatDesk) -> None:
        self._settings = settings
        self._gates = gates
        self._sessions = sessions
        self._desk = desk

    async def serve(self, socket: WebSocket) -> None:
        """Answer one connection until it closes."""
        if not origin_allowed(socket, self._settings):
            _logger.warning("chat socket refused: code=%s", WebError.ORIGIN_REFUSED.code)
            await socket.close(CLOSE_POLICY)
            return
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect):
            await self._converse(socket)

    async def _converse(self, socket: WebSocket) -> None:
        if self._gates.connections.take(address(socket)):
            await refuse(socket, WebError.RATE_LIMITED, CLOSE_TRY_AGAIN)
            return
        hello = await receive_hello(socket, self._settings.limits)
        if hello is None:
            await refuse(socket, WebError.HELLO_EXPECTED, CLOSE_POLICY)
            return
        session = self._sessions.find(hello.token)
        if session is None:
            session = await self._begin(socket, hello)
            if session is None:
                return
            hello = Hello(None, 0)
        else:
            await socket.send_json({"type": "session", "resumed": True})
        await self._attach(socket, session, hello.last_seen)

    async def _begin(self, socket: WebSocket, hello: Hello) -> Session | None:
        """Open a new conversation, or refuse."""
        if wait_ms := self._gates.new_sessions.take(address(socket)):
            await refuse(socket, WebError.RATE_LIMITED, CLOSE_TRY_AGAIN, retry_after_ms=wait_ms)
            return None
        try:
            token, session = self._sessions.create()
        except SessionsFull:
            await refuse(socket, WebError.BUSY, CLOSE_TRY_AGAIN, retry_after_ms=10_000)
            return None
        if hello.token is not None:
            session.post("notice", WebError.SESSION_UNKNOWN.sentence, code=WebError.SESSION_UNKNOWN.code)
        await socket.send_json({"type": "session", "resumed": False, "token": token})
        self._desk.greet(session)
        return session

    async def _attach(self, socket: WebSocket, session: Session, last_seen: int) -> None:
        """Replay what the page has not seen, then carry both directions until one of them ends."""
        entries, missed = session.since(last_seen)
        subscriber = session.subscribe()
        tasks: list[asyncio.Task[None]] = []
        try:
            if missed:
                await socket.send_json({"type": "missed"})
            for entry in entries:
                await socket.send_json(entry.to_json())
            if session.hold is not None:
                await socket.send_json({"type": "staff", "on": True})
            elif session.worker is not None and not session.worker.done():
                await socket.send_json({"type": "typing", "on": True})
            tasks = [
                asyncio.create_task(self._send(socket, subscriber)),
                asyncio.create_task(self._receive(socket, session)),
            ]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            session.unsubscribe(subscriber)
            for task in tasks:
                task.cancel()

    async def _send(self, socket: WebSocket, subscriber: Subscriber) -> None:
        """Carry the conversation to the page until it is too slow or another socket took its place."""
        dropped = asyncio.create_task(subscriber.dropped.wait())
        message = asyncio.create_task(subscriber.queue.get())
        try:
            while not subscriber.dropped.is_set():
                await asyncio.wait((message, dropped), return_when=asyncio.FIRST_COMPLETED)
                if message.done():
                    await socket.send_json(message.result())
                    message = asyncio.create_task(subscriber.queue.get())
            await socket.close(CLOSE_TRY_AGAIN)
        finally:
            dropped.cancel()
            message.cancel()

    async def _receive(self, socket: WebSocket, session: Session) -> None:
        invalid = 0
        while invalid < INVALID_MESSAGES:
            try:
                received = await asyncio.wait_for(socket.receive(), QUIET_TIMEOUT_S)
            except asyncio.TimeoutError:
                break
            if received["type"] == "websocket.disconnect":
                return
            try:
                message = parse(received.get("text"), self._settings.limits)
                match message:
                    case Say():
                        self._say(socket, session, message)
                    case Typing(on):
                        session.customer_typing(on)
                    case HangUp():
                        self._sessions.end(session, "caller")
                    case Rate():
                        self._desk.rate(session, message.score)
                    case Ping():
                        session.signal({"type": "pong"})
                    case _:
                        raise ProtocolRefused(WebError.MESSAGE_INVALID)
            except ProtocolRefused as refused:
                invalid += 1
                await socket.send_json(refused.error.to_json(id=refused.client_id))
        await socket.close(CLOSE_POLICY)

    def _say(self, socket: WebSocket, session: Session, message: Say) -> None:
        if session.ended:
            # Said when it ended already, unless this page's socket was away just then.
            session.signal({"type": "ended", "ended_by": "idle"})
            return
        wait_ms = self._gates.messages.take(session.conversation_id)
        wait_ms = wait_ms or self._gates.address_messages.take(address(socket))
        if not wait_ms:
            self._sessions.touch(session)
            wait_ms = 0 if self._desk.take(session, message.client_id, message.text) else 1_000
        if wait_ms:
            session.signal(WebError.RATE_LIMITED.to_json(id=message.client_id, retry_after_ms=wait_ms))
