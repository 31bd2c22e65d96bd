"""Chat protocol: the customer's JSON messages, parsed without any I/O so that they can be fuzzed."""

import json
from dataclasses import dataclass
from typing import Any

from bot.errors import WebError
from bot.settings import Limits

_ID_CHARACTERS = 64


class ProtocolRefused(Exception):
    """The message is not accepted; ``error`` says why and ``client_id`` which one, when it had one."""

    def __init__(self, error: WebError, client_id: str | None = None) -> None:
        super().__init__(error.code)
        self.code = error.code
        self.error = error
        self.client_id = client_id


@dataclass(frozen=True)
class Hello:
    """The first message of either socket."""

    token: str | None
    last_seen: int
    """Highest ``seq`` the page has shown; 0 when it shows nothing yet."""


@dataclass(frozen=True)
class Say:
    """A typed message."""

    client_id: str
    text: str


@dataclass(frozen=True)
class Key:
    """A key of the on-screen keypad, on the voice socket."""

    key: str


@dataclass(frozen=True)
class HangUp:
    """The customer ends the voice call or the conversation."""


@dataclass(frozen=True)
class Rate:
    """How satisfied the customer is, once the conversation is over."""

    score: int
    """1 to 5, 5 is best."""


@dataclass(frozen=True)
class Ping:
    """Keeps middleboxes from closing a quiet socket."""


@dataclass(frozen=True)
class Typing:
    """The customer began or stopped to write; told while a member of staff answers."""

    on: bool


Parsed = Hello | Say | Key | HangUp | Rate | Ping | Typing
_SCORES = range(1, 6)


def parse(raw: str | bytes | None, limits: Limits) -> Parsed:
    """Read one JSON message. Raises ProtocolRefused."""
    if not isinstance(raw, str):
        raise ProtocolRefused(WebError.MESSAGE_INVALID)
    if len(raw.encode("utf-8", "surrogatepass")) > limits.chat_frame_bytes:
        raise ProtocolRefused(WebError.MESSAGE_TOO_LONG)
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError):
        raise ProtocolRefused(WebError.MESSAGE_INVALID) from None
    if not isinstance(message, dict):
        raise ProtocolRefused(WebError.MESSAGE_INVALID)
    return _parse_object(message, limits)


def _parse_object(message: dict[str, Any], limits: Limits) -> Parsed:
    match message.get("type"):
        case "hello":
            return _hello(message)
        case "message":
            return _say(message, limits)
        case "key" if isinstance(message.get("key"), str) and message["key"] in tuple("0123456789*#"):
            return Key(message["key"])
        case "typing" if isinstance(message.get("on"), bool):
            return Typing(message["on"])
        case "hang_up":
            return HangUp()
        case "rate" if type(message.get("score")) is int and message["score"] in _SCORES:
            return Rate(message["score"])
        case "ping":
            return Ping()
    raise ProtocolRefused(WebError.MESSAGE_INVALID)


def _hello(message: dict[str, Any]) -> Hello:
    token, last_seen = message.get("token"), message.get("last_seen", 0)
    if token is not None and not isinstance(token, str):
        raise ProtocolRefused(WebError.MESSAGE_INVALID)
    if isinstance(last_seen, bool) or not isinstance(last_seen, int) or last_seen < 0:
        raise ProtocolRefused(WebError.MESSAGE_INVALID)
    return Hello(token, last_seen)


def _say(message: dict[str, Any], limits: Limits) -> Say:
    client_id, text = message.get("id"), message.get("text")
    if (
        not isinstance(client_id, str)
        or not 0 < len(client_id) <= _ID_CHARACTERS
        or not isinstance(text, str)
    ):
        raise ProtocolRefused(WebError.MESSAGE_INVALID)
    text = _clean(text)
    if not text:
        raise ProtocolRefused(WebError.MESSAGE_EMPTY, client_id)
    if len(text) > limits.message_characters:
        raise ProtocolRefused(WebError.MESSAGE_TOO_LONG, client_id)
    return Say(client_id, text)


def _clean(text: str) -> str:
    """Without control characters, lone surrogates and spaces around; newlines become spaces."""
    text = text.encode("utf-8", "ignore").decode("utf-8", "ignore")
    return "".join(
        " " if char in "\r\n\t" else char for char in text if char.isprintable() or char in "\r\n\t"
    ).strip()
