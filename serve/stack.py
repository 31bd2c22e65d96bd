"""The text stack (Rasa and action server) on free ports, for tests and commands that bring their own."""

import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from install.guard import GRACE_S
from install.paths import ROOT
from install.training import ensure_model
from serve.health import wait_until_healthy
from serve.ports import free_port
from serve.services import LOOPBACK, Service, action_server, rasa_server, write_endpoints


@dataclass(frozen=True)
class TextStack:
    """A running Rasa and action server."""

    rasa_url: str
    token: str = field(repr=False)
    """Bearer token of the clerk channel."""
    action_url: str
    database_url: str


@contextmanager
def text_stack(database_url: str, var_dir: Path) -> Iterator[TextStack]:
    """Start both on free ports, wait until they answer, yield, and stop everything.

    They also stop when this process dies in any way. Logs lie in ``var_dir``/logs. Trains Rasa first when needed.
    Raises SetupError when training fails or a service does not come up.
    """
    model = ensure_model()
    token = secrets.token_urlsafe(32)
    action_port, rasa_port = free_port(), free_port()
    var_dir.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        # Of this run only: several commands may run at once, and their conversations are not kept by Rasa.
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=var_dir, prefix="stack-"))
        endpoints = write_endpoints(Path(folder), action_port)
        services = [
            rasa_server(model, rasa_port, endpoints, token),
            action_server(database_url, action_port),
        ]
        started = [(service, stack.enter_context(running(service, var_dir / "logs"))) for service in services]
        for service, process in started:
            assert service.health_url
            log = str(var_dir / "logs" / f"{service.name}.log")
            wait_until_healthy(service.name, service.health_url, service.patience_s, process, log)
        yield TextStack(
            rasa_url=f"http://{LOOPBACK}:{rasa_port}",
            token=token,
            action_url=f"http://{LOOPBACK}:{action_port}/webhook",
            database_url=database_url,
        )


@contextmanager
def running(service: Service, logs: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a service under the guard; leaving the block, or dying, stops it and all that it started."""
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / f"{service.name}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "install.guard", "--until-eof", *service.command],
            # The guard watches this pipe: its end means that we are gone, however we went.
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=service.full_environment(),
        )
    try:
        yield process
    finally:
        assert process.stdin
        process.stdin.close()
        try:
            process.wait(2 * GRACE_S + 5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
