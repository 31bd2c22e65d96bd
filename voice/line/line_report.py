"""LineReport: how well a telephone line carried the sound of one call."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LineReport:
    """Both directions; what a line cannot know is 0."""

    received: int = 0
    """Packets or frames of the caller."""
    lost: int = 0
    """Packets of the caller that never came."""
    late: int = 0
    """Packets that came after their time, and were not heard."""
    dropped: int = 0
    """Frames thrown away to catch up with a faster clock or after a stall."""
    concealed: int = 0
    """Frames of 20 ms that were made up from the sound before."""
    jitter_ms: float = 0.0
    sent: int = 0
    """Packets or frames of the bot."""
    peer_lost: int = 0
    """Packets of the bot that the peer missed, by its own report."""
    peer_jitter_ms: float = 0.0
    round_trip_ms: float = 0.0
    slipped_ms: float = 0.0
    """The longest that a frame of the bot went out behind its time."""
