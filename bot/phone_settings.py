"""PhoneSettings: what the telephone is told by the environment, read once and checked."""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.settings import SettingsInvalid
from voice.audiosocket.server import AudioSocketSettings
from voice.line.admission import PeerList, PeersInvalid
from voice.line.listening_place import Listen
from voice.sip.access import AccessLimits
from voice.sip.digest import Credentials
from voice.sip.errors import SipInvalid
from voice.sip.registration import Account
from voice.sip.settings import SipSettings
from voice.sip.uri import SipUri, parse_host_port
from voice.waiting.places import LoadLimits

_BOT_LETS_GO_S = 60.0
"""How much later than the call's own polite end the line is cut."""


@dataclass(frozen=True)
class PhoneSettings:
    """Off unless an address to listen at is set."""

    sip: SipSettings | None
    audiosocket: AudioSocketSettings | None
    audiosocket_token: str
    """Opens the dialplan's questions; empty: they are off, and no UUID need be announced."""
    metrics_token: str
    """Opens /metrics; empty: it is off."""
    calls: int
    """Phone calls that talk with the bot at once, over all ways in."""
    waiting: int
    """Callers who may wait for one of those places; one more is refused."""
    wait_s: int
    """Seconds after which a waiting caller is offered a call back; after twice as long he is sent away."""
    load: LoadLimits
    """From when new callers wait although there is a place."""
    needs_recording: bool
    """A call that cannot be recorded is handed to a person."""
    call_s: int
    """A call is ended politely after this long."""
    drain_s: int
    """How long present calls may go on after SIGTERM."""

    @property
    def on(self) -> bool:
        """Whether any way in by phone is switched on."""
        return self.sip is not None or self.audiosocket is not None

    @staticmethod
    def from_environment(environment: Mapping[str, str] | None = None) -> "PhoneSettings":
        """Read the telephone's settings (docs/settings.md). Raises SettingsInvalid."""
        values = os.environ if environment is None else environment
        call_s = _number(values, "SHOUDAI_PHONE_CALL_S", 1800, 30, 86400)
        return PhoneSettings(
            sip=_sip(values, call_s),
            audiosocket=_audiosocket(values, call_s),
            audiosocket_token=values.get("SHOUDAI_AUDIOSOCKET_TOKEN", ""),
            metrics_token=values.get("SHOUDAI_METRICS_TOKEN", ""),
            calls=_number(values, "SHOUDAI_PHONE_CALLS", 20, 1, 1000),
            waiting=_number(values, "SHOUDAI_PHONE_WAITING", 10, 0, 1000),
            wait_s=_number(values, "SHOUDAI_PHONE_WAIT_S", 60, 10, 3600),
            load=_load_limits(values),
            needs_recording=_choice(values, "SHOUDAI_UNRECORDED", "go_on", ("go_on", "person")) == "person",
            call_s=call_s,
            drain_s=_number(values, "SHOUDAI_PHONE_DRAIN_S", 60, 0, 3600),
        )


def _load_limits(values: Mapping[str, str]) -> LoadLimits:
    def seconds(name: str, default_ms: int) -> float:
        return _number(values, name, default_ms, 20, 60_000) / 1000

    return LoadLimits(
        recognition_s=seconds("SHOUDAI_LOAD_RECOGNITION_MS", 1000),
        synthesis_s=seconds("SHOUDAI_LOAD_SYNTHESIS_MS", 1500),
        slip_s=seconds("SHOUDAI_LOAD_SLIP_MS", 60),
    )


def _sip(values: Mapping[str, str], call_s: int) -> SipSettings | None:
    listen = _listen(values, "SHOUDAI_SIP_LISTEN")
    if not listen:
        return None
    trust = _choice(values, "SHOUDAI_SIP_CALLER", "asserted", ("asserted", "from"))
    transfer = _choice(values, "SHOUDAI_SIP_TRANSFER", "refer", ("refer", "bridge"))
    return SipSettings(
        listen=listen,
        peers=_peers(values, "SHOUDAI_SIP_PEERS"),
        advertise=_address(values, "SHOUDAI_SIP_ADVERTISE"),
        rtp_ports=_ports(values, "SHOUDAI_SIP_RTP_PORTS"),
        agent=_sip_address(values, "SHOUDAI_SIP_AGENT"),
        transfer=transfer,
        trusts_from=trust == "from",
        account=_account(values),
        credentials=_credentials(values),
        max_call_s=call_s + _BOT_LETS_GO_S,
        limits=AccessLimits(invites_per_s=float(_number(values, "SHOUDAI_SIP_INVITES", 10, 1, 1000))),
    )


def _audiosocket(values: Mapping[str, str], call_s: int) -> AudioSocketSettings | None:
    name = "SHOUDAI_AUDIOSOCKET_LISTEN"
    listen = _listen(values, name)
    if not listen:
        return None
    if any(place.transport != "TCP" for place in listen):
        raise SettingsInvalid(f"{name} is TCP only; write it like tcp:0.0.0.0:9092")
    peers = _peers(values, "SHOUDAI_AUDIOSOCKET_PEERS")
    return AudioSocketSettings(listen, peers, max_call_s=call_s + _BOT_LETS_GO_S)


def _account(values: Mapping[str, str]) -> Account | None:
    registrar = _sip_address(values, "SHOUDAI_SIP_REGISTRAR")
    address = _sip_address(values, "SHOUDAI_SIP_ADDRESS")
    if registrar is None and address is None:
        return None
    if registrar is None or address is None:
        raise SettingsInvalid(
            "SHOUDAI_SIP_REGISTRAR (like sip:10.0.0.5) and SHOUDAI_SIP_ADDRESS (like sip:8000@10.0.0.5) "
            "belong together."
        )
    return Account(registrar, address, _number(values, "SHOUDAI_SIP_EXPIRES_S", 300, 60, 7200))


def _credentials(values: Mapping[str, str]) -> Credentials | None:
    user, password = values.get("SHOUDAI_SIP_USER", ""), values.get("SHOUDAI_SIP_PASSWORD", "")
    if not user and not password:
        return None
    if not user or not password:
        raise SettingsInvalid("SHOUDAI_SIP_USER and SHOUDAI_SIP_PASSWORD belong together.")
    return Credentials(user, password)


def _listen(values: Mapping[str, str], name: str) -> tuple[Listen, ...]:
    """``udp:0.0.0.0:5060,tcp:[::]:5060``"""
    places = []
    for part in _parts(values, name):
        transport, _, place = part.partition(":")
        try:
            host, port = parse_host_port(place)
            ipaddress.ip_address(host)
        except (SipInvalid, ValueError) as error:
            raise SettingsInvalid(f"{name} holds {part!r}; write it like udp:0.0.0.0:5060") from error
        if transport not in ("udp", "tcp") or port is None:
            raise SettingsInvalid(f"{name} holds {part!r}; write it like udp:0.0.0.0:5060")
        places.append(Listen(transport.upper(), host, port))
    return tuple(places)


def _peers(values: Mapping[str, str], name: str) -> PeerList:
    try:
        peers = PeerList(_parts(values, name))
    except PeersInvalid as error:
        raise SettingsInvalid(f"{name}: {error}") from error
    if not peers:
        raise SettingsInvalid(
            f"{name} must name the exchanges that may call, like 10.0.0.5,10.1.0.0/24; nobody else gets in."
        )
    return peers


def _ports(values: Mapping[str, str], name: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{4,5})-([0-9]{4,5})", values.get(name, "") or "16384-17383")
    first, last = (int(found[1]), int(found[2])) if found is not None else (0, 0)
    if not 1024 <= first < last <= 65535:
        raise SettingsInvalid(f"{name} must be a range of ports like 16384-17383.")
    return first, last


def _address(values: Mapping[str, str], name: str) -> str | None:
    text = values.get(name, "")
    if not text:
        return None
    try:
        return str(ipaddress.ip_address(text))
    except ValueError as error:
        raise SettingsInvalid(f"{name} must be an IP address, not {text!r}.") from error


def _sip_address(values: Mapping[str, str], name: str) -> str | None:
    text = values.get(name, "")
    if not text:
        return None
    try:
        uri = SipUri.parse(text)
    except SipInvalid as error:
        raise SettingsInvalid(
            f"{name} must be a SIP address like sip:8000@10.0.0.5, not {text!r}."
        ) from error
    if uri.scheme != "sip":
        raise SettingsInvalid(f"{name}: only sip: addresses can be called, not {text!r}.")
    return str(uri)


def _choice(values: Mapping[str, str], name: str, default: str, choices: tuple[str, ...]) -> str:
    text = values.get(name, "") or default
    if text not in choices:
        raise SettingsInvalid(f"{name} must be one of {', '.join(choices)}, not {text!r}.")
    return text


def _number(values: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = values.get(name, "") or str(default)
    if not re.fullmatch(r"[0-9]{1,6}", text) or not least <= int(text) <= most:
        raise SettingsInvalid(f"{name} must be a number from {least} to {most}, not {text!r}.")
    return int(text)


def _parts(values: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in values.get(name, "").split(",") if part.strip()]
