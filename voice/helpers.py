"""Helpers: people who look after a caller whom the machine could not help; told of him by whoever holds the calls."""

from typing import Protocol


class Helpers(Protocol):
    """Staff, as a call that breaks off sees them."""

    async def look_after(self, conversation_id: str, caller: str | None, reason: str) -> bool:
        """Have it noted that this caller needs a person; ``reason`` is a stable code.

        Returns whether staff can call him back: it is noted, and his number is known. Never raises, and returns
        within seconds; what could not be noted by then is noted as soon as that is possible.
        """
        ...


class Nobody:
    """Implements Helpers where there is no staff (a bench, a test)."""

    async def look_after(self, conversation_id: str, caller: str | None, reason: str) -> bool:
        """Nobody can be told."""
        return False
