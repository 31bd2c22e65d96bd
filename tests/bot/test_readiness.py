"""Rasa counts as ready only with a model: its own `GET /` answers 200 without one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from bot.channels.clerk import ClerkChannel
from bot.readiness import rasa_check
from serve.health import is_healthy
from serve.services import ROOT, rasa_server


async def answer_of(path: str, agent: Any) -> int:
    """The status of one of the channel's routes in a Rasa with this agent."""

    async def nobody(message: Any) -> None:
        raise AssertionError(message)

    routes = {route.uri: route.handler for route in ClerkChannel("secret").blueprint(nobody)._future_routes}
    ctx = SimpleNamespace(agent=agent)
    request = SimpleNamespace(
        app=SimpleNamespace(ctx=ctx), token="secret", json={"sender": "x", "text": "你好"}
    )
    return int((await routes[path](request)).status)


@pytest.mark.parametrize("agent", [None, SimpleNamespace(is_ready=lambda: False)])
@pytest.mark.parametrize("path", ["/health", "/start", "/message"])
async def test_without_a_model_the_channel_answers_503(path: str, agent: Any) -> None:
    assert await answer_of(path, agent) == 503


async def test_with_a_model_it_is_healthy() -> None:
    assert await answer_of("/health", SimpleNamespace(is_ready=lambda: True)) == 200


@contextmanager
def rasa_without_model() -> Iterator[str]:
    """200 on `/` and 503 on the channel's health, as Rasa does when its model cannot be loaded."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 503)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


async def test_the_bot_and_its_launcher_are_not_ready_while_rasa_has_no_model() -> None:
    with rasa_without_model() as url:
        assert is_healthy(f"{url}/")
        assert not await rasa_check(url)()
        service = rasa_server(ROOT / "no-model", int(url.rsplit(":", 1)[1]), ROOT / "endpoints.yml", "secret")
        assert service.health_url is not None
        assert not is_healthy(service.health_url)
