"""A whole web application with a fake dialogue and a fake call, on a database of its own."""

import asyncio
import atexit
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketTestSession

from actions.lending.database import Database, open_database
from actions.lending.keys import DataKeys
from actions.lending.policy import PolicyBook
from actions.lending.service_desk import ServiceDesk
from bot.app import Parts, create_app, page_templates
from bot.chat_desk import ChatDesk
from bot.chat_socket import ChatSocket
from bot.console.console import open_console
from bot.console.live.live_board import LiveBoard
from bot.console.live.live_parts import open_live
from bot.console.live.overhearing import OverheardCalls
from bot.guards import Gates
from bot.handoff import HandoffQueue
from bot.readiness import Readiness
from bot.recordings import RecordingStore
from bot.sessions import Session, SessionStore
from bot.settings import BotSettings, Limits
from bot.shop_window import ShopWindow
from bot.speech_desk import HoldCall, SpeechDesk
from bot.transcript_writer import TranscriptWriter
from bot.transcripts import TranscriptRecorder
from bot.voice_socket import VoiceSocket
from bot.watched_recorder import WatchedRecorder
from install.database import migrate
from tests.bot.fake_jobs import FakeJobs
from tests.fakes import FakeCall, FakeDialogue
from voice.dialogue import Dialogue
from voice.events import CallEvent
from voice.line.transport import Transport

ORIGIN = {"origin": "http://127.0.0.1:8000"}
KEYS = DataKeys(bytes(range(32)))


def fresh_database(folder: Path) -> Database:
    """A SQLite database as the migrations make it, without rows."""
    shutil.copy(_migrated(), folder / "web.db")
    return open_database(f"sqlite:///{folder / 'web.db'}")


@lru_cache
def _migrated() -> Path:
    """One file, migrated once a process and copied for every test."""
    folder = Path(tempfile.mkdtemp(prefix="shoudai-web-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = open_database(f"sqlite:///{folder / 'web.db'}")
    migrate(database)
    # Closing the last connection empties the write-ahead log into the file.
    database.close()
    return folder / "web.db"


@lru_cache
def _policies() -> PolicyBook:
    """Read once: nobody changes them."""
    return PolicyBook.load()


@dataclass
class Web:
    """The application and the fakes behind it."""

    app: FastAPI
    client: TestClient
    dialogue: FakeDialogue
    call: FakeCall
    database: Database
    recorder: TranscriptRecorder
    recordings: RecordingStore
    sessions: SessionStore
    ended: list[tuple[str, str]]

    def chat(self, headers: dict[str, str] = ORIGIN) -> WebSocketTestSession:
        """Connect to the chat socket from our own page."""
        return self.client.websocket_connect("/chat", headers=headers)

    def voice(self, headers: dict[str, str] = ORIGIN) -> WebSocketTestSession:
        """Connect to the voice socket from our own page."""
        return self.client.websocket_connect("/voice", headers=headers)


def overheard_call(call: HoldCall, overheard: OverheardCalls) -> HoldCall:
    """The fake call on a line that can be listened to, as CallHolding makes it."""

    async def hold(
        call_id: str,
        transport: Transport,
        dialogue: Dialogue,
        sender: str,
        on_event: Callable[[CallEvent], None],
    ) -> None:
        try:
            await call(call_id, overheard.begin(call_id, transport), dialogue, sender, on_event)
        finally:
            overheard.end(call_id)

    return hold


def web_app(
    folder: Path,
    dialogue: FakeDialogue,
    call: HoldCall,
    settings: BotSettings,
    database: Database,
    ended: list[tuple[str, str]],
) -> tuple[FastAPI, TranscriptRecorder, RecordingStore, SessionStore]:
    """Wire the application as bot/__main__.py does, with fakes for what lies outside."""
    limits = settings.limits
    recorder = TranscriptRecorder(TranscriptWriter(database))
    recordings = RecordingStore(folder / "recordings", KEYS.recording_key())
    board, overheard, requests = LiveBoard(), OverheardCalls(), ServiceDesk(database, KEYS)
    watched = WatchedRecorder(recorder, board)

    def on_end(session: Session, ended_by: str) -> None:
        ended.append((session.conversation_id, ended_by))
        watched.conversation_ended(session.conversation_id, ended_by)

    sessions = SessionStore(limits.sessions, limits.session_idle_s, on_end, watch=board)
    gates = Gates.from_limits(limits)
    chats = ChatDesk(dialogue, watched, sessions)
    speech = SpeechDesk(lambda: overheard_call(call, overheard), limits.calls)

    async def dialogue_answers() -> bool:
        return not dialogue.broken

    app = create_app(
        Parts(
            chat=ChatSocket(settings, gates, sessions, chats),
            voice=VoiceSocket(settings, gates, sessions, dialogue, speech, watched),
            sessions=sessions,
            speech=speech,
            readiness=Readiness(dialogue_answers, speech),
            console=open_console(
                settings,
                database,
                KEYS,
                recordings,
                HandoffQueue(requests),
                open_live(board, overheard, sessions, recorder, dialogue, requests, limits, chats.take_back),
                page_templates(),
                FakeJobs(),
            ),
            shop_window=ShopWindow(_policies(), demo=True),
            on_stop=recorder.close,
        )
    )
    return app, recorder, recordings, sessions


@contextmanager
def running_web(
    folder: Path, limits: Limits | None = None, settings: BotSettings | None = None
) -> Iterator[Web]:
    """The application with its lifespan begun."""
    dialogue, call, ended = FakeDialogue(), FakeCall(), []  # type: FakeDialogue, FakeCall, list[tuple[str, str]]
    database = fresh_database(folder)
    settings = replace(settings or BotSettings(), limits=limits or Limits(), var_dir=folder)
    app, recorder, recordings, sessions = web_app(folder, dialogue, call, settings, database, ended)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield Web(app, client, dialogue, call, database, recorder, recordings, sessions, ended)
    database.close()


def hello(socket: WebSocketTestSession, token: str | None = None, last_seen: int = 0) -> dict[str, Any]:
    """Say hello and return the ``session`` message."""
    socket.send_json({"type": "hello", "token": token, "last_seen": last_seen})
    return dict(socket.receive_json())


def until(socket: WebSocketTestSession, **wanted: Any) -> dict[str, Any]:
    """Read messages until one has these values; at most a thousand."""
    for _ in range(1_000):
        message = socket.receive()
        if message["type"] == "websocket.close":
            raise AssertionError(f"closed before {wanted}")
        if message.get("text") is None:
            continue
        content = json.loads(message["text"])
        if all(content.get(key) == value for key, value in wanted.items()):
            return dict(content)
    raise AssertionError(f"never came: {wanted}")


async def serve_for_a_look(folder: Path, port: int) -> None:
    """Serve the application with fakes, to look at it in a browser: python -m tests.bot.web FOLDER PORT."""
    dialogue, ended = FakeDialogue(), []  # type: FakeDialogue, list[tuple[str, str]]
    settings = BotSettings(port=port)
    app, *_ = web_app(folder, dialogue, FakeCall(), settings, fresh_database(folder), ended)
    await uvicorn.Server(uvicorn.Config(app, port=port, ws="wsproto", log_level="warning")).serve()


if __name__ == "__main__":
    asyncio.run(serve_for_a_look(Path(sys.argv[1]), int(sys.argv[2])))
