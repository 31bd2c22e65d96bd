"""AgentEvents: what happens to the legs of an endpoint, for the shell that carries their sound."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice.sip.leg import Leg
    from voice.sip.outgoing_call import OutgoingCall


@dataclass(frozen=True)
class CallOffered:
    """A peer calls; ``leg.answer`` or ``leg.reject`` is wanted."""

    leg: "Leg"


@dataclass(frozen=True)
class CallEstablished:
    """Both sides have agreed: sound may flow."""

    leg: "Leg"


@dataclass(frozen=True)
class MediaChanged:
    """Hold, resume, another codec or another address: ``leg.agreed`` is new."""

    leg: "Leg"


@dataclass(frozen=True)
class KeyPressed:
    """A key came by INFO."""

    leg: "Leg"
    key: str


@dataclass(frozen=True)
class ReferralEnded:
    """The peer has tried to connect the caller with a person; or it would not."""

    leg: "Leg"
    accepted: bool
    status: int
    """Of the new call, or of the refusal; 0 where there was no answer."""


@dataclass(frozen=True)
class CallOver:
    """The leg is gone."""

    leg: "Leg"
    reason: str
    """``bye`` | ``hung_up`` | ``cancelled`` | ``rejected`` | ``not_acceptable`` | ``not_acknowledged`` |
    ``session_expired`` | ``peer_silent``."""


@dataclass(frozen=True)
class OutgoingRinging:
    """The person's phone rings."""

    call: "OutgoingCall"


@dataclass(frozen=True)
class OutgoingFailed:
    """Nobody answered."""

    call: "OutgoingCall"
    status: int
    """Of the refusal; 0 for silence, 487 after ``cancel``."""


@dataclass(frozen=True)
class OutgoingAnswered:
    """The person took the call; ``leg`` is established."""

    call: "OutgoingCall"
    leg: "Leg"


AgentEvent = (
    CallOffered
    | CallEstablished
    | MediaChanged
    | KeyPressed
    | ReferralEnded
    | CallOver
    | OutgoingRinging
    | OutgoingFailed
    | OutgoingAnswered
)
