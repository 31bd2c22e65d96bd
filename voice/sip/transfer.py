"""Transfers: handing a caller to a person, by the exchange (REFER) or by a second leg of our own."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from voice.line.transport import TransferFailed
from voice.rtp.media_port import MediaPort, NoPort
from voice.sip.agent import USER, UserAgent
from voice.sip.errors import SipInvalid
from voice.sip.events import (
    AgentEvent,
    MediaChanged,
    OutgoingAnswered,
    OutgoingFailed,
    ReferralEnded,
)
from voice.sip.hop import Hop
from voice.sip.leg import Leg, LegState
from voice.sip.negotiation import LocalSession
from voice.sip.outgoing_call import OutgoingCall
from voice.sip.registrar import find_hop
from voice.sip.settings import SipSettings
from voice.transports.sip import SipTransport

_PATIENCE_S = 60.0

OpenMedia = Callable[[Hop], tuple[MediaPort, LocalSession]]


@dataclass
class _Bridge:
    """Two legs whose sound is passed on."""

    legs: dict[Leg, MediaPort] = field(default_factory=dict)

    def other(self, leg: Leg) -> Leg:
        return next(one for one in self.legs if one is not leg)


class Transfers:
    """All transfers of an endpoint."""

    def __init__(
        self, settings: SipSettings, agent: UserAgent, open_media: OpenMedia, pump: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._agent = agent
        self._open_media = open_media
        self._pump = pump
        self._referrals: dict[Leg, asyncio.Future[ReferralEnded]] = {}
        self._calls: dict[OutgoingCall, asyncio.Future[OutgoingAnswered | OutgoingFailed]] = {}
        self._bridges: dict[Leg, _Bridge] = {}

    async def transfer(self, line: SipTransport, target: str) -> None:
        """Hand the caller of ``line`` over. Raises TransferFailed."""
        agent = self._settings.agent
        if agent is None:
            raise TransferFailed("no agent's address is set")
        if line.leg.state is not LegState.ESTABLISHED:
            raise TransferFailed("the caller is gone")
        if self._settings.transfer == "bridge":
            await self._bridge(line, agent)
        else:
            await self._refer(line, agent)

    def handle(self, event: AgentEvent) -> None:
        """What happened to a transfer."""
        match event:
            case ReferralEnded(leg):
                self._settle(self._referrals.pop(leg, None), event)
            case MediaChanged(leg) if leg in self._bridges:
                _agree(self._bridges[leg].legs[leg], leg)
            case OutgoingAnswered(call) | OutgoingFailed(call):
                waiting = self._calls.pop(call, None)
                if waiting is None or waiting.done():
                    if isinstance(event, OutgoingAnswered):
                        event.leg.hang_up()
                else:
                    waiting.set_result(event)

    def bridges(self, leg: Leg) -> bool:
        """Whether a person talks on this leg."""
        return leg in self._bridges

    def leg_over(self, leg: Leg) -> None:
        """One side hung up: so does the other."""
        bridge = self._bridges.pop(leg, None)
        if bridge is not None:
            bridge.legs[leg].close()
            bridge.other(leg).hang_up()

    def heard_at_s(self, leg: Leg) -> float | None:
        """When the peer of a person's leg was last heard."""
        bridge = self._bridges.get(leg)
        return bridge.legs[leg].heard_at_s if bridge is not None else None

    def close(self) -> None:
        """Free the ports of all bridges."""
        for bridge in self._bridges.values():
            for media in bridge.legs.values():
                media.close()
        self._bridges.clear()

    @staticmethod
    def _settle(waiting: "asyncio.Future[ReferralEnded] | None", event: ReferralEnded) -> None:
        if waiting is not None and not waiting.done():
            waiting.set_result(event)

    async def _refer(self, line: SipTransport, agent: str) -> None:
        waiting = self._referrals[line.leg] = asyncio.get_running_loop().create_future()
        line.leg.refer(agent, self._agent.contact(line.leg.hop))
        self._pump()
        try:
            ended = await waiting
        finally:
            self._referrals.pop(line.leg, None)
        if not ended.accepted:
            raise TransferFailed(f"the exchange answered {ended.status}")
        # The exchange has connected the caller with a person; our part of the call ends (RFC 5589 section 6).
        line.leg.hang_up()
        self._pump()

    async def _bridge(self, line: SipTransport, agent: str) -> None:
        """Call the person, and pass the sound on once they answer."""
        try:
            hop = await find_hop(agent, self._settings.listen)
        except SipInvalid:
            hop = None
        if hop is None:
            raise TransferFailed("the agent's address cannot be found")
        if not self._settings.peers.allows(hop.host):
            raise TransferFailed("the agent's address is not in the allow-list")
        try:
            media, session = self._open_media(hop)
        except NoPort as error:
            raise TransferFailed("no port is free") from error
        call = OutgoingCall(
            self._agent, agent, self._calls_as(line, hop), session, hop, self._vouched(line, hop)
        )
        waiting = self._calls[call] = asyncio.get_running_loop().create_future()
        self._pump()
        try:
            ended = await asyncio.wait_for(waiting, _PATIENCE_S)
        except (asyncio.TimeoutError, asyncio.CancelledError) as error:
            self._calls.pop(call, None)
            call.cancel()
            self._pump()
            media.close()
            if isinstance(error, asyncio.CancelledError):
                raise
            raise TransferFailed("nobody answered") from error
        if isinstance(ended, OutgoingFailed):
            media.close()
            what = f"answered {ended.status}" if ended.status else "cannot be reached"
            raise TransferFailed(f"the agent's phone {what}")
        self._join(line, ended.leg, media)

    def _join(self, line: SipTransport, person: Leg, media: MediaPort) -> None:
        if line.leg.state is not LegState.ESTABLISHED:
            person.hang_up()
            media.close()
            raise TransferFailed("the caller is gone")
        _agree(media, person)
        bridge = _Bridge({line.leg: line.media, person: media})
        self._bridges[line.leg] = self._bridges[person] = bridge
        line.media.line.on_packet = media.forward
        media.line.on_packet = line.media.forward

    def _calls_as(self, line: SipTransport, hop: Hop) -> str:
        """An exchange takes calls from its extensions under their own address only; the name tells who calls."""
        account = self._settings.account
        address = account.address if account else f"sip:{line.caller or USER}@{self._agent.local_host(hop)}"
        return f'"{line.caller or ""}" <{address}>'

    def _vouched(self, line: SipTransport, hop: Hop) -> str | None:
        """The number is the one that a listed peer has vouched for, and listed peers alone are told it."""
        return f"<sip:{line.caller}@{self._agent.local_host(hop)}>" if line.caller else None


def _agree(media: MediaPort, leg: Leg) -> None:
    """Take what a person's phone has negotiated."""
    agreed = leg.agreed
    assert agreed is not None
    place, rtcp = (agreed.host, agreed.port), (agreed.host, agreed.rtcp_port)
    media.line.agree(agreed.codec, agreed.payload_type, agreed.peer_events_type, place, rtcp)
