"""A telephone endpoint on free ports of this machine, with a call that echoes what it hears."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace

import pytest

from tests.telephony.uac import Phone
from voice.line.admission import PeerList, Refusal
from voice.line.listening_place import Listen
from voice.line.transport import Dtmf, TransferFailed
from voice.sip.endpoint import SipEndpoint
from voice.sip.settings import SipSettings
from voice.sip.transactions import Timing
from voice.transports.sip import SipTransport

QUICK = Timing(t1_s=0.05, t2_s=0.2, t4_s=0.1)
"""A tenth of SIP's times, so that tests of repetitions are over soon."""

SETTINGS = SipSettings(
    listen=(Listen("UDP", "127.0.0.1", 0), Listen("TCP", "127.0.0.1", 0)),
    peers=PeerList(["127.0.0.1", "::1"]),
    rtp_ports=(21000, 22999),
    timing=QUICK,
)


@dataclass
class Echo:
    """Takes every call: plays back what it hears, counts keys, and does what a test tells it to."""

    calls: list[SipTransport] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    frames: int = 0
    transfer_after: int = 0
    """Frames after which the caller is handed to a person; 0: never."""
    transfer_error: str = ""
    hang_up_after: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, line: SipTransport) -> None:
        self.calls.append(line)
        async for item in line.frames():
            if isinstance(item, Dtmf):
                self.keys.append(item.key)
                continue
            self.frames += 1
            await line.play(item)
            if self.hang_up_after and self.frames >= self.hang_up_after:
                await line.hang_up()
            if self.transfer_after and self.frames >= self.transfer_after:
                self.transfer_after = 0
                try:
                    await line.transfer("agent")
                    break
                except TransferFailed as error:
                    self.transfer_error = str(error)
        self.ended.set()


@dataclass
class Exchange:
    """A running endpoint and a way to make phones that call it."""

    endpoint: SipEndpoint
    echo: Echo
    phones: list[Phone] = field(default_factory=list)

    async def phone(self, **values: object) -> Phone:
        """A telephone that calls this endpoint."""
        phone = await Phone(self.endpoint.address("UDP"), **values).open()  # type: ignore[arg-type]
        self.phones.append(phone)
        return phone


Start = Callable[..., Awaitable[Exchange]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start an endpoint; settings may be given by name, and why calls are refused."""
    running: list[Exchange] = []

    async def begin(
        refusal: Callable[[], Refusal | None] = lambda: None, take: object = None, **settings: object
    ) -> Exchange:
        echo = Echo()
        endpoint = SipEndpoint(replace(SETTINGS, **settings), take or echo, refusal)  # type: ignore[arg-type]
        await endpoint.open()
        running.append(Exchange(endpoint, echo))
        return running[-1]

    yield begin
    for exchange in running:
        for phone in exchange.phones:
            phone.close()
        await exchange.endpoint.close()


@pytest.fixture
async def exchange(start: Start) -> Exchange:
    """An endpoint with the ordinary settings."""
    return await start()
