"""Another model takes over while people talk: nobody waits, nobody is lost, and what fails changes nothing."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from actions.lending.database import open_database
from actions.lending.identity import IdentityService
from actions.lending.keys import load_keys
from bot.dialogue import RasaDialogue
from install.training import content_hash, ensure_model
from serve import dialogue_swap
from serve.dialogue_swap import DialogueSwap, Origin, model_at_start
from serve.health import wait_until_healthy
from serve.ports import free_port
from serve.services import Service, rasa_server, write_endpoints
from serve.stack import TextStack, running
from teaching.serving import DialogueAddress, Serving, ServingFiles

TOKEN = "a token of this test"


class FakeClerk:
    """Rasa's clerk channel as far as the swap asks it; ``answers`` False: it never becomes ready."""

    def __init__(self, port: int, answers: bool = True) -> None:
        self.busy, self.warmed = 0, False
        clerk = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._send(200 if answers else 503, {"busy": clerk.busy})

            def do_POST(self) -> None:
                clerk.warmed = True
                right = self.headers["Authorization"] == f"Bearer {TOKEN}"
                self._send(200 if right else 401, {})

            def _send(self, status: int, body: dict[str, int]) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class FakeProcesses:
    """Starts a fake clerk for each service."""

    def __init__(self) -> None:
        self.clerks: dict[str, FakeClerk] = {}
        self.models: dict[str, str] = {}
        self.ready = True

    def start(self, service: Service) -> None:
        port = int(service.command[service.command.index("--port") + 1])
        self.clerks[service.name] = FakeClerk(port, self.ready)
        self.models[service.name] = service.command[service.command.index("--model") + 1]

    def stop(self, name: str) -> None:
        self.clerks.pop(name).close()


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeProcesses]:
    monkeypatch.setattr(dialogue_swap, "LINGER_S", 0.0)
    started = FakeProcesses()
    yield started
    for name in list(started.clerks):
        started.stop(name)


@pytest.fixture
def files(tmp_path: Path) -> ServingFiles:
    return ServingFiles(tmp_path / "rasa")


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    path = tmp_path / "candidate.tar.gz"
    path.write_bytes(b"a model")
    return path


@pytest.fixture
def swap(processes: FakeProcesses, files: ServingFiles, tmp_path: Path) -> DialogueSwap:
    port, origin = free_port(), Origin(tmp_path / "repository.tar.gz", tmp_path / "endpoints.yml", TOKEN)
    model = model_at_start(files, origin.model, port)
    processes.start(rasa_server(model, port, origin.endpoints, TOKEN))
    return DialogueSwap(processes, files, origin)


def test_a_model_takes_over_when_it_is_warm_and_the_old_one_ends(
    swap: DialogueSwap, processes: FakeProcesses, files: ServingFiles, candidate: Path
) -> None:
    address = DialogueAddress("http://127.0.0.1:1", files.address)
    before = address.current()
    files.want(str(candidate), "b1", content_hash())
    swap.step()
    assert list(processes.clerks) == ["rasa-2"] and processes.clerks["rasa-2"].warmed
    assert processes.models["rasa-2"] == str(candidate)
    assert address.current() != before, "the bot asks the new one from now on"
    serving = files.serving()
    assert serving is not None and (serving.batch, serving.before, serving.state) == ("b1", "", "serving")


def test_the_old_process_answers_what_it_was_asked_before_it_ends(
    swap: DialogueSwap, processes: FakeProcesses, files: ServingFiles, candidate: Path
) -> None:
    old = processes.clerks["rasa"]
    old.busy = 1
    files.want(str(candidate), "b1", content_hash())
    change = threading.Thread(target=swap.step)
    change.start()
    while (serving := files.serving()) is None or serving.state != "finishing":
        pass
    assert "rasa" in processes.clerks
    old.busy = 0
    change.join(10)
    assert list(processes.clerks) == ["rasa-2"]


def test_the_model_before_comes_back_the_same_way(
    swap: DialogueSwap, processes: FakeProcesses, files: ServingFiles, candidate: Path, tmp_path: Path
) -> None:
    for model, batch in ((str(candidate), "b1"), ("", "")):
        files.want(model, batch, content_hash())
        swap.step()
    assert processes.models["rasa"] == str(tmp_path / "repository.tar.gz")
    serving = files.serving()
    assert serving is not None and (serving.batch, serving.before) == ("", "b1")


def test_what_was_wanted_is_done_once(
    swap: DialogueSwap, processes: FakeProcesses, files: ServingFiles, candidate: Path
) -> None:
    files.want(str(candidate), "b1", content_hash())
    swap.step()
    swap.step()
    assert list(processes.clerks) == ["rasa-2"]


@pytest.mark.parametrize(
    ("sources", "gone", "reason"), [("other", False, "model_outdated"), ("", True, "model_missing")]
)
def test_a_model_that_does_not_fit_is_not_even_started(
    swap: DialogueSwap,
    processes: FakeProcesses,
    files: ServingFiles,
    candidate: Path,
    sources: str,
    gone: bool,
    reason: str,
) -> None:
    if gone:
        candidate.unlink()
    files.want(str(candidate), "b1", sources or content_hash())
    swap.step()
    serving = files.serving()
    assert serving is not None and (serving.batch, serving.state, serving.reason) == ("", "failed", reason)
    assert list(processes.clerks) == ["rasa"]


def test_a_process_that_never_answers_is_ended_and_the_old_one_stays(
    swap: DialogueSwap,
    processes: FakeProcesses,
    files: ServingFiles,
    candidate: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    impatient = lambda *arguments: replace(rasa_server(*arguments), patience_s=0.5)  # noqa: E731
    monkeypatch.setattr(dialogue_swap, "rasa_server", impatient)
    before, processes.ready = files.serving(), False
    files.want(str(candidate), "b1", content_hash())
    swap.step()
    serving = files.serving()
    assert before is not None and serving is not None
    assert (serving.url, serving.state, serving.reason) == (before.url, "failed", "service_not_ready")
    assert list(processes.clerks) == ["rasa"]


def test_a_process_that_cannot_even_be_made_leaves_the_old_one(
    swap: DialogueSwap,
    processes: FakeProcesses,
    files: ServingFiles,
    candidate: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(service: Service) -> None:
        raise OSError("no space left on the device")

    monkeypatch.setattr(processes, "start", full)
    files.want(str(candidate), "b1", content_hash())
    swap.step()
    serving = files.serving()
    assert serving is not None and (serving.batch, serving.state) == ("", "failed")
    assert (serving.reason, list(processes.clerks)) == ("model_not_started", ["rasa"])


def test_after_a_restart_the_model_that_served_serves_again(files: ServingFiles, candidate: Path) -> None:
    files.serve(Serving("http://x", "b1", before="", model=str(candidate), sources=content_hash()))
    assert model_at_start(files, Path("repository"), 5005) == candidate
    serving = files.serving()
    assert serving is not None and (serving.url, serving.batch) == ("http://127.0.0.1:5005", "b1")


def test_after_an_update_of_code_or_data_the_repositorys_model_serves(
    files: ServingFiles, candidate: Path
) -> None:
    files.serve(Serving("http://x", "b1", model=str(candidate), sources="of another checkout"))
    assert model_at_start(files, Path("repository"), 5005) == Path("repository")
    serving = files.serving()
    assert serving is not None and serving.batch == ""


class RealProcesses:
    """Real services, each under the guard until it is stopped."""

    def __init__(self, logs: Path) -> None:
        self._logs, self._running = logs, {}  # type: Path, dict[str, ExitStack]

    def start(self, service: Service) -> None:
        held = ExitStack()
        self.process = held.enter_context(running(service, self._logs))
        self._running[service.name] = held

    def stop(self, name: str) -> None:
        self._running.pop(name).close()

    def stop_all(self) -> None:
        for name in list(self._running):
            self.stop(name)


@pytest.mark.slow
async def test_nobody_who_talks_while_real_models_change_notices(stack: TextStack, tmp_path: Path) -> None:
    """A conversation goes on where it was in the other process, and not one of the turns on the way is lost."""
    processes, files, port = RealProcesses(tmp_path), ServingFiles(tmp_path / "rasa"), free_port()
    endpoints = write_endpoints(tmp_path, int(stack.action_url.split(":")[2].split("/")[0]))
    first = rasa_server(model_at_start(files, ensure_model(), port), port, endpoints, stack.token)
    processes.start(first)
    wait_until_healthy("rasa", first.health_url or "", first.patience_s, processes.process, "rasa.log")
    address = DialogueAddress("http://127.0.0.1:1", files.address)
    identity = IdentityService(open_database(stack.database_url), load_keys())
    dialogue = RasaDialogue(address, stack.token, identity)
    try:
        await dialogue.start("swap-one", {"channel": "chat"})
        asked = await dialogue.send("swap-one", "我想申请贷款", {})
        before = address.current()
        swap = DialogueSwap(processes, files, Origin(ensure_model(), endpoints, stack.token))
        files.want(str(ensure_model()), "b1", content_hash())
        change = asyncio.get_running_loop().run_in_executor(None, swap.step)
        answered = 0
        while not change.done():
            turn = await dialogue.send(f"swap-{answered}", "利率是多少", {})
            assert turn.intent == "ask_interest"
            answered += 1
        await change
        assert answered > 3 and address.current() != before
        repeated = await dialogue.send("swap-one", "没听清，再说一遍", {})
        assert repeated.messages[-1].text == asked.messages[-1].text, (
            "the other process knows the conversation"
        )
    finally:
        await dialogue.close()
        await asyncio.to_thread(processes.stop_all)
