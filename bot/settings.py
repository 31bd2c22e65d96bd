"""BotSettings: what the bot process is told by its environment, read once and checked."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.console.data_rights.retention_policy import RetentionPolicy

_MOST_DAYS = 36_500


class SettingsInvalid(Exception):
    """A setting cannot be used (code ``settings_invalid``); the message names it and the remedy."""

    code = "settings_invalid"


@dataclass(frozen=True)
class Limits:
    """What one customer may do; everything beyond is refused with a sentence, never queued without end."""

    message_characters: int = 500
    """Longest text of one chat message."""

    chat_frame_bytes: int = 8_192
    """Largest JSON message on the chat socket."""

    voice_frame_bytes: int = 16_000
    """Largest message on the voice socket: half a second of sound."""

    messages_burst: int = 8
    messages_per_s: float = 1.0
    """Of one conversation; the burst may come at once, then one a second."""

    address_messages_burst: int = 60
    address_messages_per_s: float = 10.0
    """Of one network address: offices and villages share one."""

    address_sessions_burst: int = 30
    address_sessions_per_s: float = 0.5
    """New conversations of one network address."""

    address_connections_burst: int = 60
    address_connections_per_s: float = 2.0
    """Sockets opened by one network address."""

    sessions: int = 5_000
    """Conversations open at once."""

    calls: int = 20
    """Browser calls at once."""

    staff_silent_s: float = 180
    """A customer whom a member of staff has taken over and who waits this long for an answer goes back to the bot."""

    session_idle_s: float = 30 * 60
    """A conversation nobody speaks in for this long is over, and with it the verified identity."""


@dataclass(frozen=True)
class BotSettings:
    """The bot process's own settings; lending and voice read theirs by themselves."""

    host: str = "127.0.0.1"
    port: int = 8000
    rasa_url: str = "http://127.0.0.1:5005"
    rasa_token: str = ""
    database_url: str = "sqlite:///var/shoudai.db"
    var_dir: Path = Path("var")
    origins: frozenset[str] = frozenset()
    """Web origins that may open sockets, besides the bot's own."""

    asks_rating: bool = True
    """Whoever was helped is asked for a rating when he says goodbye, in a chat and on a call."""

    retention: RetentionPolicy = field(default_factory=RetentionPolicy)
    """How long conversations are kept."""

    limits: Limits = field(default_factory=Limits)

    @property
    def own_origins(self) -> frozenset[str]:
        """Origins under which this process itself serves the page."""
        names = {self.host, "127.0.0.1", "localhost"} if self.host.startswith("127.") else {self.host}
        return frozenset(f"http://{name}:{self.port}" for name in names)

    @property
    def allowed_origins(self) -> frozenset[str]:
        """Everything the Origin check lets in."""
        return self.own_origins | self.origins

    @property
    def secure_cookies(self) -> bool:
        """Whether staff come over https: then their cookie is never sent in clear."""
        return bool(self.origins) and all(origin.startswith("https://") for origin in self.origins)

    @staticmethod
    def from_environment(environment: Mapping[str, str] | None = None) -> "BotSettings":
        """Read SHOUDAI_* and DATABASE_URL. Raises SettingsInvalid."""
        values = os.environ if environment is None else environment
        return BotSettings(
            host=values.get("SHOUDAI_HOST", "") or "127.0.0.1",
            port=_port(values.get("SHOUDAI_WEB_PORT", "") or "8000"),
            rasa_url=(values.get("SHOUDAI_RASA_URL", "") or "http://127.0.0.1:5005").rstrip("/"),
            rasa_token=values.get("SHOUDAI_RASA_TOKEN", ""),
            database_url=values.get("DATABASE_URL", "") or "sqlite:///var/shoudai.db",
            asks_rating=_switch("SHOUDAI_ASK_RATING", values.get("SHOUDAI_ASK_RATING", "")),
            retention=RetentionPolicy(
                _days(values, "SHOUDAI_KEEP_RECORDINGS_DAYS", RetentionPolicy.recordings_days),
                _days(values, "SHOUDAI_KEEP_TRANSCRIPTS_DAYS", RetentionPolicy.transcripts_days),
                _days(values, "SHOUDAI_KEEP_DISCLOSURES_DAYS", RetentionPolicy.disclosures_days),
            ),
            var_dir=Path(values.get("SHOUDAI_VAR_DIR", "") or "var"),
            origins=frozenset(
                _origin(part) for part in values.get("SHOUDAI_ORIGINS", "").split(",") if part.strip()
            ),
        )


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingsInvalid(f"SHOUDAI_WEB_PORT must be a port number from 1 to 65535, not {text!r}.")
    return int(text)


def _days(values: Mapping[str, str], name: str, usual: int) -> int:
    text = values.get(name, "").strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdigit()) or int(text) > _MOST_DAYS:
        raise SettingsInvalid(
            f"{name} must be a number of days from 0 (for ever) to {_MOST_DAYS}, not {text!r}."
        )
    return int(text)


def _switch(name: str, text: str) -> bool:
    if text not in ("", "on", "off"):
        raise SettingsInvalid(f"{name} must be on or off, not {text!r}.")
    return text != "off"


def _origin(text: str) -> str:
    """Check one origin; a path, a wildcard or a missing scheme would silently never match."""
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or "*" in text:
        raise SettingsInvalid(
            f"SHOUDAI_ORIGINS holds {text.strip()!r}; write it like https://www.example.com"
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"
