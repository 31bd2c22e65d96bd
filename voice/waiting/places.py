"""Places: how many calls may talk with the bot at once, and whether one more would spoil those that do."""

from dataclasses import dataclass, field

from voice.waiting.waits import Waits


@dataclass(frozen=True)
class LoadLimits:
    """What is borne before new calls have to wait; seconds. Measured over the last ten seconds."""

    recognition_s: float = 1.0
    """An utterance has waited so long for a recogniser."""
    synthesis_s: float = 1.5
    """A clause that a caller waits for in silence has waited so long for the voice."""
    slip_s: float = 0.06
    """The process was so late with a line's next 20 ms, twice at least: once may be anything."""


@dataclass
class Load:
    """The queues of the engines (put in once they are loaded) and the punctuality of the lines."""

    recognition: Waits = field(default_factory=Waits)
    synthesis: Waits = field(default_factory=Waits)
    slip: Waits = field(default_factory=Waits)
    limits: LoadLimits = field(default_factory=LoadLimits)

    def strain(self) -> str | None:
        """What is at its limit (``recognition``, ``synthesis``, ``slip``), or None."""
        if self.recognition.longer_than(self.limits.recognition_s):
            return "recognition"
        if self.synthesis.longer_than(self.limits.synthesis_s):
            return "synthesis"
        return "slip" if self.slip.longer_than(self.limits.slip_s) > 1 else None


class Places:
    """Taken and left by calls on one event loop."""

    def __init__(self, most: int, load: Load) -> None:
        self._most = most
        self.load = load
        self.taken = 0
        """Calls that talk with the bot."""
        self.waiting = 0
        """Calls that wait for a place."""

    def obstacle(self) -> str | None:
        """Why nobody may begin to talk now: ``full``, or what is strained; None: there is a place."""
        if self.taken >= self._most:
            return "full"
        # The first call is never kept out by load: it is not calls then that make it, and waiting would not end it.
        return self.load.strain() if self.taken else None

    def take(self) -> bool:
        """Take a place if there is one; ``leave`` must follow."""
        if self.obstacle() is not None:
            return False
        self.taken += 1
        return True

    def leave(self) -> None:
        """The call is over."""
        self.taken -= 1
