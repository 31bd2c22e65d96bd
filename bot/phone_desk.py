"""PhoneDesk: takes the calls that come by telephone and holds them with the bot's ears, mouth and dialogue."""

import asyncio
import logging
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from bot.speech_desk import CallRefused, SpeechDesk, SpeechState
from voice.closing_time import ClosingTime
from voice.dialogue import Dialogue
from voice.events import CallEnded, CallEvent, LineMeasured
from voice.line.admission import Refusal
from voice.line.line_report import LineReport
from voice.line.transport import Transport
from voice.waiting.places import Places
from voice.waiting.pulse import beat

_logger = logging.getLogger(__name__)

_LOADING_S, _FULL_S, _BROKEN_S = 10, 5, 120
"""Seconds after which an exchange may try again (Retry-After)."""


_LAST_WORDS_S = 10.0
"""Seconds that calls which outlive the drain have for an apology and a transfer, before they are hung up."""

_VANISHED = ("peer_vanished", "session_expired", "peer_silent")
"""Ends of a line that nobody asked for."""


class PhoneLine(Transport, Protocol):
    """A telephone line knows how well it carried the sound, and why it was closed."""

    end_reason: str

    def report(self) -> LineReport:
        """Loss, jitter and the like, so far."""
        ...


class Phone(Protocol):
    """A way in: SIP or AudioSocket."""

    @property
    def calls(self) -> int:
        """Calls that go on now."""
        ...

    @property
    def counts(self) -> Mapping[str, int]:
        """What was refused, by reason."""
        ...

    @property
    def registered(self) -> bool | None:
        """Whether the exchange knows us; None where nothing is to be registered."""
        ...

    async def open(self) -> None:
        """Begin to listen."""
        ...

    async def drain(self, limit_s: float) -> None:
        """No new calls; the present ones may end by themselves for so long."""
        ...

    async def close(self) -> None:
        """End everything."""
        ...


class PhoneDesk:
    """Every phone call is a conversation of its own."""

    def __init__(
        self,
        speech: SpeechDesk,
        dialogue: Dialogue,
        on_event: Callable[[CallEvent], None],
        end_conversation: Callable[[str], None],
        places: Places,
        closing: ClosingTime,
        most: int,
    ) -> None:
        """``most``: calls at once, those that wait for a place included; one more is refused.

        ``end_conversation`` runs in a thread: nobody is verified on a line that was hung up.
        """
        self._speech = speech
        self._dialogue = dialogue
        self._on_event = on_event
        self._end_conversation = end_conversation
        self._places = places
        self._closing = closing
        self._most = most
        self._pulse: asyncio.Task[None] | None = None
        self.phones: list[Phone] = []

    @property
    def calls(self) -> int:
        """Phone calls that go on now."""
        return sum(phone.calls for phone in self.phones)

    def counts(self) -> Mapping[str, int]:
        """What all ways in refused, by reason."""
        return sum((Counter(phone.counts) for phone in self.phones), Counter())

    def refusal(self) -> Refusal | None:
        """Why no call can be taken now, or None."""
        if self._speech.state is SpeechState.LOADING:
            return Refusal(503, "not_ready", _LOADING_S)
        if self._speech.state is SpeechState.UNAVAILABLE:
            return Refusal(503, "not_ready", _BROKEN_S)
        if self.calls >= self._most:
            return Refusal(503, "calls_full", _FULL_S)
        return None

    async def take(self, line: PhoneLine) -> None:
        """Hold one call to its end."""
        call_id = uuid.uuid4().hex

        def on_event(event: CallEvent) -> None:
            if isinstance(event, CallEnded):
                self._on_event(_measured(event, line.report()))
                if event.ended_by == "caller" and line.end_reason in _VANISHED:
                    event = replace(event, ended_by="vanished")
            self._on_event(event)

        try:
            await self._speech.hold_phone_call(call_id, line, self._dialogue, call_id, on_event)
        except CallRefused as refused:
            _logger.error("a phone call could not be held: code=%s", refused.code)
            await line.hang_up()
        finally:
            await asyncio.to_thread(self._end_conversation, call_id)

    async def open(self) -> None:
        """Let the phones ring."""
        self._pulse = asyncio.create_task(beat(self._places.load.slip))
        for phone in self.phones:
            await phone.open()

    async def drain(self, limit_s: float) -> None:
        """No new calls; the present ones may end by themselves for so long.

        Who is still on the line then hears that the service stops, and is handed to a person or called back.
        """
        closing = asyncio.get_running_loop().call_later(limit_s, self._closing.begin)
        await asyncio.gather(*(phone.drain(limit_s + _LAST_WORDS_S) for phone in self.phones))
        closing.cancel()
        if self._pulse is not None:
            self._pulse.cancel()
        for phone in self.phones:
            await phone.close()

    def state(self) -> dict[str, Any]:
        """For /readyz."""
        known = [phone.registered for phone in self.phones if phone.registered is not None]
        registered = {"registered": all(known)} if known else {}
        return {"calls": self.calls, "waiting": self._places.waiting, "most": self._most} | registered


def _measured(event: CallEnded, report: LineReport) -> LineMeasured:
    return LineMeasured(
        call_id=event.call_id, audio_ms=event.audio_ms, wall_time=event.wall_time, report=report
    )
