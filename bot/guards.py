"""Guards: what every socket checks before it listens to anyone."""

import asyncio
from dataclasses import dataclass

from starlette.websockets import WebSocket

from bot.chat_protocol import Hello, ProtocolRefused, parse
from bot.errors import WebError
from bot.rate_limits import RateLimiter
from bot.settings import BotSettings, Limits

HELLO_TIMEOUT_S = 10
"""A socket that says nothing first is closed."""

CLOSE_POLICY = 1008
"""RFC 6455 section 7.4.1: the message broke a rule; the widget does not try again by itself."""

CLOSE_TRY_AGAIN = 1013
"""IANA registry: try again later; the widget reconnects with growing pauses."""


@dataclass(frozen=True)
class Gates:
    """The rate limits of the process, shared by all sockets."""

    connections: RateLimiter
    """By address."""
    new_sessions: RateLimiter
    """By address."""
    address_messages: RateLimiter
    """By address."""
    messages: RateLimiter
    """By conversation."""

    @staticmethod
    def from_limits(limits: Limits) -> "Gates":
        """Gates with full buckets."""
        return Gates(
            connections=RateLimiter(limits.address_connections_burst, limits.address_connections_per_s),
            new_sessions=RateLimiter(limits.address_sessions_burst, limits.address_sessions_per_s),
            address_messages=RateLimiter(limits.address_messages_burst, limits.address_messages_per_s),
            messages=RateLimiter(limits.messages_burst, limits.messages_per_s),
        )


def origin_allowed(socket: WebSocket, settings: BotSettings) -> bool:
    """Whether the page that opens this socket may. Browsers always name it; whoever does not is refused.

    WebSockets are exempt from the same-origin policy (RFC 6455, section 10.2): this check is what keeps other
    sites' scripts out.
    """
    origin = socket.headers.get("origin", "").lower()
    return origin in settings.allowed_origins


def address(socket: WebSocket) -> str:
    """The customer's network address, for rate limits only."""
    return socket.client.host if socket.client else "unknown"


async def receive_hello(socket: WebSocket, limits: Limits) -> Hello | None:
    """The first message, which names the conversation; None when something else or nothing came in time."""
    try:
        received = await asyncio.wait_for(socket.receive(), HELLO_TIMEOUT_S)
        message = parse(received.get("text"), limits)
    except (asyncio.TimeoutError, ProtocolRefused):
        return None
    return message if isinstance(message, Hello) else None


async def refuse(socket: WebSocket, error: WebError, close_code: int, **more: object) -> None:
    """Say why and close."""
    await socket.send_json(error.to_json(**more))
    await socket.close(close_code)
