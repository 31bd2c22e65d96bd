"""TurnStages: where the time went between a caller's last word and the first sound of the answer, turn by turn."""

from dataclasses import dataclass

from voice.events import BotReply, CallEvent, FinalTranscript, PlaybackStarted

STAGES = ("endpointing", "recognition", "dialogue", "synthesis", "transport")
"""In the order in which they follow each other."""


@dataclass(frozen=True)
class TurnStages:
    """Milliseconds of one spoken turn."""

    endpointing: int
    """Silence until the turn was taken for over (audio time)."""
    recognition: int
    """From there to the words; 0 where they were recognised in the silence already."""
    dialogue: int
    synthesis: int
    """From the dialogue's answer to its first sound: making the clip, and waiting for what was still being said."""
    transport: int
    """The line itself: buffers here and, where the peer reports it, the round trip."""

    @property
    def total(self) -> int:
        """What the caller waited."""
        return self.endpointing + self.recognition + self.dialogue + self.synthesis + self.transport


class StageWatch:
    """Reads the events of one call."""

    def __init__(self) -> None:
        self._heard: FinalTranscript | None = None
        self._reply: tuple[FinalTranscript, BotReply] | None = None

    def on_event(self, event: CallEvent) -> TurnStages | None:
        """Take the next event; return a turn's times once its answer begins to sound."""
        match event:
            case FinalTranscript() if event.text:
                self._heard = event
            case BotReply():
                # Greetings and keys have no words before them, and no stages of a spoken turn.
                self._reply = (self._heard, event) if self._heard is not None else None
                self._heard = None
            case PlaybackStarted() if self._reply is not None and event.text == _text(self._reply[1]):
                (heard, reply), self._reply = self._reply, None
                return TurnStages(
                    endpointing=heard.endpointing_ms,
                    recognition=heard.recognition_ms,
                    dialogue=reply.dialogue_ms,
                    synthesis=event.first_audio_ms,
                    transport=event.transport_ms,
                )
        return None


def _text(reply: BotReply) -> str:
    return "".join(message.text for message in reply.turn.messages)
