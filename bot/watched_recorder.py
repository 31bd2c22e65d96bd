"""WatchedRecorder: what happens in chats and calls, written down, counted and shown to staff who watch."""

from collections.abc import Callable

from bot.console.live.live_board import LiveBoard
from bot.transcripts import TranscriptRecorder
from voice.dialogue import DialogueTurn
from voice.events import CallEvent


class WatchedRecorder:
    """Implements bot.chat_desk.ChatRecorder and bot.voice_socket.CallRecorder."""

    def __init__(
        self, recorder: TranscriptRecorder, board: LiveBoard, count: Callable[[CallEvent], None] | None = None
    ) -> None:
        self._recorder = recorder
        self._board = board
        self._count = count

    def conversation_started(self, conversation_id: str, channel: str) -> None:
        """A customer opened a conversation."""
        self._board.started(conversation_id, channel)
        self._recorder.conversation_started(conversation_id, channel)

    def conversation_ended(self, conversation_id: str, ended_by: str) -> None:
        """Nobody will say anything more in it."""
        self._recorder.conversation_ended(conversation_id, ended_by)
        self._board.ended(conversation_id)

    def chat_turn(
        self,
        conversation_id: str,
        text: str,
        turn: DialogueTurn | None,
        dialogue_ms: int,
        failure: str | None = None,
        returned: bool = False,
    ) -> None:
        """One typed message (empty for the greeting) and its answer."""
        self._recorder.chat_turn(conversation_id, text, turn, dialogue_ms, failure, returned)
        self._board.turn(conversation_id, turn)

    def conversation_rated(self, conversation_id: str, score: int) -> None:
        """The customer said how satisfied he is: 1 to 5."""
        self._recorder.conversation_rated(conversation_id, score)

    def held_message(self, conversation_id: str, text: str) -> None:
        """One typed message that a member of staff is to answer."""
        self._recorder.held_message(conversation_id, text)

    def call_attached(self, call_id: str, conversation_id: str) -> None:
        """The call belongs to this conversation."""
        self._recorder.call_attached(call_id, conversation_id)
        self._board.call_attached(call_id, conversation_id)

    def on_event(self, event: CallEvent) -> None:
        """Something happened in a call."""
        if self._count is not None:
            self._count(event)
        self._recorder.on_event(event)
        self._board.on_event(event)
