"""The launcher's settings and ports."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.console.data_rights.file_traces import TRACKERS
from install.errors import SetupError
from serve.ports import free_port, require_free_port
from serve.services import DIALOGUE_FOLDER, action_server, bot, rasa_server, write_endpoints
from serve.settings import ServeSettings


def test_without_configuration_everything_listens_on_this_machine_only() -> None:
    settings = ServeSettings.from_environment({})
    services = [
        rasa_server(Path("model"), settings.rasa_port, Path("endpoints.yml"), "secret"),
        action_server(settings.database_url, settings.action_port),
        bot(settings.host, settings.web_port, settings.rasa_port, "secret", settings.database_url),
    ]
    assert settings.page_url == "http://127.0.0.1:8000/"
    assert all(
        service.health_url and service.health_url.startswith("http://127.0.0.1:") for service in services
    )
    assert services[0].command[services[0].command.index("--interface") + 1] == "127.0.0.1"
    assert services[1].environment["SANIC_HOST"] == "127.0.0.1"


def test_a_secret_never_stands_in_a_command_line() -> None:
    services = [
        rasa_server(Path("model"), 1, Path("endpoints.yml"), "secret-token"),
        bot("127.0.0.1", 2, 1, "secret-token", "postgresql://shoudai:secret-password@127.0.0.1/shoudai"),
    ]
    assert not any("secret" in part for service in services for part in service.command)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHOUDAI_WEB_PORT", "web"),
        ("SHOUDAI_ACTION_PORT", "70000"),
        ("SHOUDAI_RASA_URL", "https://rasa.example.com"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(SetupError) as caught:
        ServeSettings.from_environment({name: value})
    assert caught.value.code == "setting_invalid"
    assert name in caught.value.message


def test_staff_hours_that_are_none_end_the_start_before_anything_is_set_up() -> None:
    """Not the first conversation of the day."""
    with pytest.raises(SetupError) as found:
        ServeSettings.from_environment({"SHOUDAI_STAFF_HOURS": "9 to 5"})
    assert (found.value.code, "09:00-21:00" in found.value.message) == ("staff_hours_invalid", True)
    ServeSettings.from_environment({"SHOUDAI_STAFF_HOURS": "1-5 09:00-18:00"})


def test_staff_hours_that_are_none_end_the_action_server_too() -> None:
    """Where it is started without the launcher."""
    server = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", "1"]
    environment = os.environ | {"SHOUDAI_STAFF_HOURS": "9 to 5"}
    done = subprocess.run(server, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode != 0 and "SHOUDAI_STAFF_HOURS must look like" in done.stderr + done.stdout


def test_a_taken_port_is_said_with_the_setting_that_changes_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SetupError) as caught:
            require_free_port("127.0.0.1", port, "SHOUDAI_WEB_PORT", "the web app")
    assert caught.value.code == "port_taken"
    assert str(port) in caught.value.message
    assert "SHOUDAI_WEB_PORT" in caught.value.message


def test_a_free_port_passes() -> None:
    require_free_port("127.0.0.1", free_port(), "SHOUDAI_WEB_PORT", "the web app")


def test_rasas_endpoints_get_this_runs_action_server_and_own_tracker_store(tmp_path: Path) -> None:
    endpoints = yaml.safe_load(write_endpoints(tmp_path, 6055).read_text())
    assert endpoints["action_endpoint"]["url"] == "http://127.0.0.1:6055/webhook"
    assert endpoints["action_endpoint"]["selective_domain"] is True
    assert endpoints["tracker_store"]["db"] == str(tmp_path / "trackers.db")


def test_a_customers_dialogue_is_removed_from_where_the_launcher_keeps_it(tmp_path: Path) -> None:
    endpoints = yaml.safe_load(write_endpoints(tmp_path / DIALOGUE_FOLDER, 6055).read_text())
    assert endpoints["tracker_store"]["db"] == str(tmp_path / TRACKERS)
