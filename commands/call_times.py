"""CallTimes: how long a caller waited, turn by turn: from the sound that he heard, and from the call's events."""

from dataclasses import dataclass, field

import numpy as np

from voice.events import (
    BotReply,
    CallEvent,
    EngineFailedOver,
    FigureStarted,
    FinalTranscript,
    PlaybackStarted,
)
from voice.hearing.expectation import OPEN, ExpectationKind
from voice.sound.audio import BYTES_PER_SAMPLE, FRAME_MS

SOUNDING_RMS = 0.004
"""RMS of 20 ms, 1.0 = full scale, from which on something is heard (-48 dBFS)."""

_OFF_MS = 400

STAGES = ("endpointing", "recognition", "dialogue", "first_audio")


@dataclass
class TurnTimes:
    """One utterance of the caller and what followed it."""

    expected: ExpectationKind
    """What the bot had asked for."""
    started_ms: int
    """Line time at which the caller began."""
    ended_ms: int
    """Line time at which the last speech was heard."""
    stages_ms: dict[str, int] = field(default_factory=dict)
    """Endpointing in line time; the others in wall time."""
    figure_ms: int | None = None
    """From the end of the caller's speech to the first word of the first figure."""

    def lies_before(self, ended_ms: int) -> bool:
        """Whether this is the turn of an utterance that ended then: recognisers hear its end a little off."""
        return self.started_ms < ended_ms <= self.ended_ms + _OFF_MS


class CallTimes:
    """Gathers the turns of one call."""

    def __init__(self) -> None:
        self.turns: list[TurnTimes] = []
        self.failovers = 0
        """Clauses that the other voice had to speak."""
        self._expected = OPEN.kind
        self._open: TurnTimes | None = None
        self._has_a_figure = False

    def on_event(self, event: CallEvent) -> None:
        """Take the next event."""
        match event:
            case FinalTranscript(text=text) if text:
                stages = {"endpointing": event.endpointing_ms, "recognition": event.recognition_ms}
                self._open = TurnTimes(self._expected, event.speech_start_ms, event.speech_end_ms, stages)
                self.turns.append(self._open)
            case BotReply(turn=turn, dialogue_ms=elapsed):
                self._expected = turn.expects.kind
                # 近3个月的流水 among the papers is a fixed sentence, no figure that had to be found and spoken.
                self._has_a_figure = bool(turn.figures)
                if self._open is not None:
                    self._open.stages_ms["dialogue"] = elapsed
            case PlaybackStarted(first_audio_ms=elapsed) if self._open is not None:
                self._open.stages_ms.setdefault("first_audio", elapsed)
            case FigureStarted(first_figure_ms=elapsed) if self._open is not None and self._has_a_figure:
                before = sum(self._open.stages_ms.get(stage, 0) for stage in STAGES[:3])
                self._open.figure_ms = self._open.figure_ms or before + elapsed
            case EngineFailedOver():
                self.failovers += 1
            case _:
                pass


@dataclass(frozen=True)
class Heard:
    """What one caller heard after one utterance, from the sound on the line."""

    ended_ms: int
    """Line time at which the utterance ended."""
    first_sound_ms: int
    """From there to the bot's first sound."""
    largest_gap_ms: int
    """The longest silence between the reply's first and last sound."""


def heard_after(
    line: bytes, sample_rate: int, spoken: list[tuple[int, bytes]], until_ms: int | None = None
) -> list[Heard]:
    """Listen to what a caller heard (s16le): ``spoken`` are the starts and the sound of what he said, in order.

    An utterance that the bot did not answer before the next one is left out.
    """
    sounding = _sounding(line, sample_rate)
    found: list[Heard] = []
    starts = [start for start, _ in spoken[1:]] + [until_ms or len(sounding) * FRAME_MS]
    for (start, pcm), next_start in zip(spoken, starts, strict=True):
        own = np.flatnonzero(_sounding(pcm, sample_rate))
        ended_ms = start + (int(own[-1]) + 1 if len(own) else 0) * FRAME_MS
        heard = np.flatnonzero(sounding[ended_ms // FRAME_MS : next_start // FRAME_MS])
        if len(heard):
            gaps = np.diff(heard) - 1
            largest = int(gaps.max()) * FRAME_MS if len(gaps) else 0
            found.append(Heard(ended_ms, int(heard[0]) * FRAME_MS, largest))
    return found


def _sounding(pcm: bytes, sample_rate: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    size = sample_rate * FRAME_MS // 1000
    samples = np.frombuffer(pcm[: len(pcm) // BYTES_PER_SAMPLE * BYTES_PER_SAMPLE], "<i2") / 32768
    frames = np.pad(samples, (0, -len(samples) % size)).reshape(-1, size)
    loud: np.ndarray[tuple[int], np.dtype[np.bool_]] = np.sqrt(np.mean(frames**2, axis=1)) >= SOUNDING_RMS
    return loud
