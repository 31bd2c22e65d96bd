"""LegHost: what a leg needs of the endpoint that it belongs to."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from voice.sip.agenda import Agenda
from voice.sip.events import AgentEvent
from voice.sip.hop import Hop
from voice.sip.message import Request, Response, SipMessage
from voice.sip.transactions import Timing
from voice.sip.uri import SipUri

if TYPE_CHECKING:
    from voice.sip.asking import Asking
    from voice.sip.leg import Leg

ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, NOTIFY"
SUPPORTED = "timer"
PRODUCT = "Shoudai"


class LegHost(Protocol):
    """The endpoint's side."""

    agenda: Agenda
    timing: Timing

    def send(self, message: SipMessage, hop: Hop) -> None:
        """Put a message on the wire."""
        ...

    def ask(
        self,
        build: Callable[[], Request],
        hop: Hop,
        on_response: Callable[[Response], None],
        on_silence: Callable[[], None],
    ) -> "Asking":
        """Send a request; ``build`` makes it, anew when it must be repeated with credentials."""
        ...

    def tell(self, event: AgentEvent) -> None:
        """Let the shell know."""
        ...

    def contact(self, hop: Hop) -> str:
        """Our own address as the peer at ``hop`` reaches us, ``<sip:...>``."""
        ...

    def hop_for(self, uri: SipUri, known: Hop) -> Hop:
        """Where a request to ``uri`` goes, for a peer whose messages come from ``known``."""
        ...

    def token(self) -> str:
        """Random, unguessable."""
        ...

    def established(self, leg: "Leg") -> None:
        """A leg that we began has a dialog now: route its requests."""
        ...

    def leg_over(self, leg: "Leg") -> None:
        """Forget it."""
        ...
