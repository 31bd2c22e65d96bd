"""CallLog: what happens in one call, told in order and stamped with the call's two clocks."""

import time
from collections.abc import Callable
from typing import Any

from voice.events import CallEvent


class CallLog:
    """Everything of a call tells its events here. The line advances ``audio_ms``."""

    def __init__(self, call_id: str, on_event: Callable[[CallEvent], None]) -> None:
        self._call_id = call_id
        self._on_event = on_event
        self.audio_ms = 0
        """Milliseconds of sound since the call began."""

    def tell(self, kind: type[CallEvent], **fields: Any) -> None:
        """Make an event of this kind now."""
        self._on_event(kind(call_id=self._call_id, audio_ms=self.audio_ms, wall_time=time.time(), **fields))
