"""`make run`: sets up what is missing, starts everything under the supervisor and says where it is."""

import logging
import os
import secrets
import sys
import threading
import time

from actions.lending.database import open_database
from bot.console.accounts import ensure_staff_account
from install.database import prepare_database
from install.errors import SetupError
from install.models import ensure_models
from install.paths import ROOT
from install.training import ensure_model
from install.web_libraries import ensure_libraries
from serve.announcement import announcement
from serve.dialogue_swap import DialogueSwap, Origin, model_at_start
from serve.ports import require_free_port
from serve.services import (
    DIALOGUE_FOLDER,
    LOOPBACK,
    Service,
    action_server,
    bot,
    rasa_server,
    speech_cache,
    write_endpoints,
)
from serve.settings import ServeSettings
from serve.supervisor import Supervisor
from teaching.serving import ServingFiles


def main() -> int:
    """Return 0 when it was stopped, 1 when it could not start."""
    os.chdir(ROOT)
    # Conversations, recordings and their database are nobody else's business on this machine.
    os.umask(0o077)
    # circus has configured logging when it was imported; people read bare sentences more easily.
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr, force=True)
    started = time.monotonic()
    try:
        settings = ServeSettings.from_environment()
        _check_ports(settings)
        ensure_models()
        ensure_libraries()
        borrowers = [figures.line() for figures in prepare_database(settings.database_url)]
        files = ServingFiles(settings.var / DIALOGUE_FOLDER)
        repository = ensure_model()
        model = model_at_start(files, repository, settings.rasa_port)
        token = settings.rasa_token or secrets.token_urlsafe(32)
        endpoints = write_endpoints(settings.var / DIALOGUE_FOLDER, settings.action_port)
        print("starting Rasa, the action server and the web app", file=sys.stderr, flush=True)

        def ready() -> None:
            # Only now: a password made by a start that then fails would never be seen.
            password = _staff_password(settings.database_url)
            print(announcement(settings.page_url, password, borrowers, settings.demo_mode), flush=True)
            print(f"Ready after {time.monotonic() - started:.0f} s. Ctrl-C stops everything.", flush=True)
            swap = DialogueSwap(supervisor, files, Origin(repository, endpoints, token))
            threading.Thread(target=swap.run, args=(supervisor.stopped,), name="swap", daemon=True).start()

        services = _services(settings, rasa_server(model, settings.rasa_port, endpoints, token), files, token)
        supervisor = Supervisor(services, settings.var / "logs", ready)
        supervisor.run()
    except KeyboardInterrupt:
        print("stopped; the same command goes on where this one ended", file=sys.stderr)
    except SetupError as error:
        print(f"{error.code}: {error.message}", file=sys.stderr)
        return 1
    return 0


def _check_ports(settings: ServeSettings) -> None:
    require_free_port(settings.host, settings.web_port, "SHOUDAI_WEB_PORT", "the web app")
    require_free_port(LOOPBACK, settings.rasa_port, "SHOUDAI_RASA_URL=http://127.0.0.1:PORT", "Rasa")
    require_free_port(LOOPBACK, settings.action_port, "SHOUDAI_ACTION_PORT", "the action server")


def _staff_password(database_url: str) -> str | None:
    database = open_database(database_url)
    try:
        return ensure_staff_account(database)
    finally:
        database.close()


def _services(settings: ServeSettings, rasa: Service, files: ServingFiles, token: str) -> list[Service]:
    return [
        # Rasa takes longest to start, so it goes first; they all start side by side.
        rasa,
        bot(
            settings.host,
            settings.web_port,
            settings.rasa_port,
            token,
            settings.database_url,
            settings.drain_s,
            files.address,
        ),
        action_server(settings.database_url, settings.action_port),
        speech_cache(),
    ]


if __name__ == "__main__":
    sys.exit(main())
