"""SipSettings: what the endpoint is told, checked before anything listens."""

from dataclasses import dataclass, field

from voice.line.admission import PeerList
from voice.line.listening_place import Listen
from voice.sip.access import AccessLimits
from voice.sip.digest import Credentials
from voice.sip.registration import Account
from voice.sip.transactions import Timing


@dataclass(frozen=True)
class SipSettings:
    """The names of the environment variables are in docs/settings.md."""

    listen: tuple[Listen, ...]
    peers: PeerList
    advertise: str | None = None
    """Our address as peers see it, where that is not the one of the interface (NAT, containers)."""
    rtp_ports: tuple[int, int] = (16384, 17383)
    """First and last; a call takes two, a bridged call four."""
    agent: str | None = None
    """Where a caller is handed to a person: a SIP address."""
    transfer: str = "refer"
    """``refer`` (the exchange connects them) or ``bridge`` (we call the person and stay in between)."""
    trusts_from: bool = False
    """The From header vouches for the caller's number, where there is no P-Asserted-Identity."""
    account: Account | None = None
    credentials: Credentials | None = None
    max_call_s: float = 1860.0
    """Wall seconds after which a call is cut, hold and bridged talk included."""
    silent_s: float = 30.0
    """Wall seconds without a single packet after which a peer that is not on hold has vanished."""
    limits: AccessLimits = field(default_factory=AccessLimits)
    timing: Timing = field(default_factory=Timing)
