"""DialogueSwap: another model takes over from the one that serves; a second Rasa is ready before the first one ends."""

import json
import logging
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from install.errors import SetupError
from install.training import content_hash
from serve.health import POLL_S, is_healthy
from serve.ports import free_port
from serve.services import LOOPBACK, Service, rasa_server
from teaching.serving import Serving, ServingFiles, Wanted

LOOK_EVERY_S = 1.0
WARM_S = 60.0
DRAIN_S = 30.0
"""The bot gives up a turn after eight seconds (bot/dialogue.py): nothing is at work in the old process for longer."""
LINGER_S = 1.0
"""A turn may have read the old address a moment before it changed and not be on its way yet."""

_logger = logging.getLogger(__name__)
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Processes(Protocol):
    """Starts and stops services while others run."""

    def start(self, service: Service) -> None:
        """Run it and keep it running."""
        ...

    def stop(self, name: str) -> None:
        """End it and let it be."""
        ...


@dataclass(frozen=True)
class Origin:
    """What every Rasa of this run is made from."""

    model: Path
    """The repository's."""
    endpoints: Path
    token: str


def model_at_start(files: ServingFiles, repository: Path, port: int) -> Path:
    """The model that served last, when it still fits this checkout; else the repository's. Says so in the file."""
    last, wanted = files.serving(), files.wanted()
    url, request = f"http://{LOOPBACK}:{port}", wanted.request if wanted else ""
    if last and last.batch and last.sources == content_hash() and Path(last.model).is_file():
        files.serve(replace(last, url=url, request=request, state="serving", reason=""))
        return Path(last.model)
    files.serve(Serving(url, "", request))
    return repository


class DialogueSwap:
    """Used on one thread of the launcher."""

    def __init__(self, processes: Processes, files: ServingFiles, origin: Origin, name: str = "rasa") -> None:
        """``name``: the service that serves at the beginning, at the address in the file."""
        self._processes, self._files, self._origin, self._name = processes, files, origin, name
        serving = files.serving()
        assert serving is not None, "model_at_start wrote it"
        self._serving = serving

    def run(self, stopped: Callable[[float], bool]) -> None:
        """Look every second until ``stopped`` (an event's ``wait``) says so."""
        while not stopped(LOOK_EVERY_S):
            self.step()

    def step(self) -> None:
        """Make it so when another model is wanted. Takes as long as Rasa takes to start."""
        wanted = self._files.wanted()
        if wanted is None or wanted.request == self._serving.request:
            return
        self._say(replace(self._serving, request=wanted.request, state="starting", reason=""))
        name = "rasa-2" if self._name == "rasa" else "rasa"
        try:
            model = self._model(wanted)
            url = self._started(name, model)
        except SetupError as error:
            self._stay(error)
            return
        except OSError as error:  # no free port, no room on the disk
            self._stay(SetupError("model_not_started", str(error)))
            return
        old = self._serving
        now = Serving(url, wanted.batch, wanted.request, "finishing", before=old.batch)
        # From this line on every new turn goes to the new process.
        self._say(replace(now, model=str(model), sources=wanted.sources))
        self._drain(old.url)
        self._processes.stop(self._name)
        self._name = name
        self._say(replace(self._serving, state="serving"))

    def _stay(self, why: SetupError) -> None:
        _logger.warning("the model stays: %s: %s", why.code, why.message)
        self._say(replace(self._serving, state="failed", reason=why.code))

    def _say(self, serving: Serving) -> None:
        self._serving = serving
        self._files.serve(serving)

    def _model(self, wanted: Wanted) -> Path:
        if not wanted.batch:
            return self._origin.model
        if wanted.sources != content_hash():
            raise SetupError("model_outdated", "The code or data has changed since the model was trained.")
        if not Path(wanted.model).is_file():
            raise SetupError("model_missing", "The model's file is gone.")
        return Path(wanted.model)

    def _started(self, name: str, model: Path) -> str:
        """Start Rasa with this model on a free port; its address once it is ready and warm. Raises SetupError."""
        port = free_port()
        service = rasa_server(model, port, self._origin.endpoints, self._origin.token, name)
        url = f"http://{LOOPBACK}:{port}"
        self._processes.start(service)
        deadline = time.monotonic() + service.patience_s
        while not is_healthy(service.health_url or ""):
            if time.monotonic() > deadline:
                self._processes.stop(name)
                raise SetupError("service_not_ready", f"{name} did not answer; see {name}.log.")
            time.sleep(POLL_S)
        try:
            _post(f"{url}/webhooks/clerk/warm", self._origin.token)
        except OSError as error:
            self._processes.stop(name)
            raise SetupError("service_not_ready", f"{name} could not be warmed: {error}") from error
        return url

    def _drain(self, url: str) -> None:
        """Return when the process at this address has answered everything that it was asked."""
        time.sleep(LINGER_S)
        deadline = time.monotonic() + DRAIN_S
        while _busy(url) and time.monotonic() < deadline:
            time.sleep(POLL_S)


def _post(url: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, b"{}", headers, method="POST")
    with _direct.open(request, timeout=WARM_S):
        pass


def _busy(url: str) -> bool:
    """Whether turns are at work there; a process that does not answer has none that could still be waited for."""
    try:
        with _direct.open(f"{url}/webhooks/clerk/health", timeout=2.0) as answer:
            return bool(json.load(answer).get("busy"))
    except (urllib.error.URLError, OSError, ValueError):
        return False
