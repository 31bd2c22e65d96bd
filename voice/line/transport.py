"""Transport: one line to one caller, whatever carries it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from voice.sound.audio import AudioFrame


@dataclass(frozen=True)
class Dtmf:
    """One key pressed on the keypad (RFC 4733)."""

    key: str
    """One of 0-9 * #."""

    timestamp_ms: int
    """Milliseconds of audio time."""


class TransferFailed(Exception):
    """Nobody took the caller (code ``transfer_failed``); the line is as it was."""

    code = "transfer_failed"


class Transport(Protocol):
    """A line that is open. Its frames are the call's clock: one 20 ms frame in, one 20 ms frame out."""

    name: str
    """What carries the line: ``sip``, ``audiosocket``, ``browser``, ``recording``, ``simulated``."""

    sample_rate: int
    """Hertz, both ways: 8000 on a telephone line, 16000 from a browser."""

    caller: str | None
    """The line's own phone number, vouched for by the line, or None."""

    @property
    def hands_over(self) -> bool:
        """Whether there is a person to whom ``transfer`` could hand the caller."""
        ...

    @property
    def delay_ms(self) -> float:
        """Milliseconds that the sound of both sides is under way now, as far as this end of the line can know."""
        ...

    def frames(self) -> AsyncIterator[AudioFrame | Dtmf]:
        """20 ms frames of the caller's sound and keys pressed, until the caller hangs up.

        May be called again after an iteration was left: it goes on where that one stopped.
        """
        ...

    async def play(self, frame: AudioFrame) -> None:
        """Send 20 ms of the bot's sound."""
        ...

    async def clear(self) -> None:
        """Throw away sound that was sent but not yet heard (barge-in)."""
        ...

    async def transfer(self, target: str) -> None:
        """Hand the caller to a person. Raises TransferFailed."""
        ...

    async def hang_up(self) -> None:
        """End the line from our side."""
        ...
