"""SipTransport: a telephone line over SIP and RTP; its clock is ours, so a silent peer does not stop the call."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable

from voice.line.line_clock import LineClock
from voice.line.line_report import LineReport
from voice.line.ringback import ringback_frame
from voice.line.transport import Dtmf, TransferFailed
from voice.rtp.media_port import MediaPort
from voice.rtp.rtp_line import SAMPLE_RATE
from voice.sip.leg import Leg
from voice.sound.audio import FRAME_MS, AudioFrame

Transfer = Callable[["SipTransport", str], Awaitable[None]]


class SipTransport:
    """Implements Transport. On hold no frames come: the call, whose only clock they are, stands still."""

    name = "sip"
    sample_rate = SAMPLE_RATE

    def __init__(
        self, leg: Leg, media: MediaPort, caller: str | None, transfer: Transfer, hands_over: bool = True
    ) -> None:
        """``transfer`` hands the caller over and raises TransferFailed where that cannot be done.

        ``hands_over``: an address of a person is set.
        """
        self.leg = leg
        self.media = media
        self.caller = caller
        self.hands_over = hands_over
        self._transfer = transfer
        self._clock = LineClock()
        self._keys: deque[str] = deque(maxlen=64)
        self._frames = 0
        self._played = True
        self._over = asyncio.Event()
        self._not_held = asyncio.Event()
        self._not_held.set()
        self.end_reason = ""
        """Why the line closed, as CallOver says."""

    # -- the endpoint's side ---------------------------------------------------------------------------------

    def agree(self) -> None:
        """Take what the leg has negotiated."""
        agreed = self.leg.agreed
        assert agreed is not None
        self.media.line.agree(
            agreed.codec,
            agreed.payload_type,
            agreed.events_type,
            (agreed.host, agreed.port),
            (agreed.host, agreed.rtcp_port),
        )
        if agreed.held:
            self._not_held.clear()
        else:
            self._not_held.set()

    def press(self, key: str) -> None:
        """A key came by INFO; where keys come by RTP it is the same one again."""
        if not self.media.line.has_telephone_events:
            self._keys.append(key)

    def closed(self, reason: str) -> None:
        """The leg is over: ``frames`` ends."""
        self.end_reason = self.end_reason or reason
        self._over.set()
        self._not_held.set()

    @property
    def held(self) -> bool:
        """The caller is on hold."""
        return not self._not_held.is_set()

    async def until_closed(self) -> None:
        """Wait for the end of the leg."""
        await self._over.wait()

    @property
    def delay_ms(self) -> float:
        """What waits in the reorder buffer, and a round trip to the peer as its RTCP reports tell it."""
        return self.media.line.delay_ms

    def report(self) -> LineReport:
        """How the line did."""
        return self.media.line.report(self._clock.slipped_ms)

    # -- Transport -------------------------------------------------------------------------------------------

    async def frames(self) -> AsyncIterator[AudioFrame | Dtmf]:
        """One frame every 20 ms, whether or not the peer sends, until it hangs up."""
        while not self._over.is_set():
            await self._next_tick()
            if self._over.is_set():
                return
            now_ms = self._frames * FRAME_MS
            self._keys.extend(self.media.line.keys)
            self.media.line.keys.clear()
            while self._keys:
                yield Dtmf(self._keys.popleft(), now_ms)
            self._frames += 1
            self._played = False
            yield AudioFrame(self.media.line.pull(), SAMPLE_RATE, now_ms)

    async def play(self, frame: AudioFrame) -> None:
        """Send 20 ms of the bot's sound."""
        self._played = True
        self.media.send(frame.pcm)

    async def clear(self) -> None:
        """Nothing is kept ahead of the line."""

    async def transfer(self, target: str) -> None:
        """Hand the caller to a person. Raises TransferFailed."""
        handing = asyncio.ensure_future(self._transfer(self, target))
        frames = 0
        try:
            while not handing.done() and not self._over.is_set():
                await self._clock.tick()
                self.media.line.pull()
                if not handing.done():
                    self.media.send(ringback_frame(frames, SAMPLE_RATE))
                frames += 1
            if not handing.done():
                await asyncio.wait([handing], timeout=1)
        finally:
            handing.cancel()
        if handing.done() and not handing.cancelled():
            handing.result()
        else:
            raise TransferFailed("the caller hung up")

    async def hang_up(self) -> None:
        """End the line from our side."""
        self.leg.hang_up()
        self.closed("hung_up")

    async def _next_tick(self) -> None:
        if not self._played:
            # Exchanges take a line without packets for dead.
            self.media.send(None)
            self._played = True
        if self.held:
            self._clock.pause()
            await self._not_held.wait()
        await self._clock.tick()
