"""ServeSettings: addresses and folders of the processes on this machine, read from the environment once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from actions.staff_hours import StaffHours, StaffHoursInvalid
from install.errors import SetupError
from install.paths import var_dir

DEFAULT_DRAIN_S = 60
DEFAULT_DATABASE_URL = "sqlite:///var/shoudai.db"


@dataclass(frozen=True)
class ServeSettings:
    """What the launcher needs to know; the bot and the actions read their own settings by themselves."""

    host: str
    """Where the web pages listen."""
    web_port: int
    rasa_port: int
    action_port: int
    database_url: str
    var: Path
    rasa_token: str | None
    """None: made at random for every run."""
    demo_mode: bool
    """No data key is set: public demo key, recordings in clear."""
    drain_s: float | None = None
    """How long phone calls may go on when everything is to stop; None: there is no telephone."""

    @property
    def page_url(self) -> str:
        """The address that a person on this machine opens."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.web_port}/"

    @staticmethod
    def from_environment(environment: Mapping[str, str] = os.environ) -> "ServeSettings":
        """Read the settings. Raises SetupError ``setting_invalid``, ``staff_hours_invalid``."""
        _check_staff_hours(environment)
        rasa_url = environment.get("SHOUDAI_RASA_URL") or "http://127.0.0.1:5005"
        parts = urlsplit(rasa_url)
        if parts.scheme != "http" or parts.hostname not in ("127.0.0.1", "localhost"):
            raise SetupError(
                "setting_invalid",
                f"SHOUDAI_RASA_URL={rasa_url}: the launcher runs Rasa on this machine (http://127.0.0.1:PORT); "
                "to use a Rasa elsewhere, start `python -m bot` by itself (docs/operations.md).",
            )
        return ServeSettings(
            host=environment.get("SHOUDAI_HOST") or "127.0.0.1",
            web_port=_port(environment, "SHOUDAI_WEB_PORT", 8000),
            rasa_port=parts.port or 80,
            action_port=_port(environment, "SHOUDAI_ACTION_PORT", 5055),
            database_url=environment.get("DATABASE_URL") or DEFAULT_DATABASE_URL,
            var=var_dir(),
            rasa_token=environment.get("SHOUDAI_RASA_TOKEN") or None,
            demo_mode=not environment.get("SHOUDAI_DATA_KEY"),
            drain_s=_drain_s(environment),
        )


def _check_staff_hours(environment: Mapping[str, str]) -> None:
    """The action server reads them; it would end at once, again and again."""
    try:
        StaffHours.from_environment(environment)
    except StaffHoursInvalid as error:
        raise SetupError(error.code, str(error)) from error


def _drain_s(environment: Mapping[str, str]) -> float | None:
    if not (environment.get("SHOUDAI_SIP_LISTEN") or environment.get("SHOUDAI_AUDIOSOCKET_LISTEN")):
        return None
    text = environment.get("SHOUDAI_PHONE_DRAIN_S") or str(DEFAULT_DRAIN_S)
    if not text.isdigit() or int(text) > 3600:
        raise SetupError("setting_invalid", f"SHOUDAI_PHONE_DRAIN_S={text} is not a number from 0 to 3600.")
    return float(text)


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SetupError("setting_invalid", f"{name}={text} is not a port number from 1 to 65535.")
    return int(text)
