"""Sites for the browser tests: the application on a real port, with fakes or with everything real behind it."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import uvicorn

from actions.lending.database import Database
from bot.recordings import RecordingStore
from bot.sessions import SessionStore
from bot.settings import BotSettings
from bot.transcripts import TranscriptRecorder
from serve.ports import free_port
from serve.stack import TextStack
from tests.bot.web import fresh_database, web_app
from tests.fakes import FakeCall, FakeDialogue

ROOT = Path(__file__).parents[2]
_PATIENCE_S = 180


@dataclass
class FakeSite:
    """The application in this process, on a real socket, with fakes behind it."""

    url: str
    dialogue: FakeDialogue
    call: FakeCall
    sessions: SessionStore
    settings: BotSettings
    database: Database
    recorder: TranscriptRecorder
    recordings: RecordingStore

    def allow(self, address: str) -> None:
        """Configure the origin of this address, as SHOUDAI_ORIGINS does at the start."""
        parts = urlsplit(address)
        object.__setattr__(self.settings, "origins", frozenset({f"{parts.scheme}://{parts.netloc}"}))


@contextmanager
def fake_site(folder: Path) -> Iterator[FakeSite]:
    """Serve the application with fakes on a free port until the block ends."""
    port, dialogue, call, database = free_port(), FakeDialogue(), FakeCall(), fresh_database(folder)
    settings = BotSettings(port=port, var_dir=folder)
    app, recorder, recordings, sessions = web_app(folder, dialogue, call, settings, database, [])
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, ws="wsproto", log_level="error", timeout_graceful_shutdown=2)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    url = f"http://127.0.0.1:{port}/"
    _wait_until_ready(url)
    try:
        yield FakeSite(url, dialogue, call, sessions, settings, database, recorder, recordings)
    finally:
        server.should_exit = True
        thread.join(20)
        database.close()


@contextmanager
def real_site(stack: TextStack, folder: Path) -> Iterator[str]:
    """Run ``python -m bot`` against a running text stack on a free port; yields the page's address."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": stack.database_url,
        "SHOUDAI_RASA_URL": stack.rasa_url,
        "SHOUDAI_RASA_TOKEN": stack.token,
        "SHOUDAI_WEB_PORT": str(port),
        "SHOUDAI_VAR_DIR": str(folder),
        "SHOUDAI_MODELS_DIR": os.environ.get("SHOUDAI_MODELS_DIR", str(ROOT / "var" / "models")),
        "OMP_NUM_THREADS": "1",
    }
    # Fixed sentences were spoken at set-up: the bot under test uses that cache, as the one of `make run` does.
    cache = ROOT / "var" / "speech-cache"
    if cache.is_dir():
        (folder / "speech-cache").symlink_to(cache, target_is_directory=True)
    with (folder / "bot.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        url = f"http://127.0.0.1:{port}/"
        _wait_until_ready(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes] | None" = None) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        if process is not None and process.poll() is not None:
            raise AssertionError(f"the bot ended while starting: {process.returncode}")
        try:
            if httpx.get(f"{url}readyz", trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"{url} was not ready in time")
