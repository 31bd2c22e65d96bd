"""AudioSocketTransport: a telephone line that Asterisk carries to us as raw samples over TCP."""

import asyncio
import uuid
from collections import deque
from collections.abc import AsyncIterator, Callable

from voice.audiosocket.frames import ERROR, HANG_UP, KEY, SOUND_8K, SOUND_16K, SOUND_HZ, Frame
from voice.line.line_clock import LineClock
from voice.line.line_report import LineReport
from voice.line.transport import Dtmf, TransferFailed
from voice.rtp.concealment import Concealment
from voice.sound.audio import BYTES_PER_SAMPLE, FRAME_MS, AudioFrame

_WAITING_MS = 500
"""Sound of the caller that may wait; the oldest is dropped beyond that, so that the call does not fall behind."""

_AHEAD_FRAMES = 3
"""Frames that wait before the first is taken, and again after a gap: what TCP delays by up to 40 ms is no gap."""

_KEYS = frozenset("0123456789*#")


class AudioSocketTransport:
    """Implements Transport. TCP brings every sample, but not on time: our own clock paces the line."""

    name = "audiosocket"
    hands_over = True
    """The dialplan dials whoever it names."""

    def __init__(
        self,
        call: uuid.UUID,
        sample_rate: int,
        caller: str | None,
        send: Callable[[bytes], None],
        on_outcome: Callable[[str], None],
    ) -> None:
        """``send`` writes to the connection; ``on_outcome`` is told what the dialplan is to do next."""
        self.call = call
        self.sample_rate = sample_rate
        self.caller = caller
        self._send = send
        self._on_outcome = on_outcome
        self._frame_bytes = sample_rate * FRAME_MS // 1000 * BYTES_PER_SAMPLE
        self._sound_kind = SOUND_16K if sample_rate == 16000 else SOUND_8K
        self._sound = bytearray()
        self._keys: deque[str] = deque(maxlen=64)
        self._clock = LineClock()
        self._concealment = Concealment(self._frame_bytes)
        self._over = asyncio.Event()
        self._played = True
        self._filling, self._waited = True, 0
        self.end_reason = ""
        """Why the line closed, where it was not hung up."""
        self._frames = self._sent = self._dropped = self._concealed = 0

    def receive(self, frame: Frame) -> None:
        """Take one frame of the connection."""
        if SOUND_HZ.get(frame.kind) == self.sample_rate:
            self._sound += frame.payload
            most = self.sample_rate * _WAITING_MS // 1000 * BYTES_PER_SAMPLE
            if len(self._sound) > most:
                # Down to 60 ms: what is left must be worth listening to, not a gap every 20 ms.
                surplus = len(self._sound) - _AHEAD_FRAMES * self._frame_bytes
                self._dropped += surplus // self._frame_bytes
                del self._sound[:surplus]
        elif frame.kind == KEY and (key := frame.payload.decode("ascii", "replace")) in _KEYS:
            self._keys.append(key)
        elif frame.kind in (HANG_UP, ERROR):
            self.closed()

    def closed(self, reason: str = "") -> None:
        """The connection is gone: ``frames`` ends."""
        self.end_reason = self.end_reason or reason
        self._over.set()

    @property
    def delay_ms(self) -> float:
        """What waits here; the way between the exchange and the caller is not known."""
        return 1000 * len(self._sound) / (self.sample_rate * BYTES_PER_SAMPLE)

    def report(self) -> LineReport:
        """How the line did; TCP loses nothing, it is late instead."""
        return LineReport(
            received=self._frames - self._concealed,
            dropped=self._dropped,
            concealed=self._concealed,
            sent=self._sent,
            slipped_ms=round(self._clock.slipped_ms, 1),
        )

    async def frames(self) -> AsyncIterator[AudioFrame | Dtmf]:
        """One frame every 20 ms until the caller hangs up."""
        while not self._over.is_set():
            if not self._played:
                self._send_sound(bytes(self._frame_bytes))
            self._played = True
            await self._clock.tick()
            if self._over.is_set():
                return
            now_ms = self._frames * FRAME_MS
            while self._keys:
                yield Dtmf(self._keys.popleft(), now_ms)
            self._frames += 1
            self._played = False
            yield AudioFrame(self._next(), self.sample_rate, now_ms)

    async def play(self, frame: AudioFrame) -> None:
        """Send 20 ms of the bot's sound."""
        self._played = True
        self._send_sound(frame.pcm)

    async def clear(self) -> None:
        """Nothing is kept ahead of the line."""

    async def transfer(self, target: str) -> None:
        """Leave the call to the dialplan, which asks what comes next and dials the person."""
        if self._over.is_set():
            raise TransferFailed("the caller hung up")
        self._leave("transfer")

    async def hang_up(self) -> None:
        """End the line from our side."""
        self._leave("hangup")

    def _leave(self, outcome: str) -> None:
        if not self._over.is_set():
            # The dialplan asks as soon as it gets the hang-up frame: the answer must lie ready.
            self._on_outcome(outcome)
            self._send(Frame(HANG_UP).to_bytes())
            self.closed()

    def _send_sound(self, pcm: bytes) -> None:
        self._sent += 1
        self._send(Frame(self._sound_kind, pcm).to_bytes())

    def _next(self) -> bytes:
        if self._is_filling() or len(self._sound) < self._frame_bytes:
            self._filling = True
            self._concealed += 1
            return self._concealment.missing()
        piece = bytes(self._sound[: self._frame_bytes])
        del self._sound[: self._frame_bytes]
        return self._concealment.good(piece)

    def _is_filling(self) -> bool:
        """Until enough has come, or what has come has waited as long."""
        if self._filling:
            self._waited += bool(self._sound)
            enough = len(self._sound) >= _AHEAD_FRAMES * self._frame_bytes
            if not enough and self._waited < _AHEAD_FRAMES:
                return True
            self._filling, self._waited = False, 0
        return False
