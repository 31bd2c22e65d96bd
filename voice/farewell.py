"""Farewell: how a call ends that cannot go on: an apology, then a person, or a call back."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import Enum

from voice import settings as prompts
from voice.bot_side import BotSide
from voice.closing_time import ServiceStopping
from voice.helpers import Helpers
from voice.line.transport import Dtmf, TransferFailed, Transport
from voice.sound.audio import AudioFrame

_LONGEST_SENTENCE_FRAMES = 750
"""15 s: a voice that does not come to an end is not waited for."""

_NOTED_WITHIN_S = 4.0
"""Wall seconds after the apology that a caller waits to hear whether he is called back."""

_A_PERSON = re.compile("人工|真人|转接")


class Parting(str, Enum):
    """How the caller was left."""

    TRANSFERRED = "transferred"
    NOTED = "noted"
    """He was told that staff will call him."""
    SENT_AWAY = "sent_away"
    """Neither a person nor a call back could be had, and he was told so."""
    GONE = "gone"
    """He hung up before."""


def asks_for_a_person(text: str) -> bool:
    """Whether these words ask for a person: for when there is no dialogue that could understand them."""
    return _A_PERSON.search(text) is not None


class Farewell:
    """The last minute of one call. The bot's side must be a fresh one: nothing else is said any more."""

    def __init__(
        self,
        transport: Transport,
        bot: BotSide,
        play: Callable[[AudioFrame], Awaitable[None]],
        helpers: Helpers,
    ) -> None:
        """``play`` carries the bot's next 20 ms to the line, at this frame of the caller."""
        self._transport = transport
        self._bot = bot
        self._play = play
        self._helpers = helpers

    async def take_leave(self, sender: str, error: Exception) -> Parting:
        """Say sorry, hand the caller over, or say what is noted and hang up. Raises what the line raises."""
        apology = prompts.SERVICE_STOPPING if isinstance(error, ServiceStopping) else prompts.APOLOGY
        code = str(getattr(error, "code", "call_failed"))
        can_transfer = self._transport.hands_over
        sentences = (apology, prompts.TO_A_PERSON) if can_transfer else (apology,)
        if not await self._utter(*sentences, key_ends=can_transfer):
            return Parting.GONE
        if can_transfer:
            with suppress(TransferFailed):
                await self._transport.transfer("agent")
                return Parting.TRANSFERRED
        # What takes longer goes on by itself: staff must hear of him in any case.
        noting = asyncio.ensure_future(self._helpers.look_after(sender, self._transport.caller, code))
        await asyncio.wait([noting], timeout=_NOTED_WITHIN_S)
        noted = noting.done() and noting.exception() is None and noting.result()
        still_there = await self._utter(prompts.CALLED_BACK if noted else prompts.CALL_AGAIN)
        await self._transport.hang_up()
        if not still_there:
            return Parting.GONE
        return Parting.NOTED if noted else Parting.SENT_AWAY

    async def _utter(self, *sentences: str, key_ends: bool = False) -> bool:
        """Say these; 0 cuts them short where a person comes next. Returns whether the caller is still there."""
        for sentence in sentences:
            self._bot.prompt(sentence)
        frames = 0
        async for item in self._transport.frames():
            if isinstance(item, Dtmf):
                if key_ends and item.key == "0":
                    self._bot.drop()
                    return True
                continue
            await self._play(item)
            frames += 1
            # A voice that fails here leaves the caller without an apology, but not without a person.
            if self._bot.silent or self._bot.failure() is not None or frames > _LONGEST_SENTENCE_FRAMES:
                return True
        return False
