"""What runs: the command line, environment and health address of each service."""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from install.files import write_atomically
from install.guard import GRACE_S
from install.paths import ROOT
from teaching.serving import ADDRESS_VARIABLE

LOOPBACK = "127.0.0.1"

_WEB_ENDS_S = 20.0
"""What the bot needs besides the calls: open pages get 5 s, hung-up calls as many, the transcripts are written."""

QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "OMP_NUM_THREADS": "1",
    # Sanic and Rasa print whole messages at DEBUG: customers' words do not belong into log files.
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "LOG_LEVEL_RASA_PLUS": "WARNING",
    "PYTHONUNBUFFERED": "1",
    "PYTHONPATH": str(ROOT),
}
"""Environment of every service: no telemetry, one BLAS thread (more make short sentences ten times slower)."""


@dataclass(frozen=True)
class Service:
    """One process to start and watch."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    """On top of the launcher's own environment."""
    health_url: str | None = None
    """Answers 200 when the service can do its work."""
    alive_url: str | None = None
    """Answers 200 while the process itself works, whatever others do; None: ``health_url``."""
    patience_s: float = 120.0
    """Seconds until it must be healthy."""

    on_terminal: bool = False
    """True when what it says (a progress bar) is for the person at the terminal, not for a log file."""
    restarts: bool = True
    """False for a task that ends by itself."""

    grace_s: float = GRACE_S
    """How long it may take to end when it is told to."""

    stops_first: bool = False
    """True where the others must stay until it has ended: phone calls still need their dialogue."""

    def guarded_command(self) -> tuple[str, ...]:
        """The command under install/guard.py: it ends, with all that it started, when its launcher is gone."""
        grace = () if self.grace_s == GRACE_S else ("--grace", str(self.grace_s))
        return (sys.executable, "-m", "install.guard", *grace, *self.command)

    def full_environment(self) -> dict[str, str]:
        """The launcher's environment, with this service's values."""
        return os.environ | QUIET | self.environment


def action_server(database_url: str, port: int) -> Service:
    """rasa_sdk's server with our actions. It listens on 0.0.0.0 unless SANIC_HOST says otherwise."""
    return Service(
        name="actions",
        command=(sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port), "--quiet"),
        environment={"SANIC_HOST": LOOPBACK, "DATABASE_URL": database_url},
        health_url=f"http://{LOOPBACK}:{port}/health",
    )


def rasa_server(model: Path, port: int, endpoints: Path, token: str, name: str = "rasa") -> Service:
    """Rasa with our channel only: its own HTTP API stays off. The token goes by environment, not by a file."""
    command = [sys.executable, "-m", "rasa", "run", "--quiet", "--interface", LOOPBACK, "--port", str(port)]
    command += [
        "--model",
        str(model),
        "--endpoints",
        str(endpoints),
        "--credentials",
        str(ROOT / "credentials.yml"),
    ]
    return Service(
        name=name,
        command=tuple(command),
        environment={"SHOUDAI_RASA_TOKEN": token},
        health_url=f"http://{LOOPBACK}:{port}/webhooks/clerk/health",
        patience_s=240.0,
    )


def bot(
    host: str,
    port: int,
    rasa_port: int,
    token: str,
    database_url: str,
    drain_s: float | None = None,
    rasa_address: Path | None = None,
) -> Service:
    """The web pages and sockets, and the telephone; ``drain_s``: how long phone calls may go on at the end.

    ``rasa_address``: the file that says where Rasa answers, when that may change while it runs.
    """
    reachable = LOOPBACK if host in ("0.0.0.0", "::") else host
    address = f"http://{f'[{reachable}]' if ':' in reachable else reachable}:{port}"
    return Service(
        name="bot",
        command=(sys.executable, "-m", "bot"),
        environment={
            "SHOUDAI_HOST": host,
            "SHOUDAI_WEB_PORT": str(port),
            "SHOUDAI_RASA_URL": f"http://{LOOPBACK}:{rasa_port}",
            "SHOUDAI_RASA_TOKEN": token,
            "DATABASE_URL": database_url,
        }
        | ({ADDRESS_VARIABLE: str(rasa_address)} if rasa_address else {}),
        health_url=f"{address}/readyz",
        # While Rasa restarts the bot is not ready, but nothing is wrong with it.
        alive_url=f"{address}/healthz",
        grace_s=GRACE_S if drain_s is None else drain_s + _WEB_ENDS_S,
        stops_first=drain_s is not None,
    )


def speech_cache() -> Service:
    """Speaks every fixed sentence once, in the background and at low priority; it ends by itself."""
    return Service(
        name="speech-cache",
        command=("nice", "-n", "15", sys.executable, "-m", "install.speech_cache"),
        on_terminal=True,
        restarts=False,
    )


DIALOGUE_FOLDER = "rasa"
"""Under the folder for what is written at run time: which model serves, endpoints, trackers."""


def write_endpoints(folder: Path, action_port: int) -> Path:
    """A variant of endpoints.yml with this run's action server, and with the tracker store in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8")) or {}
    endpoints.setdefault("action_endpoint", {})["url"] = f"http://{LOOPBACK}:{action_port}/webhook"
    tracker_store = endpoints.get("tracker_store", {})
    if tracker_store.get("dialect") == "sqlite":
        tracker_store["db"] = str(folder / "trackers.db")
    path = folder / "endpoints.yml"
    write_atomically(path, yaml.safe_dump(endpoints, allow_unicode=True))
    return path
