"""WatchedRecorder: events of calls, written down and counted."""

from bot.call_metrics import CallMetrics
from bot.transcripts import TranscriptRecorder
from voice.events import CallEvent


class WatchedRecorder:
    """Implements bot.voice_socket.CallRecorder."""

    def __init__(self, recorder: TranscriptRecorder, metrics: CallMetrics) -> None:
        self._recorder = recorder
        self._metrics = metrics

    def call_attached(self, call_id: str, conversation_id: str) -> None:
        """The call belongs to this conversation."""
        self._recorder.call_attached(call_id, conversation_id)

    def on_event(self, event: CallEvent) -> None:
        """Something happened in a call."""
        self._metrics.on_event(event)
        self._recorder.on_event(event)
