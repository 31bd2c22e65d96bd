"""WaitingRoom: a phone call that has to wait for a place hears why, music, and ways out."""

import asyncio
from dataclasses import dataclass
from enum import Enum

from voice import settings as prompts
from voice.bot_side import BotSide
from voice.closing_time import ServiceStopping
from voice.house import House
from voice.line.transport import Dtmf, TransferFailed, Transport
from voice.sound.audio import FRAME_MS, AudioFrame
from voice.waiting.hold_music import music_frame
from voice.waiting.places import Places

_NOTED_WITHIN_S = 4.0

_LOOK_EVERY_MS = 200
"""How often a waiting caller looks for a place."""


@dataclass(frozen=True)
class WaitingSettings:
    """Milliseconds of audio time."""

    offer_ms: int = 60_000
    """A call back is offered after so long; after twice as long the bot says goodbye."""
    repeat_ms: int = 20_000
    """He is told that he has not been forgotten."""


class WaitingEnd(str, Enum):
    """How a caller's wait ended."""

    SERVED = "served"
    TRANSFERRED = "transferred"
    NOTED = "noted"
    """He asked to be called back."""
    SENT_AWAY = "sent_away"
    """No place came free."""
    GONE = "gone"
    """He hung up."""


class WaitingRoom:
    """One caller's wait. It costs a frame of music every 20 ms; nothing is recognised meanwhile."""

    def __init__(
        self, transport: Transport, bot: BotSide, places: Places, house: House, settings: WaitingSettings
    ) -> None:
        self._transport = transport
        self._bot = bot
        self._places = places
        self._house = house
        self._settings = settings
        self._music = 0

    async def wait(self, sender: str) -> WaitingEnd:
        """Return when he has a place (taken for him), or when he is not to get one. Raises ServiceStopping."""
        self._bot.prompt(prompts.WAITING)
        waited_ms = 0
        async for item in self._transport.frames():
            if isinstance(item, Dtmf):
                end = await self._key(item.key, sender)
                if end is not None:
                    return end
                continue
            await self.play_next(item)
            waited_ms += FRAME_MS
            if self._house.closing.has_come:
                raise ServiceStopping
            # He is not cut off in the middle of a sentence by the good news.
            if waited_ms % _LOOK_EVERY_MS == 0 and self._bot.silent and self._places.take():
                return WaitingEnd.SERVED
            if waited_ms >= 2 * self._settings.offer_ms:
                return await self._leave(prompts.WAITED_LONG, WaitingEnd.SENT_AWAY)
            if waited_ms % self._settings.repeat_ms == 0:
                self._bot.prompt(self._sentence(waited_ms))
        return WaitingEnd.GONE

    async def play_next(self, frame: AudioFrame) -> None:
        """The bot's next 20 ms: its sentence, or music."""
        sound, rate = self._bot.next_sound(), self._transport.sample_rate
        if sound is None and self._bot.silent:
            sound = music_frame(self._music, rate)
            self._music += 1
        if sound is not None:
            await self._transport.play(AudioFrame(sound, rate, frame.timestamp_ms))

    def _sentence(self, waited_ms: int) -> str:
        offered = waited_ms >= self._settings.offer_ms and self._transport.caller is not None
        return prompts.WAITING_OFFER if offered else prompts.WAITING_STILL

    async def _key(self, key: str, sender: str) -> WaitingEnd | None:
        if key == "0" and self._transport.hands_over:
            self._bot.drop()
            await self._say(prompts.TO_A_PERSON)
            try:
                await self._transport.transfer("agent")
                return WaitingEnd.TRANSFERRED
            except TransferFailed:
                self._bot.prompt(prompts.NO_PERSON)
        elif key in "01":
            noting = asyncio.ensure_future(
                self._house.helpers.look_after(sender, self._transport.caller, "waited_too_long")
            )
            await asyncio.wait([noting], timeout=_NOTED_WITHIN_S)
            if noting.done() and noting.exception() is None and noting.result():
                return await self._leave(prompts.CALLED_BACK, WaitingEnd.NOTED)
            self._bot.prompt(prompts.NO_PERSON)
        return None

    async def _leave(self, sentence: str, end: WaitingEnd) -> WaitingEnd:
        self._bot.drop()
        if not await self._say(sentence):
            return WaitingEnd.GONE
        await self._transport.hang_up()
        return end

    async def _say(self, sentence: str) -> bool:
        """Say this to its end; returns whether he is still there."""
        self._bot.prompt(sentence)
        async for item in self._transport.frames():
            if isinstance(item, Dtmf):
                continue
            await self.play_next(item)
            if self._bot.silent or self._bot.failure() is not None:
                return True
        return False
