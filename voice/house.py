"""House: what all calls of a process share besides the engines."""

from dataclasses import dataclass, field

from voice.closing_time import ClosingTime
from voice.helpers import Helpers, Nobody


@dataclass(frozen=True)
class House:
    """Who takes over where a call breaks off, and whether the service is about to stop."""

    helpers: Helpers = field(default_factory=Nobody)
    closing: ClosingTime = field(default_factory=ClosingTime)
