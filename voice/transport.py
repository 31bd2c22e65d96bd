"""Transport: one line to one caller, whatever carries it."""

from collections.abc import AsyncIterator
from typing import Protocol

from voice.audio import AudioFrame


class Transport(Protocol):
    """A line that is open. Its frames are the call's clock: one 20 ms frame in, one 20 ms frame out."""

    sample_rate: int
    """Hertz, both ways: 8000 on a telephone line, 16000 from a browser."""

    caller: str | None
    """The line's own phone number, vouched for by the line, or None."""

    def frames(self) -> AsyncIterator["AudioFrame | Dtmf"]:
        """20 ms frames of the caller's sound and keys pressed, until the caller hangs up."""
        ...

    async def play(self, frame: AudioFrame) -> None:
        """Send 20 ms of the bot's sound."""
        ...

    async def clear(self) -> None:
        """Throw away sound that was sent but not yet heard (barge-in)."""
        ...

    async def transfer(self, target: str) -> None:
        """Hand the caller to a person."""
        ...

    async def hang_up(self) -> None:
        """End the line from our side."""
        ...


class Dtmf:
    """One key pressed on the keypad (RFC 4733)."""

    def __init__(self, key: str, timestamp_ms: int) -> None:
        self.key = key
        """One of 0-9 * #."""
        self.timestamp_ms = timestamp_ms
