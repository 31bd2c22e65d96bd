"""CallerBook: what the exchange's dialplan says of a call by its UUID, and what it is to do when the bot is done."""

import time
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MOST = 2_000
"""Calls remembered; the oldest is forgotten when full."""

_FORGOTTEN_AFTER_S = 3 * 3600.0


@dataclass
class _Entry:
    caller: str | None
    announced_at: float
    outcome: str = "unknown"


class CallerBook:
    """AudioSocket itself carries no number and no authentication: both come by this."""

    def __init__(self, *, announced_only: bool, clock: Callable[[], float] = time.monotonic) -> None:
        """``announced_only``: a UUID that was not announced before is turned away."""
        self._announced_only = announced_only
        self._clock = clock
        self._entries: OrderedDict[str, _Entry] = OrderedDict()

    def announce(self, call: uuid.UUID, caller: str | None) -> None:
        """A call is about to come; ``caller`` is the number that the exchange vouches for."""
        self._entries[str(call)] = _Entry(caller, self._clock())
        while len(self._entries) > _MOST:
            self._entries.popitem(last=False)

    def admits(self, call: uuid.UUID) -> bool:
        """Whether a call with this UUID may be taken: once, and only when it was announced (where that is wanted)."""
        entry = self._known(call)
        if entry is None and not self._announced_only:
            self.announce(call, None)
            entry = self._known(call)
        if entry is None or entry.outcome != "unknown":
            return False
        entry.outcome = "talking"
        return True

    def caller(self, call: uuid.UUID) -> str | None:
        """The announced number."""
        entry = self._known(call)
        return entry.caller if entry is not None else None

    def ended(self, call: uuid.UUID, outcome: str) -> None:
        """The bot is done: ``transfer`` | ``hangup`` | ``refused``."""
        entry = self._known(call)
        if entry is not None:
            entry.outcome = outcome

    def outcome(self, call: uuid.UUID) -> str:
        """What the dialplan is to do now; ``unknown`` for a call that was never here."""
        entry = self._known(call)
        return entry.outcome if entry is not None else "unknown"

    def _known(self, call: uuid.UUID) -> _Entry | None:
        entry = self._entries.get(str(call))
        if entry is not None and self._clock() - entry.announced_at > _FORGOTTEN_AFTER_S:
            del self._entries[str(call)]
            return None
        return entry
