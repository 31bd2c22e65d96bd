"""SipEndpoint: the phone itself: sockets under the agent, and a task for every call."""

import asyncio
import logging
import secrets
import socket
import time
from collections.abc import Awaitable, Callable, Mapping

from voice.line.admission import Refusal
from voice.rtp.media_port import MediaPort, NoPort, PortRange
from voice.rtp.rtp_line import RtpLine
from voice.sip.access import Access
from voice.sip.agenda import Agenda
from voice.sip.agent import UserAgent
from voice.sip.caller_number import caller_number
from voice.sip.events import (
    AgentEvent,
    CallEstablished,
    CallOffered,
    CallOver,
    KeyPressed,
    MediaChanged,
)
from voice.sip.hop import Hop
from voice.sip.leg import Leg, LegState
from voice.sip.negotiation import LocalSession
from voice.sip.network import SipNetwork
from voice.sip.registrar import Registrar
from voice.sip.settings import SipSettings
from voice.sip.transfer import Transfers
from voice.transports.sip import SipTransport

_logger = logging.getLogger(__name__)

TakeCall = Callable[[SipTransport], Awaitable[None]]
"""Holds one call from its first frame to its end; never raises for what happens within it."""

_WATCH_S = 1.0


class SipEndpoint:
    """Implements agent.Surroundings."""

    def __init__(
        self, settings: SipSettings, take_call: TakeCall, refusal: Callable[[], Refusal | None]
    ) -> None:
        """``refusal`` says why no call can be taken now, apart from draining."""
        self._settings = settings
        self._take_call = take_call
        self._refusal = refusal
        self._agenda = Agenda(time.monotonic())
        self.access = Access(settings.peers, self._agenda, settings.limits)
        self.agent = UserAgent(self, self.access, self._agenda, settings.credentials, settings.timing)
        self._network = SipNetwork(settings.listen, self._receive, settings.peers.allows, self._unreachable)
        self._ports = PortRange(*settings.rtp_ports)
        self._local_hosts: dict[str, str] = {}
        self._lines: dict[Leg, SipTransport] = {}
        self._tasks: dict[SipTransport, asyncio.Task[None]] = {}
        self._transfers = Transfers(settings, self.agent, self.open_media, self.pump)
        self._registrar = Registrar(settings, self.agent, self.pump)
        self._timer: asyncio.TimerHandle | None = None
        self._watching: asyncio.Task[None] | None = None
        self._draining = False

    # -- life ------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Listen, and register where that is wanted. Raises AddressUnusable."""
        await self._network.open()
        self._watching = asyncio.create_task(self._watch())
        await self._registrar.begin()

    async def drain(self, limit_s: float) -> None:
        """Take no new calls, let the present ones end by themselves for ``limit_s``, and hang up the rest."""
        self._draining = True
        self._registrar.sign_off()
        self.pump()
        until = time.monotonic() + limit_s
        while self.calls and time.monotonic() < until:  # noqa: ASYNC110 - a call may be a task, a leg or a bridge
            await asyncio.sleep(0.1)
        for leg in self.agent.legs:
            leg.hang_up()
        self.pump()
        if self._tasks:
            await asyncio.wait([*self._tasks.values()], timeout=5)

    async def close(self) -> None:
        """End everything at once."""
        for leg in self.agent.legs:
            leg.hang_up()
        self.pump()
        for task in [*self._tasks.values(), *([self._watching] if self._watching else [])]:
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        if self._timer is not None:
            self._timer.cancel()
        self._transfers.close()
        self._registrar.close()
        await self._network.close()

    @property
    def calls(self) -> int:
        """Calls that go on now, those that talk to a person through us included."""
        # Those that were offered and not yet acknowledged count as well: a burst must not pass the limit.
        return len({*self._lines.values(), *self._tasks})

    @property
    def counts(self) -> Mapping[str, int]:
        """What was refused or broke, by reason."""
        return self.access.counts

    @property
    def lines(self) -> list[SipTransport]:
        """Lines on which the bot talks now."""
        return list(self._tasks)

    @property
    def registered(self) -> bool | None:
        """Whether the registrar knows us; None where there is none."""
        return self._registrar.registered

    def address(self, transport: str) -> tuple[str, int]:
        """Where we listen by ``UDP`` or ``TCP``."""
        place = next(place for place in self._network.bound if place.transport == transport)
        return place.host, place.port

    # -- agent.Surroundings ----------------------------------------------------------------------------------

    def local_place(self, hop: Hop) -> tuple[str, int]:
        """Our address and SIP port as ``hop`` sees them."""
        version = ":" in hop.host
        ports = [
            place.port
            for place in self._network.bound
            if place.transport == hop.transport and (":" in place.host) == version
        ]
        return self._local_host(hop.host), ports[0] if ports else 5060

    def refusal(self) -> Refusal | None:
        """Why no call can be taken now."""
        if self._draining:
            return Refusal(503, "draining", retry_after_s=30)
        return self._refusal()

    def token(self) -> str:
        """64 random bits."""
        return secrets.token_hex(8)

    # -- messages and time -----------------------------------------------------------------------------------

    def pump(self) -> None:
        """Send what the agent wants sent, tell what happened, and set the next alarm."""
        while self.agent.events or self.agent.outgoing:
            while self.agent.outgoing:
                self._network.send(*self.agent.outgoing.popleft())
            while self.agent.events:
                self._handle(self.agent.events.popleft())
        if self._timer is not None:
            self._timer.cancel()
        due = self._agenda.next_due
        loop = asyncio.get_running_loop()
        self._timer = None if due is None else loop.call_later(max(0.0, due - time.monotonic()), self._alarm)

    def _receive(self, data: bytes, hop: Hop) -> None:
        self.agent.advance(time.monotonic())
        self._safely(lambda: self.agent.receive(data, hop))

    def _unreachable(self, hop: Hop) -> None:
        self._safely(lambda: self.agent.unreachable(hop))

    def _alarm(self) -> None:
        self._safely(lambda: self.agent.advance(time.monotonic()))

    def _safely(self, act: Callable[[], None]) -> None:
        """A fault of ours in one message must not end everybody's calls."""
        try:
            act()
            self.pump()
        except Exception:
            self.access.count("internal_error")
            _logger.exception("a SIP message or timer could not be handled: code=sip_internal_error")

    def _handle(self, event: AgentEvent) -> None:
        match event:
            case CallOffered(leg):
                self._offered(leg)
            case CallEstablished(leg) if leg in self._lines:
                line = self._lines[leg]
                line.agree()
                self._tasks[line] = asyncio.create_task(self._hold(line))
            case MediaChanged(leg) if leg in self._lines:
                self._lines[leg].agree()
            case KeyPressed(leg, key) if leg in self._lines:
                self._lines[leg].press(key)
            case CallOver(leg, reason):
                self._over(leg, reason)
            case _:
                self._transfers.handle(event)

    def _offered(self, leg: Leg) -> None:
        assert leg.invitation is not None
        try:
            media, session = self.open_media(leg.hop)
        except NoPort:
            self.access.count("no_port")
            leg.reject(503, Retry_After="10")
            return
        known = caller_number(leg.invitation.request, self._settings.trusts_from)
        self._lines[leg] = SipTransport(
            leg, media, known.number, self._transfers.transfer, self._settings.agent is not None
        )
        leg.ring()
        leg.answer(session)
        _logger.info("call offered: peer=%s diverted=%s", leg.hop.host, known.diverted_by is not None)

    def _over(self, leg: Leg, reason: str) -> None:
        _logger.info("call over: peer=%s reason=%s", leg.hop.host, reason)
        self._transfers.leg_over(leg)
        line = self._lines.pop(leg, None)
        if line is not None:
            line.closed(reason)
            if line not in self._tasks:
                line.media.close()
        if reason in ("not_acknowledged", "not_acceptable", "session_expired", "peer_silent"):
            self.access.count(reason)

    # -- calls -----------------------------------------------------------------------------------------------

    def open_media(self, hop: Hop) -> tuple[MediaPort, LocalSession]:
        """Ports and a description for a call with the peer at ``hop``. Raises NoPort."""
        line = RtpLine(secrets.randbits, f"{secrets.token_hex(4)}@shoudai")
        media = MediaPort.open(self._ports, self._bind_host(hop), line)
        return media, LocalSession(self._local_host(hop.host), media.port, secrets.randbits(31))

    async def _hold(self, line: SipTransport) -> None:
        """One call; afterwards the line is closed, unless a person talks on it now."""
        try:
            await self._take_call(line)
        except Exception:
            # Whatever broke ends this call and no other.
            _logger.exception("a call broke off: code=call_failed")
        finally:
            self._tasks.pop(line, None)
            if not self._transfers.bridges(line.leg):
                line.leg.hang_up()
                line.media.close()
                if line.leg.state is not LegState.OVER:
                    line.leg.end("hung_up")
            self.pump()

    async def _watch(self) -> None:
        """Once a second: end calls that are too long, and those whose peer has vanished without a BYE."""
        began: dict[Leg, float] = {}
        while True:
            await asyncio.sleep(_WATCH_S)
            now = time.monotonic()
            legs = [leg for leg in self.agent.legs if leg.state is LegState.ESTABLISHED]
            began = {leg: began.get(leg, now) for leg in legs}
            for leg in legs:
                if now - began[leg] > self._settings.max_call_s:
                    self.access.count("call_too_long")
                    leg.hang_up()
                elif self._is_silent(leg, max(began[leg], self._heard_at(leg)), now):
                    self.access.count("peer_vanished")
                    if leg in self._lines:
                        self._lines[leg].closed("peer_vanished")
                    leg.hang_up()
            self._safely(lambda: None)

    def _heard_at(self, leg: Leg) -> float:
        line = self._lines.get(leg)
        heard = line.media.heard_at_s if line is not None else self._transfers.heard_at_s(leg)
        return heard or 0.0

    def _is_silent(self, leg: Leg, since: float, now: float) -> bool:
        held = leg.agreed is not None and leg.agreed.held
        return not held and now - since > self._settings.silent_s

    def _bind_host(self, hop: Hop) -> str:
        """Sound comes in by the interfaces that calls come in by."""
        version = ":" in hop.host
        hosts = {place.host for place in self._network.bound if (":" in place.host) == version}
        return hosts.pop() if len(hosts) == 1 else "::" if version else "0.0.0.0"

    def _local_host(self, peer: str) -> str:
        """The address of the interface that leads to ``peer``, or the one that we are told to advertise."""
        if self._settings.advertise is not None and (":" in self._settings.advertise) == (":" in peer):
            return self._settings.advertise
        if peer not in self._local_hosts:
            family = socket.AF_INET6 if ":" in peer else socket.AF_INET
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                # Connecting a datagram socket sends nothing; it only asks the routing table.
                try:
                    probe.connect((peer, 9))
                    self._local_hosts[peer] = str(probe.getsockname()[0]).partition("%")[0]
                except OSError:
                    return "::1" if ":" in peer else "127.0.0.1"
        return self._local_hosts[peer]
