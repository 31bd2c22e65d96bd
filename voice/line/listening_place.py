"""ListeningPlace: where the telephone listens."""

from dataclasses import dataclass


class AddressUnusable(Exception):
    """The phone cannot listen where it should (code ``address_unusable``)."""

    code = "address_unusable"


@dataclass(frozen=True)
class Listen:
    """One place to listen at."""

    transport: str
    """``UDP`` or ``TCP``."""
    host: str
    port: int
