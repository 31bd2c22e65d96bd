"""SpeechDesk: loads the speech engines beside the text chat and holds the calls."""

import asyncio
import logging
from collections.abc import Callable
from enum import Enum
from typing import Protocol

from bot.errors import WebError
from voice.dialogue import Dialogue
from voice.events import CallEvent
from voice.line.transport import Transport

_logger = logging.getLogger(__name__)


class SpeechState(str, Enum):
    """Whether calls can be taken."""

    LOADING = "loading"
    READY = "ready"
    UNAVAILABLE = "unavailable"


class HoldCall(Protocol):
    """Runs one call from answer to hang-up with loaded engines; never raises for what happens within it."""

    async def __call__(
        self,
        call_id: str,
        transport: Transport,
        dialogue: Dialogue,
        sender: str,
        on_event: Callable[[CallEvent], None],
    ) -> None:
        """Hold the call."""
        ...


class CallRefused(Exception):
    """No call can be taken now; ``error`` says why."""

    def __init__(self, error: WebError) -> None:
        super().__init__(error.code)
        self.code = error.code
        self.error = error


class SpeechDesk:
    """Text chat is up at once; calls once ``load`` has brought the engines, which takes seconds, in a thread."""

    def __init__(self, load: Callable[[], HoldCall], capacity: int) -> None:
        """``capacity``: browser calls at once."""
        self._load = load
        self._capacity = capacity
        self._hold: HoldCall | None = None
        self._running = 0
        self.state = SpeechState.LOADING

    async def open(self) -> None:
        """Load the engines. What is missing is logged and leaves the text chat alone."""
        try:
            self._hold = await asyncio.to_thread(self._load)
        except Exception as error:  # a broken model must not take the text chat down with it
            self.state = SpeechState.UNAVAILABLE
            code = getattr(error, "code", type(error).__name__)
            _logger.error("speech is unavailable: code=%s %s", code, error)
        else:
            self.state = SpeechState.READY

    def check(self) -> None:
        """Raise CallRefused when no call can be taken now."""
        if self.state is SpeechState.LOADING:
            raise CallRefused(WebError.SPEECH_LOADING)
        if self._hold is None:
            raise CallRefused(WebError.SPEECH_UNAVAILABLE)
        if self._running >= self._capacity:
            raise CallRefused(WebError.CALLS_FULL)

    async def hold(
        self,
        call_id: str,
        transport: Transport,
        dialogue: Dialogue,
        sender: str,
        on_event: Callable[[CallEvent], None],
    ) -> None:
        """Hold one browser call. Raises CallRefused."""
        self.check()
        assert self._hold is not None, "check() has seen to it"
        self._running += 1
        try:
            await self._hold(call_id, transport, dialogue, sender, on_event)
        finally:
            self._running -= 1

    async def hold_phone_call(
        self,
        call_id: str,
        transport: Transport,
        dialogue: Dialogue,
        sender: str,
        on_event: Callable[[CallEvent], None],
    ) -> None:
        """Hold one phone call; the exchange has been told already how many there may be. Raises CallRefused."""
        if self._hold is None:
            raise CallRefused(WebError.SPEECH_UNAVAILABLE)
        await self._hold(call_id, transport, dialogue, sender, on_event)
