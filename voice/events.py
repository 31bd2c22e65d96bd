"""CallEvents: everything that happened in one call, in order, for whoever records or shows it."""

from dataclasses import dataclass, field
from typing import Any

from voice.dialogue import DialogueTurn
from voice.line.line_report import LineReport


@dataclass(frozen=True)
class CallEvent:
    """What every event carries."""

    call_id: str
    audio_ms: int
    """Milliseconds of audio time since the call began."""
    wall_time: float
    """Seconds since the epoch (time.time())."""


@dataclass(frozen=True)
class CallStarted(CallEvent):
    """The line is open."""

    transport: str
    sample_rate: int


@dataclass(frozen=True)
class SpeechStarted(CallEvent):
    """The caller began to speak."""


@dataclass(frozen=True)
class PartialTranscript(CallEvent):
    """Words so far of the running utterance."""

    text: str


@dataclass(frozen=True)
class FinalTranscript(CallEvent):
    """The utterance is over; ``text`` may be empty when nothing trustworthy was heard."""

    text: str
    heard: str
    confidence: float
    speech_start_ms: int
    speech_end_ms: int
    """Audio time of the last speech, before the end silence."""
    endpointing_ms: int
    recognition_ms: int
    engine: str


@dataclass(frozen=True)
class BotReply(CallEvent):
    """The dialogue answered."""

    turn: DialogueTurn
    dialogue_ms: int


@dataclass(frozen=True)
class BotPrompt(CallEvent):
    """The call itself says one of its fixed sentences: a re-prompt, a filler, an apology."""

    text: str


@dataclass(frozen=True)
class PlaybackStarted(CallEvent):
    """The first sound of a reply went out. Latencies count wall milliseconds from the dialogue's answer."""

    text: str
    first_audio_ms: int
    transport_ms: int = 0
    """Milliseconds that the sound of both sides was under way on the line, as far as that is known."""


@dataclass(frozen=True)
class FigureStarted(CallEvent):
    """The first clause with a live figure began to sound, wall milliseconds after the dialogue's answer."""

    first_figure_ms: int


@dataclass(frozen=True)
class PlaybackFinished(CallEvent):
    """A reply was said to its end."""

    text: str


@dataclass(frozen=True)
class PlaybackInterrupted(CallEvent):
    """The caller's words ended the reply."""

    said: str
    """Clauses that were played whole."""
    not_heard: str
    """Clauses that were cut or never played."""


@dataclass(frozen=True)
class PlaybackPaused(CallEvent):
    """The caller speaks over the bot's voice; whether it is words is not known yet."""


@dataclass(frozen=True)
class PlaybackResumed(CallEvent):
    """The pause was a false alarm; the reply goes on, with the clause that was cut."""


@dataclass(frozen=True)
class EchoSuppressed(CallEvent):
    """The line gives the bot its own voice back; from now on it is taken out. Told again when the echo changes."""

    delay_ms: int
    loss_db: float
    """Decibels that the echo is fainter than the bot's voice."""
    removed_db: float
    """Decibels by which it became fainter still, in the sound that it was found from."""


@dataclass(frozen=True)
class DtmfReceived(CallEvent):
    """A key was pressed; the digit itself is not kept."""

    count: int


@dataclass(frozen=True)
class EngineFailedOver(CallEvent):
    """Another engine took over from one that failed or was late."""

    from_engine: str
    to_engine: str
    reason: str


@dataclass(frozen=True)
class Rated(CallEvent):
    """The caller said, by a key or in words, how satisfied he is."""

    score: int
    """1 to 5, 5 is best."""


@dataclass(frozen=True)
class Transferred(CallEvent):
    """The caller was handed to a person."""

    target: str


@dataclass(frozen=True)
class CallFailed(CallEvent):
    """Something broke; the caller was asked to say it again, or heard an apology."""

    code: str
    message: str
    gave_up: bool = False
    """The call ends because of it."""


@dataclass(frozen=True)
class TookLeave(CallEvent):
    """The caller of a call that could not go on was left like this."""

    parting: str
    """``transferred`` | ``noted`` (staff will call him) | ``sent_away`` | ``gone`` (voice/farewell.py)."""


@dataclass(frozen=True)
class RecordingLost(CallEvent):
    """The call is not recorded, or not any further; what was recorded before is kept."""

    reason: str
    """What the system said, an OSError's name."""


@dataclass(frozen=True)
class LineMeasured(CallEvent):
    """How well a telephone line carried the call, just before its end."""

    report: LineReport


@dataclass(frozen=True)
class CallEnded(CallEvent):
    """The line is closed."""

    ended_by: str
    """``caller`` | ``bot`` | ``transfer`` | ``error``."""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class QueueLeft(CallEvent):
    """A caller's wait for a place is over; tells nothing of the call that may follow."""

    obstacle: str
    """Why he had to wait: ``full``, ``recognition``, ``synthesis``, ``slip`` (voice/waiting/places.py)."""
    end: str
    """``served`` | ``transferred`` | ``noted`` | ``sent_away`` | ``gone`` (voice/waiting/waiting_room.py)."""
    waited_ms: int
    """Wall milliseconds."""
