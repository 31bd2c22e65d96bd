"""The application's pages: headers, health, and what is served to whom."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.app import HERE
from bot.settings import BotSettings
from bot.speech_desk import CallRefused, HoldCall, SpeechDesk, SpeechState
from tests.bot.web import Web, fresh_database, hello, until, web_app
from tests.fakes import FakeCall, FakeDialogue


@pytest.mark.parametrize(
    "path", ["/", "/staff/login", "/healthz", "/widget/shoudai.js", "/assets/demo.css", "/nowhere"]
)
def test_every_answer_carries_the_security_headers(web: Web, path: str) -> None:
    """No inline script, no frame around us, no sniffing."""
    headers = web.client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_only_the_widgets_files_may_be_loaded_by_other_sites(web: Web) -> None:
    """Modules and worklets need CORS; pages and staff's answers must not have it."""
    assert web.client.get("/widget/capture-worklet.js").headers["access-control-allow-origin"] == "*"
    for path in ("/", "/staff/login", "/readyz", "/staff-assets/console.css"):
        assert "access-control-allow-origin" not in web.client.get(path).headers


@pytest.mark.parametrize(
    "path",
    [
        "/widget/../settings.py",
        "/widget/%2e%2e/settings.py",
        "/assets/..%2f..%2fapp.py",
        "/widget//etc/passwd",
    ],
)
def test_no_file_outside_the_public_folders_is_served(web: Web, path: str) -> None:
    """Path traversal."""
    assert web.client.get(path).status_code == 404


def test_a_body_longer_than_a_form_is_refused(web: Web) -> None:
    """By its announced length, and also when it is sent in pieces without one."""

    def pieces() -> Iterator[bytes]:
        for _ in range(40):
            yield b"name=" + b"x" * 1_000

    form = {"content-type": "application/x-www-form-urlencoded"}
    assert web.client.post("/staff/login", content=b"x" * 20_000, headers=form).status_code == 413
    assert web.client.post("/staff/login", content=pieces(), headers=form).status_code == 413
    assert web.client.post("/staff/login", content=b"name=x", headers=form).status_code == 403


def test_the_demo_page_shows_the_policies_own_figures(web: Web) -> None:
    """Rates and amounts come from data/policies, the widget from one tag, nothing from elsewhere."""
    text = web.client.get("/").text
    for offer in ("青禾店主贷", "9.00%–14.40%", "1–30万元"):
        assert offer in text
    assert text.count("<script") == 1
    assert "http://" not in text and "https://" not in text


def test_nothing_of_the_pages_comes_from_another_host() -> None:
    """No CDN, no web fonts, no trackers: every address in our files is our own or a namespace."""
    files = [path for path in (HERE / "widget").rglob("*") if path.suffix in (".js", ".css", ".html", ".svg")]
    assert len(files) > 10
    for path in files:
        text = (
            path.read_text(encoding="utf-8")
            .replace("http://www.w3.org/2000/svg", "")
            .replace("https://客服地址", "")
        )
        assert "http://" not in text and "https://" not in text, path


def test_health_and_readiness(web: Web) -> None:
    """Alive is alive; ready means that the dialogue answers and the engines are loaded."""
    assert web.client.get("/healthz").json() == {"status": "ok"}
    assert web.client.get("/readyz").json() == {"status": "ready", "dialogue": True, "speech": "ready"}
    web.dialogue.broken = True
    away = web.client.get("/readyz")
    assert (away.status_code, away.json()["dialogue"]) == (503, False)


def test_the_chat_answers_while_the_engines_are_still_loading(tmp_path: Path) -> None:
    """Loading takes seconds; a call is refused with a sentence until then, and /readyz says so."""
    loaded = threading.Event()
    dialogue, call = FakeDialogue(), FakeCall()
    database = fresh_database(tmp_path)
    app, *_ = web_app(tmp_path, dialogue, call, BotSettings(var_dir=tmp_path), database, [])
    desk_open = SpeechDesk.open

    async def open_slowly(desk: SpeechDesk) -> None:
        await asyncio.to_thread(loaded.wait, 20)
        await desk_open(desk)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SpeechDesk, "open", open_slowly)
        with TestClient(app, base_url="http://127.0.0.1:8000") as client:
            origin = {"origin": "http://127.0.0.1:8000"}
            with client.websocket_connect("/chat", headers=origin) as chat:
                token = hello(chat)["token"]
                until(chat, type="entry", seq=1)
                with client.websocket_connect("/voice", headers=origin) as voice:
                    voice.send_json({"type": "hello", "token": token})
                    assert voice.receive_json()["code"] == "speech_loading"
            assert client.get("/readyz").json()["speech"] == "loading"
            loaded.set()
    database.close()


async def test_missing_models_leave_the_text_chat_alone() -> None:
    """The desk says that speech is unavailable instead of raising."""

    def load() -> HoldCall:
        raise RuntimeError("no model")

    desk = SpeechDesk(load, capacity=1)
    await desk.open()
    assert desk.state is SpeechState.UNAVAILABLE
    with pytest.raises(CallRefused) as refused:
        desk.check()
    assert refused.value.code == "speech_unavailable"
