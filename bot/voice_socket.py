"""VoiceSocket: a browser's hands-free call, PCM16 16 kHz both ways with JSON control."""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Callable
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.call_notices import CallNotices
from bot.chat_protocol import HangUp, Key, Ping, ProtocolRefused, parse
from bot.errors import WebError
from bot.guards import CLOSE_POLICY, CLOSE_TRY_AGAIN, Gates, address, origin_allowed, receive_hello, refuse
from bot.rate_limits import RateLimiter
from bot.session_dialogue import SessionDialogue
from bot.sessions import Session, SessionStore
from bot.settings import BotSettings
from bot.speech_desk import CallRefused, SpeechDesk
from voice.dialogue import Dialogue
from voice.events import CallEnded, CallEvent
from voice.transports.browser import FRAME_BYTES, SAMPLE_RATE, AudioInvalid, BrowserTransport

_BURST_FRAMES, _FRAMES_PER_S = 500, 60
"""Sound may come in a burst of 10 s after a stall of the network, otherwise hardly faster than it is spoken."""

_LAST_WORDS_S = 5.0
"""How long a slow browser may take for what was said last."""

CLOSE_NORMAL = 1000

_logger = logging.getLogger(__name__)


class CallRecorder(Protocol):
    """What the voice socket tells the transcripts."""

    def call_attached(self, call_id: str, conversation_id: str) -> None:
        """The call belongs to this conversation."""
        ...

    def on_event(self, event: CallEvent) -> None:
        """Something happened in a call."""
        ...


class VoiceSocket:
    """Serves ``/voice``: the conversation must be open on the chat socket already."""

    def __init__(
        self,
        settings: BotSettings,
        gates: Gates,
        sessions: SessionStore,
        dialogue: Dialogue,
        desk: SpeechDesk,
        recorder: CallRecorder,
    ) -> None:
        self._settings = settings
        self._gates = gates
        self._sessions = sessions
        self._dialogue = dialogue
        self._desk = desk
        self._recorder = recorder

    async def serve(self, socket: WebSocket) -> None:
        """Answer one connection until it closes."""
        if not origin_allowed(socket, self._settings):
            _logger.warning("voice socket refused: code=%s", WebError.ORIGIN_REFUSED.code)
            await socket.close(CLOSE_POLICY)
            return
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect):
            if self._gates.connections.take(address(socket)):
                await refuse(socket, WebError.RATE_LIMITED, CLOSE_TRY_AGAIN)
                return
            hello = await receive_hello(socket, self._settings.limits)
            session = self._sessions.find(hello.token) if hello is not None else None
            if session is None:
                await refuse(socket, WebError.HELLO_EXPECTED, CLOSE_POLICY)
            elif session.in_call:
                await refuse(socket, WebError.CALL_RUNNING, CLOSE_TRY_AGAIN)
            elif session.hold is not None:
                await refuse(socket, WebError.STAFF_ANSWERS, CLOSE_TRY_AGAIN)
            else:
                await self._call(socket, session)

    async def _call(self, socket: WebSocket, session: Session) -> None:
        try:
            self._desk.check()
        except CallRefused as refused:
            await refuse(socket, refused.error, CLOSE_TRY_AGAIN)
            return
        session.in_call = True
        try:
            await socket.send_json({"type": "ready", "sample_rate": SAMPLE_RATE})
            await self._hold(socket, session)
        finally:
            session.in_call = False
            self._sessions.touch(session)

    async def _hold(self, socket: WebSocket, session: Session) -> None:
        """Run reader, writer and the call itself until the call is over and everything was sent."""
        transport, call_id = BrowserTransport(), uuid.uuid4().hex
        self._recorder.call_attached(call_id, session.conversation_id)
        ended: list[CallEnded] = []
        call = asyncio.create_task(
            self._desk.hold(
                call_id,
                transport,
                SessionDialogue(self._dialogue, session),
                session.conversation_id,
                self._listener(CallNotices(session, transport.show), ended),
            )
        )
        reader = asyncio.create_task(self._read(socket, transport))
        writer = asyncio.create_task(_write(socket, transport))
        try:
            try:
                await call
            except CallRefused as refused:
                transport.show(refused.error.to_json())
            transport.caller_gone()
            await asyncio.wait([writer], timeout=_LAST_WORDS_S)
            ended_by = ended[0].ended_by if ended else "error"
            await socket.send_json({"type": "ended", "ended_by": ended_by})
            await socket.close(CLOSE_NORMAL)
        finally:
            transport.caller_gone()
            for task in (reader, writer):
                task.cancel()
            if not call.done():
                # The socket broke or the server stops: the call ends as if the caller had hung up.
                await asyncio.wait([call], timeout=5)
                call.cancel()

    def _listener(self, notices: CallNotices, ended: list[CallEnded]) -> Callable[[CallEvent], None]:
        def on_event(event: CallEvent) -> None:
            if isinstance(event, CallEnded):
                ended.append(event)
            notices.on_event(event)
            self._recorder.on_event(event)

        return on_event

    async def _read(self, socket: WebSocket, transport: BrowserTransport) -> None:
        """Carry the browser's messages to the line until it hangs up, vanishes or misbehaves."""
        pace = RateLimiter(_BURST_FRAMES, _FRAMES_PER_S, keys=1)
        try:
            while True:
                received = await socket.receive()
                if received["type"] == "websocket.disconnect":
                    break
                pcm = received.get("bytes")
                if pcm is not None:
                    if len(pcm) > self._settings.limits.voice_frame_bytes:
                        raise ProtocolRefused(WebError.AUDIO_INVALID)
                    if pace.take("", max(1.0, len(pcm) / FRAME_BYTES)):
                        raise ProtocolRefused(WebError.RATE_LIMITED)
                    transport.hear(pcm)
                    continue
                match parse(received.get("text"), self._settings.limits):
                    case Key(key):
                        transport.press(key)
                    case HangUp():
                        break
                    case Ping():
                        transport.show({"type": "pong"})
                    case _:
                        raise ProtocolRefused(WebError.MESSAGE_INVALID)
        except ProtocolRefused as refused:
            transport.show(refused.error.to_json())
        except AudioInvalid:
            transport.show(WebError.AUDIO_INVALID.to_json())
        finally:
            transport.caller_gone()


async def _write(socket: WebSocket, transport: BrowserTransport) -> None:
    """Carry the bot's sound and notices to the browser."""
    try:
        while (item := await transport.next_outgoing()) is not None:
            if isinstance(item, bytes):
                await socket.send_bytes(item)
            else:
                await socket.send_json(item)
    except WebSocketDisconnect:
        transport.caller_gone()
