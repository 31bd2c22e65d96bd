"""Hop: where a message came from or goes to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Hop:
    """An address of the network; ``connection`` names the TCP connection that a message came by."""

    transport: str
    """``UDP`` or ``TCP``."""
    host: str
    """An IP address."""
    port: int
    connection: int | None = None

    @property
    def reliable(self) -> bool:
        """The transport repeats by itself what is lost."""
        return self.transport != "UDP"
