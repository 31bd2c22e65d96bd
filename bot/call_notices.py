"""CallNotices: what the browser is told of its call, event by event."""

from collections.abc import Callable
from typing import Any

from bot.errors import WebError
from bot.sessions import Session
from voice.dialogue import NextStep
from voice.events import (
    BotPrompt,
    BotReply,
    CallEvent,
    CallFailed,
    FinalTranscript,
    PartialTranscript,
    PlaybackFinished,
    PlaybackInterrupted,
    PlaybackResumed,
    PlaybackStarted,
    SpeechStarted,
)

_GOES_ON = ("dialogue_unavailable", "recognizer_failed")
"""Failures after which the call asks again by itself, aloud."""


class CallNotices:
    """Shows a call on its voice socket (the moment) and in the conversation's log (what was said)."""

    def __init__(self, session: Session, show: Callable[[dict[str, Any]], None]) -> None:
        self._session = session
        self._show = show

    def on_event(self, event: CallEvent) -> None:
        """Tell the browser; cheap, since the call waits for it."""
        match event:
            case SpeechStarted():
                self._show({"type": "hearing"})
            case PartialTranscript():
                self._show({"type": "partial", "text": event.text})
            case FinalTranscript():
                self._final(event.text)
            case BotReply():
                self._reply(event)
            case BotPrompt():
                self._session.post("bot", event.text, via="voice")
            case PlaybackStarted():
                self._show({"type": "speaking", "text": event.text})
            case PlaybackFinished() | PlaybackInterrupted():
                self._show({"type": "listening"})
            case PlaybackResumed():
                self._show({"type": "speaking", "text": ""})
            case CallFailed() if event.code not in _GOES_ON:
                self._show(WebError.CALL_FAILED.to_json())

    def _final(self, text: str) -> None:
        self._show({"type": "final", "text": text})
        if text:
            self._session.post("customer", text, via="voice")
        else:
            self._show({"type": "listening"})

    def _reply(self, event: BotReply) -> None:
        turn = event.turn
        for message in turn.messages:
            self._session.post("bot", message.text, via="voice", quick_replies=message.quick_replies)
        self._show({"type": "reply", "text": "".join(message.text for message in turn.messages)})
        if turn.next is NextStep.TRANSFER:
            self._session.signal({"type": "transferred"})
