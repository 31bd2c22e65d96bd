"""AudioTimeLine: a telephone line in audio time, between the bot's call and a simulated caller in one process."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable

from commands.simulated_calls.caller_sound import FRAME_BYTES
from commands.simulated_calls.impaired_wire import ImpairedWire
from commands.simulated_calls.scenario import Network
from commands.simulated_calls.scripted_caller import ScriptedCaller
from voice.line.transport import Dtmf
from voice.rtp.rtp_line import RtpLine
from voice.sound.audio import FRAME_MS, AudioFrame
from voice.sound.g711 import SAMPLE_RATE, decode_alaw, encode_alaw

PAUSE_MS = 1000
"""The line stands still while the bot thinks: what is silent for this long has finished."""

_PLACE, _RTCP = ("127.0.0.1", 5004), ("127.0.0.1", 5005)


class AudioTimeLine:
    """Implements Transport. It stands still while the call thinks, so that a result never depends on speed."""

    name = "simulated"
    sample_rate = SAMPLE_RATE
    hands_over = True
    delay_ms = 0.0

    def __init__(
        self, person: ScriptedCaller, caller: str | None, network: Network | None, seed: int
    ) -> None:
        """``caller``: the line's number. With a ``network`` all sound goes through RTP, as by SIP."""
        self.caller = caller
        self._person = person
        self._open = True
        self._played: bytes | None = None
        self._to_bot = _direct if network is None else _Packets(network, seed).carry
        self._to_caller = _direct if network is None else _Packets(network, seed + 1).carry
        self.transferred_to: str | None = None
        self.thinking: Callable[[], bool] = lambda: False
        self.at_rest: Callable[[], bool] = lambda: True

    async def frames(self) -> AsyncIterator[AudioFrame | Dtmf]:
        """The caller's side, until one of the two hangs up."""
        heard = bytes(FRAME_BYTES)
        while self._open and not self._person.done:
            await asyncio.sleep(0)
            while self.thinking():  # noqa: ASYNC110 - the call offers a question, not an event
                await asyncio.sleep(0.002)
            now_ms = self._person.now_ms
            sent = self._person.frame(heard)
            if sent.key:
                yield Dtmf(sent.key, now_ms)
            self._played = None
            yield AudioFrame(self._to_bot(sent.pcm, now_ms), SAMPLE_RATE, now_ms)
            heard = self._to_caller(self._played or bytes(FRAME_BYTES), now_ms)

    async def play(self, frame: AudioFrame) -> None:
        """The caller hears this frame with his next one."""
        self._played = frame.pcm

    async def clear(self) -> None:
        """Nothing is kept ahead of the line."""

    async def transfer(self, target: str) -> None:
        """Handed to a person: the line is closed."""
        self.transferred_to = target
        self._open = False

    async def hang_up(self) -> None:
        """The bot hung up."""
        self._open = False


def _direct(pcm: bytes, now_ms: int) -> bytes:
    return decode_alaw(encode_alaw(pcm))


class _Packets:
    """One direction as RTP over an impaired wire: the endpoint's own packets, reorder buffer and concealment."""

    def __init__(self, network: Network, seed: int) -> None:
        self._wire = ImpairedWire(network, seed)
        numbers = random.Random(seed)
        self._sender, self._receiver = (RtpLine(numbers.getrandbits, name) for name in ("sender", "receiver"))
        for line in (self._sender, self._receiver):
            line.agree("PCMA", 8, 101, _PLACE, _RTCP)

    def carry(self, pcm: bytes, now_ms: int) -> bytes:
        """Send 20 ms and give what the other side plays now: that of 60 ms ago, or what was made up for it."""
        made = self._sender.frame(pcm)
        assert made is not None, "the other side was declared"
        self._wire.send(made[0], now_ms)
        for packet in self._wire.arrived(now_ms + FRAME_MS):
            self._receiver.receive(packet, _PLACE, now_ms / 1000)
        return self._receiver.pull()
