"""LiveBoard: all conversations in progress in this process, told by the chats and by the calls."""

import asyncio
import time

from bot.console.live.live_conversation import LiveConversation, LiveState
from bot.sessions import LogEntry, Session
from bot.stored_text import stored_heard, stored_reply, stored_words
from voice.dialogue import DialogueTurn
from voice.events import (
    BotPrompt,
    BotReply,
    CallEnded,
    CallEvent,
    CallStarted,
    FinalTranscript,
    PartialTranscript,
    PlaybackFinished,
    PlaybackInterrupted,
    PlaybackStarted,
    SpeechStarted,
)
from voice.hearing.expectation import OPEN, Expectation


class LiveBoard:
    """Implements bot.sessions.SessionWatch. Used on the event loop only; cheap, since calls wait for it."""

    def __init__(self) -> None:
        self._conversations: dict[str, LiveConversation] = {}
        self._of_call: dict[str, str] = {}
        self._expects: dict[str, Expectation] = {}
        self.revision = 0
        """Grows with every change that the list shows."""

    def conversations(self) -> list[LiveConversation]:
        """The longest first."""
        return sorted(self._conversations.values(), key=lambda one: one.started_at_ms)

    def find(self, conversation_id: str) -> LiveConversation | None:
        """One that goes on, or None."""
        return self._conversations.get(conversation_id)

    def started(self, conversation_id: str, channel: str) -> LiveConversation:
        """It begins, unless it has begun already."""
        found = self._conversations.get(conversation_id)
        if found is None:
            found = LiveConversation(conversation_id, channel, _now_ms())
            self._conversations[conversation_id] = found
            self.revision += 1
        return found

    def ended(self, conversation_id: str) -> None:
        """It is over: watchers are told, nobody new finds it."""
        conversation = self._conversations.pop(conversation_id, None)
        self._expects.pop(conversation_id, None)
        if conversation is not None:
            conversation.ended, conversation.call_id, conversation.held_by = True, None, None
            conversation.turn_to(LiveState.WAITING)
            conversation.changed()
            self.revision += 1

    # -- chats -----------------------------------------------------------------------------------------------

    def entry(self, session: Session, entry: LogEntry) -> None:
        """Something was written. What is said in a call comes with the call's events."""
        conversation = self._conversations.get(session.conversation_id)
        if conversation is None or entry.via == "voice":
            return
        mine = entry.sender in ("customer", "staff")
        text = stored_words("", entry.text, session.expects) if mine else stored_reply(entry.text)
        name = session.hold.staff if entry.sender == "staff" and session.hold else ""
        conversation.add(entry.sender, text, entry.sent_at_ms, name=name)
        waits = entry.sender == "customer" and session.hold is None
        conversation.turn_to(LiveState.THINKING if waits else LiveState.WAITING)
        self.revision += 1

    def typing(self, session: Session, on: bool) -> None:
        """The customer writes, or stopped to."""
        conversation = self._conversations.get(session.conversation_id)
        if conversation is not None:
            conversation.turn_to(LiveState.SPEAKING if on else LiveState.WAITING)

    def held(self, conversation_id: str, staff: str | None) -> None:
        """A member of staff took it over, or (None) gave it back."""
        conversation = self._conversations.get(conversation_id)
        if conversation is not None:
            conversation.held_by = staff
            conversation.changed()
            self.revision += 1

    def turn(self, conversation_id: str, turn: DialogueTurn | None) -> None:
        """What the dialogue made of the last words."""
        conversation = self._conversations.get(conversation_id)
        if conversation is None or turn is None:
            return
        self._expects[conversation_id] = turn.expects
        conversation.verified = turn.verified
        conversation.intent = turn.intent or conversation.intent
        conversation.changed()
        self.revision += 1

    # -- calls -----------------------------------------------------------------------------------------------

    def call_attached(self, call_id: str, conversation_id: str) -> None:
        """The call is part of a conversation that goes on after it."""
        self._of_call[call_id] = conversation_id

    def on_event(self, event: CallEvent) -> None:
        """Something happened in a call."""
        conversation_id = self._of_call.get(event.call_id, event.call_id)
        if isinstance(event, CallStarted):
            self._call_started(conversation_id, event)
        conversation = self._conversations.get(conversation_id)
        if conversation is None:
            if isinstance(event, CallEnded):
                self._of_call.pop(event.call_id, None)
            return
        match event:
            case BotReply():
                self._reply(conversation, event)
            case CallEnded():
                self._call_ended(conversation, event)
            case _:
                _show(conversation, event, self._expects.get(conversation_id, OPEN))

    def _call_started(self, conversation_id: str, event: CallStarted) -> None:
        channel = "browser" if event.transport == "browser" else "phone"
        conversation = self.started(conversation_id, channel)
        conversation.channel, conversation.call_id = channel, event.call_id
        conversation.changed()
        self.revision += 1

    def _reply(self, conversation: LiveConversation, event: BotReply) -> None:
        for message in event.turn.messages:
            conversation.add("bot", stored_reply(message.text), _now_ms(), "voice")
        self.turn(conversation.id, event.turn)

    def _call_ended(self, conversation: LiveConversation, event: CallEnded) -> None:
        conversation.call_id = None
        if self._of_call.pop(event.call_id, None) is None:
            self.ended(conversation.id)
            return
        conversation.turn_to(LiveState.WAITING)
        conversation.changed()
        self.revision += 1


def _show(conversation: LiveConversation, event: CallEvent, expects: Expectation) -> None:
    """What only changes what is seen of the conversation itself."""
    match event:
        case SpeechStarted():
            conversation.turn_to(LiveState.SPEAKING)
        case PartialTranscript() if conversation.is_watched:
            # Masking costs: unseen words are not masked.
            conversation.turn_to(LiveState.SPEAKING, stored_heard(event.text))
        case FinalTranscript():
            conversation.turn_to(LiveState.THINKING if event.text else LiveState.WAITING)
            if event.text:
                conversation.add("customer", stored_words("", event.text, expects), _now_ms(), "voice")
        case BotPrompt():
            conversation.add("bot", stored_reply(event.text), _now_ms(), "voice")
        case PlaybackStarted():
            conversation.turn_to(LiveState.ANSWERING)
        case PlaybackFinished() | PlaybackInterrupted():
            conversation.turn_to(LiveState.WAITING)


async def changes_of(conversation: LiveConversation, watcher: asyncio.Event, longest_s: float) -> None:
    """Wait until something changed, or for so long."""
    try:
        await asyncio.wait_for(watcher.wait(), longest_s)
    except asyncio.TimeoutError:
        return
    watcher.clear()


def _now_ms() -> int:
    return round(time.time() * 1000)
