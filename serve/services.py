"""What runs: the command line, environment and health address of each service."""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from install.paths import ROOT

LOOPBACK = "127.0.0.1"

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
    patience_s: float = 120.0
    """Seconds until it must be healthy."""

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


def rasa_server(
    model: Path, port: int, endpoints: Path, credentials: Path, token: str, database_url: str
) -> Service:
    """Rasa with our channel only: its own HTTP API stays off."""
    command = [sys.executable, "-m", "rasa", "run", "--quiet", "--interface", LOOPBACK, "--port", str(port)]
    command += ["--model", str(model), "--endpoints", str(endpoints), "--credentials", str(credentials)]
    return Service(
        name="rasa",
        command=tuple(command),
        environment={"SHOUDAI_RASA_TOKEN": token, "DATABASE_URL": database_url},
        health_url=f"http://{LOOPBACK}:{port}/",
        patience_s=240.0,
    )


def write_rasa_files(folder: Path, action_port: int, token: str) -> tuple[Path, Path]:
    """Variants of endpoints.yml and credentials.yml with this run's port and secret; readable by the owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8")) or {}
    endpoints.setdefault("action_endpoint", {})["url"] = f"http://{LOOPBACK}:{action_port}/webhook"
    credentials = yaml.safe_load((ROOT / "credentials.yml").read_text(encoding="utf-8")) or {}
    for channel, values in credentials.items():
        if channel.startswith("bot."):
            credentials[channel] = (values or {}) | {"token": token}
    paths = folder / "endpoints.yml", folder / "credentials.yml"
    for path, content in zip(paths, (endpoints, credentials), strict=True):
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            yaml.safe_dump(content, stream, allow_unicode=True)
    return paths
