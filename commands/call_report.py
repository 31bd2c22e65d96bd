"""CallReport: what happened in a call, turn by turn, from its events."""

from dataclasses import asdict, dataclass, field
from typing import Any

from bot.stored_text import stored_words
from voice.dialogue import Figure
from voice.events import (
    BotPrompt,
    BotReply,
    CallEnded,
    CallEvent,
    CallFailed,
    FigureStarted,
    FinalTranscript,
    PlaybackInterrupted,
    PlaybackStarted,
)


@dataclass
class Turn:
    """One utterance of the caller and the bot's reply; the opening has no caller."""

    caller: str = ""
    """The caller's words, identity digits masked."""
    intent: str | None = None
    confidence: float = 0.0
    recognition_confidence: float | None = None
    bot: str = ""
    figures: tuple[Figure, ...] = ()
    actions: tuple[str, ...] = ()
    interrupted: bool = False
    not_heard: str = ""
    """What the bot wanted to say when it was interrupted."""
    start_ms: int = 0
    """Audio time at which the caller began."""
    latency_ms: dict[str, int] = field(default_factory=dict)
    """Wall ms of ``recognition``, ``dialogue``, ``first_audio`` (the voice), ``first_figure`` and ``transport`` (the
    line); audio ms of ``endpointing``."""


class CallReport:
    """Gathers the events of one call."""

    def __init__(self) -> None:
        self.opening = ""
        self.turns: list[Turn] = []
        self.prompts: list[str] = []
        self.verified = False
        self.ended_by = "error"
        self.error: dict[str, str] | None = None
        self._waiting: Turn | None = None
        self._spoken: Turn | None = None

    def on_event(self, event: CallEvent) -> None:
        """Take the next event."""
        match event:
            case FinalTranscript(text=text) if text:
                self._keep_unanswered()
                self._waiting = _turn_of(event)
            case BotReply():
                self._replied(event)
            case BotPrompt(text=text):
                self.prompts.append(text)
            case PlaybackStarted(text=text, first_audio_ms=elapsed, transport_ms=on_the_line):
                self._spoken = next((turn for turn in reversed(self.turns) if turn.bot == text), None)
                self._time("first_audio", elapsed)
                self._time("transport", on_the_line)
            case FigureStarted(first_figure_ms=elapsed):
                self._time("first_figure", elapsed)
            case PlaybackInterrupted(not_heard=not_heard) if self._spoken is not None:
                self._spoken.interrupted = True
                self._spoken.not_heard = not_heard
            case CallFailed(code=code, message=message, gave_up=True):
                self.error = {"code": code, "message": message}
            case CallEnded(ended_by=ended_by):
                self._keep_unanswered()
                self.ended_by = ended_by
            case _:
                pass

    def to_json(self) -> dict[str, Any]:
        """The object that ``make call`` prints, without the recording's path."""
        return {
            "turns": [asdict(turn) for turn in self.turns],
            "opening": self.opening,
            "prompts": self.prompts,
            "verified": self.verified,
            "ended_by": self.ended_by,
            # What went wrong and was got over (a turn asked for again) is among the prompts; an error ends a call.
            "error": self.error,
        }

    def to_text(self) -> str:
        """The transcript for people."""
        lines = [f"机器人：{self.opening}"] if self.opening else []
        for turn in self.turns:
            lines += [f"来电人：{turn.caller}", f"机器人：{turn.bot}"]
            if turn.interrupted:
                lines.append(f"　　　　（被打断，未听到：{turn.not_heard}）")
        return "\n".join(lines + [f"［机器人提示：{prompt}］" for prompt in self.prompts]) + "\n"

    def _replied(self, event: BotReply) -> None:
        turn, reply = self._waiting, event.turn
        text = "".join(message.text for message in reply.messages)
        if turn is None and not reply.understood_text:
            self.opening = text
            return
        turn, self._waiting = turn or Turn(), None
        turn.caller = reply.understood_text or turn.caller
        turn.intent, turn.confidence = reply.intent, reply.confidence
        turn.bot, turn.figures, turn.actions = text, reply.figures, reply.actions
        turn.latency_ms["dialogue"] = event.dialogue_ms
        self.verified = reply.verified
        self.turns.append(turn)

    def _keep_unanswered(self) -> None:
        """Words that got no answer (the dialogue was down, the caller hung up) are not lost."""
        if self._waiting is not None:
            self.turns.append(self._waiting)
            self._waiting = None

    def _time(self, stage: str, elapsed_ms: int) -> None:
        if self._spoken is not None:
            self._spoken.latency_ms.setdefault(stage, elapsed_ms)


def _turn_of(event: FinalTranscript) -> Turn:
    return Turn(
        caller=stored_words("", event.text),
        recognition_confidence=round(event.confidence, 3),
        start_ms=event.speech_start_ms,
        latency_ms={"endpointing": event.endpointing_ms, "recognition": event.recognition_ms},
    )
