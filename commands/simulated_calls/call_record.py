"""CallRecord: everything that one simulated call left, by the caller's own clock."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from commands.simulated_calls.caller_sound import FRAME_BYTES
from commands.simulated_calls.scenario import Scenario
from commands.simulated_calls.scripted_caller import AUDIBLE, Mark
from voice.dialogue import DialogueTurn
from voice.events import (
    BotPrompt,
    BotReply,
    CallEnded,
    CallEvent,
    FinalTranscript,
    PlaybackInterrupted,
    PlaybackStarted,
)
from voice.line.line_report import LineReport
from voice.settings import CALL_PROMPTS
from voice.sound.audio import FRAME_MS

BYTES_A_MS = FRAME_BYTES // FRAME_MS


@dataclass(frozen=True)
class CallRecord:
    """``said`` and ``heard`` are what the caller sent and received: s16le at 8 kHz, in step."""

    scenario: Scenario
    call_id: str
    events: tuple[CallEvent, ...]
    marks: tuple[Mark, ...]
    said: bytes
    heard: bytes
    transferred: bool
    real_time: bool
    """By SIP, where latencies can be heard; in audio time they are added up from the events."""
    at_ms: Callable[[CallEvent], float]
    """When an event happened by the caller's clock."""
    line: LineReport | None = None

    @property
    def ended_by(self) -> str:
        """``caller`` | ``bot`` | ``transfer`` | ``error``, as the bot saw it."""
        return next((event.ended_by for event in self.events if isinstance(event, CallEnded)), "error")

    @property
    def duration_ms(self) -> int:
        """Length of the call."""
        return len(self.heard) // BYTES_A_MS

    def begins_ms(self, turn: int) -> int:
        """When a turn began; after the end where it never did."""
        return self.marks[turn].start_ms if turn < len(self.marks) else self.duration_ms + 1

    def of_turn(self, turn: int) -> list[CallEvent]:
        """What happened from the turn's beginning to the next one's."""
        start_ms, end_ms = self.begins_ms(turn), self.begins_ms(turn + 1)
        return [event for event in self.events if start_ms <= self.at_ms(event) < end_ms]

    def replies(self, turn: int) -> list[DialogueTurn]:
        """The dialogue's replies in the turn."""
        return [event.turn for event in self.of_turn(turn) if isinstance(event, BotReply)]

    def sound_of_turn(self, turn: int) -> tuple[int, bytes]:
        """When it begins (ms) and what the caller heard in the turn; the first turn has the greeting too."""
        start_ms = self.begins_ms(turn) if turn else 0
        return start_ms, self.heard[start_ms * BYTES_A_MS : self.begins_ms(turn + 1) * BYTES_A_MS]

    def interrupted_by(self, turn: int) -> bool:
        """Whether the caller's words or keys of this turn ended the bot's reply."""
        return any(isinstance(event, PlaybackInterrupted) for event in self.of_turn(turn))

    def count(self, kind: str) -> int:
        """Events of a kind."""
        return sum(type(event).__name__ == kind for event in self.events)

    def prompts(self) -> list[str]:
        """The call's own sentences, in order; what else a prompt may be is a fault of the settings."""
        return [
            event.text for event in self.events if isinstance(event, BotPrompt) and event.text in CALL_PROMPTS
        ]

    def stages(self, turn: int) -> dict[str, int]:
        """Milliseconds of each stage of the turn's first reply, where there was one."""
        found: dict[str, int] = {}
        for event in self.of_turn(turn):
            if isinstance(event, FinalTranscript) and event.text:
                found |= {"endpointing": event.endpointing_ms, "recognition": event.recognition_ms}
            elif isinstance(event, BotReply):
                found.setdefault("dialogue", event.dialogue_ms)
            elif isinstance(event, PlaybackStarted):
                found.setdefault("first_audio", event.first_audio_ms)
        return found

    def answered_after_ms(self, turn: int) -> int | None:
        """End of the caller's turn to the bot's first sound; None where none came, or it was sounding already."""
        if turn >= len(self.marks):
            return None
        end_ms = self.marks[turn].end_ms
        sound = self.heard[end_ms * BYTES_A_MS : self.begins_ms(turn + 1) * BYTES_A_MS]
        samples = np.abs(np.frombuffer(sound[: len(sound) // 2 * 2], dtype="<i2").astype(np.int32))
        audible = np.flatnonzero(samples > AUDIBLE)
        if not len(audible) or audible[0] < 160:
            return None
        by_ear_ms = int(audible[0]) // (BYTES_A_MS // 2)
        if self.real_time:
            return by_ear_ms
        stood_still = self.stages(turn)
        return by_ear_ms + sum(
            stood_still.get(name, 0) for name in ("recognition", "dialogue", "first_audio")
        )
