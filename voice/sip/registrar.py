"""Registrar: finds the registrar's address and keeps our registration there alive."""

import asyncio
import logging
import socket
from collections.abc import Callable

from voice.line.datagrams import family_of
from voice.line.listening_place import Listen
from voice.sip.errors import SipInvalid
from voice.sip.hop import Hop
from voice.sip.leg_host import LegHost
from voice.sip.registration import Registration
from voice.sip.settings import SipSettings
from voice.sip.uri import DEFAULT_PORT, SipUri

_logger = logging.getLogger(__name__)

_LOOK_UP_AGAIN_S = 30.0


async def find_hop(address: str, listen: tuple[Listen, ...]) -> Hop | None:
    """The network address of a SIP address; its name is looked up. Raises SipInvalid.

    Only an address of a family that we ``listen`` at is of use: a name may have both kinds. None where there is none.
    """
    uri = SipUri.parse(address)
    transport = (uri.parameter("transport") or "udp").upper()
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            uri.host, uri.port or DEFAULT_PORT, type=socket.SOCK_DGRAM
        )
    except OSError:
        return None
    ours = {family_of(place.host) for place in listen}
    place = next((place for family, _, _, _, place in found if family in ours), None)
    return None if place is None else Hop(transport, str(place[0]), int(place[1]))


class Registrar:
    """Does nothing where no account is set."""

    def __init__(self, settings: SipSettings, host: LegHost, pump: Callable[[], None]) -> None:
        self._account = settings.account
        self._peers = settings.peers
        self._listen = settings.listen
        self._host = host
        self._pump = pump
        self._registration: Registration | None = None
        self._looking: asyncio.Task[None] | None = None

    @property
    def registered(self) -> bool | None:
        """None where no account is set."""
        if self._account is None:
            return None
        return self._registration is not None and self._registration.registered

    async def begin(self) -> None:
        """Look the registrar up and register; both are tried again until they succeed."""
        if self._account is not None:
            self._looking = asyncio.create_task(self._look_up(self._account.registrar))

    def sign_off(self) -> None:
        """Take the registration back: the exchange sends no more calls."""
        self.close()
        if self._registration is not None:
            self._registration.sign_off()

    def close(self) -> None:
        """Look nothing up any more."""
        if self._looking is not None:
            self._looking.cancel()

    async def _look_up(self, address: str) -> None:
        assert self._account is not None
        while True:
            try:
                hop = await find_hop(address, self._listen)
            except SipInvalid:
                hop = None
            if hop is not None:
                break
            _logger.warning("the registrar cannot be found: code=registrar_unknown address=%s", address)
            await asyncio.sleep(_LOOK_UP_AGAIN_S)
        if not self._peers.allows(hop.host):
            _logger.warning(
                "the registrar is not in the allow-list, so its answers are not heard: %s", hop.host
            )
        self._registration = Registration(self._host, self._account, hop, self._changed)
        self._registration.begin()
        self._pump()

    @staticmethod
    def _changed(registered: bool, status: int) -> None:
        if not registered:
            _logger.warning("registration failed: code=registration_failed status=%d", status)
