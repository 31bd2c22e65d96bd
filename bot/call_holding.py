"""CallHolding: holds calls with the loaded engines: a place, a recording, the call itself."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from bot.console.live.overhearing import OverheardCalls
from bot.errors import WebError
from bot.recordings import RecordingStore
from bot.speech_desk import CallRefused
from bot.transcripts import TranscriptRecorder
from voice.bot_side import BotSide
from voice.call import Call
from voice.call_log import CallLog
from voice.closing_time import ServiceStopping
from voice.dialogue import Dialogue
from voice.engines import Engines
from voice.events import CallEvent, QueueLeft
from voice.farewell import Farewell
from voice.house import House
from voice.line.transport import Transport
from voice.settings import CallSettings
from voice.sound.recording import CallRecording
from voice.waiting.places import Places
from voice.waiting.waiting_room import WaitingEnd, WaitingRoom, WaitingSettings

OnEvent = Callable[[CallEvent], None]


@dataclass(frozen=True)
class CallRules:
    """How calls are held in this process."""

    call: CallSettings
    waiting: WaitingSettings


class CallHolding:
    """Implements bot.speech_desk.HoldCall."""

    def __init__(
        self,
        engines: Engines,
        recordings: RecordingStore,
        recorder: TranscriptRecorder,
        house: House,
        places: Places,
        rules: CallRules,
        overheard: OverheardCalls | None = None,
    ) -> None:
        self._engines = engines
        self._recordings = recordings
        self._recorder = recorder
        self._house = house
        self._rules = rules
        self._places = places
        self._overheard = overheard or OverheardCalls()
        places.load.recognition, places.load.synthesis = engines.recognizer.waits, engines.speaker.waits
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="recordings")

    async def __call__(
        self, call_id: str, transport: Transport, dialogue: Dialogue, sender: str, on_event: OnEvent
    ) -> None:
        """Hold one call. Raises CallRefused for a browser's when there is no room for it."""
        if transport.name == "browser":
            if self._places.load.strain() is not None:
                raise CallRefused(WebError.CALLS_FULL)
            await self._hold(call_id, transport, dialogue, sender, on_event)
        elif self._places.take() or await self._wait(call_id, transport, sender, on_event):
            try:
                await self._hold(call_id, transport, dialogue, sender, on_event)
            finally:
                self._places.leave()

    async def _wait(self, call_id: str, transport: Transport, sender: str, on_event: OnEvent) -> bool:
        """Keep the caller company until there is a place; returns whether he has got one."""
        log, began = CallLog(call_id, on_event), time.monotonic()
        bot = BotSide(self._engines.speaker, transport, log)
        room = WaitingRoom(transport, bot, self._places, self._house, self._rules.waiting)
        obstacle, end = self._places.obstacle() or "", WaitingEnd.GONE
        self._places.waiting += 1
        try:
            end = await room.wait(sender)
        except ServiceStopping as stopping:
            await Farewell(transport, bot, room.play_next, self._house.helpers).take_leave(sender, stopping)
        finally:
            self._places.waiting -= 1
            bot.close()
            waited_ms = round((time.monotonic() - began) * 1000)
            log.tell(QueueLeft, obstacle=obstacle, end=end.value, waited_ms=waited_ms)
        return end is WaitingEnd.SERVED

    async def _hold(
        self, call_id: str, transport: Transport, dialogue: Dialogue, sender: str, on_event: OnEvent
    ) -> None:
        rate, recordings = transport.sample_rate, self._recordings
        recording = CallRecording(lambda: recordings.create(call_id, rate), rate, self._disk)
        parts: dict[str, Any] = {"sender": sender, "recording": recording, "house": self._house}
        line = self._overheard.begin(call_id, transport)
        try:
            await Call(call_id, line, dialogue, self._engines, self._rules.call, on_event, **parts).run()
        finally:
            self._overheard.end(call_id)
        name, encrypted = recordings.named(call_id)
        # Also of a recording that stopped in the middle: what there is is kept and can be heard.
        if await asyncio.to_thread(recordings.holds, name):
            self._recorder.recording_kept(call_id, name, encrypted)
