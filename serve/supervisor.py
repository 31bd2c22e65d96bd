"""Supervisor: circus runs the services and restarts what dies; a watch restarts what lives but does not answer."""

import logging
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from circus import get_arbiter
from circus.client import make_json
from circus.exc import ConflictError
from circus.util import parse_env_dict
from tornado import gen
from tornado.concurrent import Future

from install.errors import SetupError
from install.paths import ROOT
from serve.health import POLL_S, is_healthy
from serve.services import Service

LOG_BYTES = 5_000_000
LOG_FILES = 3
STARTS_BEFORE_GIVING_UP = 3
WATCH_EVERY_S = 10.0
SILENT_CHECKS = 4
"""Failed checks in a row after which a service that is alive is taken for stuck."""


class Supervisor:
    """Runs services until it is told to stop (TERM, INT) or one of them never becomes healthy."""

    def __init__(self, services: Sequence[Service], logs: Path, on_ready: Callable[[], None]) -> None:
        self._services = list(services)
        self._logs = logs
        self._on_ready = on_ready
        self._starts: Counter[str] = Counter()
        self._failure: SetupError | None = None
        self._stopping = threading.Event()
        logs.mkdir(parents=True, exist_ok=True)
        _log_to(logs / "supervisor.log")
        # Unix sockets in a private folder: nobody else on the machine may command the supervisor.
        self._sockets = tempfile.TemporaryDirectory(prefix="shoudai-")
        self._arbiter = get_arbiter(
            [self._watcher(service) for service in services],
            controller=f"ipc://{self._sockets.name}/control",
            pubsub_endpoint=f"ipc://{self._sockets.name}/events",
            multicast_endpoint=None,
            check_delay=0.5,
        )
        # circus stops everything at once; a service with calls in hand must end before those that it needs.
        self._arbiter.ctrl.sys_hdl.quit = lambda: self._arbiter.loop.add_callback_from_signal(self._stop)

    def run(self) -> None:
        """Block until everything has stopped. Raises SetupError ``service_not_ready``."""
        watch = threading.Thread(target=self._watch, name="health", daemon=True)
        watch.start()
        try:
            self._arbiter.start()
        finally:
            self._stopping.set()
            self._sockets.cleanup()
        if self._failure:
            raise self._failure

    def start(self, service: Service) -> None:
        """Run one service more, watched like the others. From any thread; it need not answer yet when this returns."""
        settings = self._watcher(service)
        settings["env"] = parse_env_dict(settings["env"])

        async def begin() -> None:
            await _when_free(lambda: self._arbiter.add_watcher(**settings))
            await _when_free(self._arbiter.get_watcher(service.name).start)
            self._services.append(service)

        self._in_loop(begin)

    def stop(self, name: str) -> None:
        """End a service and forget it. From any thread; it may still be ending when this returns."""
        self._services = [service for service in self._services if service.name != name]
        self._in_loop(lambda: _when_free(lambda: self._arbiter.rm_watcher(name)))

    def stopped(self, wait_s: float) -> bool:
        """Whether everything is to end, known within ``wait_s`` seconds."""
        return self._stopping.wait(wait_s)

    async def _stop(self) -> None:
        """End the services in order, then circus itself."""
        self._stopping.set()
        for service in self._services:
            if service.stops_first:
                await self._arbiter.get_watcher(service.name).stop()
        self._in_loop(lambda: self._arbiter.ctrl.dispatch((None, make_json("quit"))))

    def _watcher(self, service: Service) -> dict[str, Any]:
        log = (
            None
            if service.on_terminal
            else {
                "class": "FileStream",
                "filename": str(self._logs / f"{service.name}.log"),
                "max_bytes": LOG_BYTES,
                "backup_count": LOG_FILES,
            }
        )
        command, *arguments = service.guarded_command()
        return {
            "name": service.name,
            "cmd": command,
            "args": arguments,
            "env": service.full_environment(),
            "working_dir": str(ROOT),
            "stdout_stream": log,
            "stderr_stream": log,
            # The guard itself needs up to twice its grace to end a stubborn service.
            "graceful_timeout": 2 * service.grace_s + 5,
            "max_retry": -1,
            "respawn": service.restarts,
            "hooks": {"after_spawn": (self._count_start, True)},
        }

    def _count_start(self, watcher: Any, arbiter: Any, hook_name: str, **details: Any) -> bool:
        self._starts[watcher.name] += 1
        if self._starts[watcher.name] > 1:
            logging.getLogger(__name__).warning("%s had ended and was started again", watcher.name)
        return True

    def _watch(self) -> None:
        """First until all are healthy, then for as long as they run."""
        try:
            self._await_all()
        except SetupError as error:
            self._failure = error
            self._in_loop(self._arbiter.stop)
            return
        if self._stopping.is_set():
            return
        self._on_ready()
        silent: Counter[str] = Counter()
        while not self._stopping.wait(WATCH_EVERY_S):
            for service in list(self._services):
                self._check(service, silent)

    def _await_all(self) -> None:
        started = time.monotonic()
        pending = [service for service in self._services if service.health_url]
        while pending and not self._stopping.wait(POLL_S):
            pending = [service for service in pending if not is_healthy(service.health_url or "")]
            for service in pending:
                log = self._logs / f"{service.name}.log"
                if self._starts[service.name] > STARTS_BEFORE_GIVING_UP:
                    message = f"{service.name} ends again and again; the reason is in {log}."
                    raise SetupError("service_not_ready", message)
                if time.monotonic() - started > service.patience_s:
                    message = f"{service.name} did not answer within {service.patience_s:.0f} s; see {log}."
                    raise SetupError("service_not_ready", message)

    def _check(self, service: Service, silent: "Counter[str]") -> None:
        url = service.alive_url or service.health_url
        if url is None or is_healthy(url, timeout_s=5.0):
            silent[service.name] = 0
            return
        silent[service.name] += 1
        if silent[service.name] >= SILENT_CHECKS:
            logging.getLogger(__name__).warning("%s is alive but silent: restarting it", service.name)
            silent[service.name] = -SILENT_CHECKS  # time to start again
            self._in_loop(self._arbiter.get_watcher(service.name).restart)

    def _in_loop(self, action: Callable[[], Any]) -> None:
        self._arbiter.loop.add_callback(action)


async def _when_free(action: Callable[[], Any]) -> None:
    """circus does one thing at a time and refuses a second: its timer may just be looking after the processes."""
    while True:
        try:
            done = action()
        except ConflictError:
            await gen.sleep(POLL_S)
            continue
        if isinstance(done, Future):
            await done
        return


def _is_no_conflict(record: logging.LogRecord) -> bool:
    # While it stops or restarts something, circus's own timer runs into its lock and says so; nothing is wrong.
    return not (record.exc_info and isinstance(record.exc_info[1], ConflictError))


def _log_to(path: Path) -> None:
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(_is_no_conflict)
    for name in ("circus", "tornado", __name__):
        log = logging.getLogger(name)
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False
