"""Fakes for the turn loop: scripted ears and mouth, a caller made of tones, and a dialogue that answers from a list."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from voice.call import Call
from voice.dialogue import DialogueTurn, DialogueUnavailable, Message
from voice.engines import Engines
from voice.events import CallEvent
from voice.hearing.expectation import Expectation
from voice.hearing.recognizer import Transcript
from voice.line.transport import Dtmf
from voice.settings import CallSettings
from voice.sound.audio import AudioFrame
from voice.speech.speaker import Clip
from voice.speech.speaking_turns import Urgency
from voice.transports.recorded import RecordedCaller
from voice.waiting.waits import Waits

RATE = 8000


def tone(duration_ms: int, level: float = 0.3) -> bytes:
    """A sound that the fake ear takes for speech."""
    t = np.arange(RATE * duration_ms // 1000) / RATE
    return (np.sin(2 * np.pi * 300 * t) * level * 32767).astype("<i2").tobytes()


def quiet(duration_ms: int) -> bytes:
    """Digital silence."""
    return bytes(RATE * duration_ms // 1000 * 2)


class LoudnessVad:
    """Stands in for Silero: loud is speech."""

    def probability(self, window: Any, state: Any, sample_rate: int) -> tuple[float, Any]:
        return (1.0 if float(np.abs(window).max()) > 0.05 else 0.0), state


class ScriptedStream:
    def __init__(self, text: str, partial: str) -> None:
        self._text = text
        self.partial = partial
        self.received_ms = 0.0
        self.anticipated_ms: list[float] = []
        self.cancelled = False

    async def accept(self, frame: AudioFrame) -> None:
        self.received_ms += frame.duration_ms

    def anticipate(self) -> "asyncio.Task[Transcript]":
        self.anticipated_ms.append(self.received_ms)
        return asyncio.create_task(self.finish())

    async def finish(self) -> Transcript:
        """``1234/1284`` is heard in two ways, one as likely as the other."""
        text, *others = self._text.split("/")
        return Transcript(
            text,
            0.9 if text else 0.0,
            heard=text,
            engine="scripted",
            others=tuple(others),
            unsure=bool(others),
        )

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class ScriptedRecognizer:
    """Hears the next text of the list, whatever was said."""

    texts: list[str]
    partials: list[str] = field(default_factory=list)
    name: str = "scripted"
    streams: list[ScriptedStream] = field(default_factory=list)
    expectations: list[Expectation] = field(default_factory=list)
    waits: Waits = field(default_factory=Waits)

    def start_stream(self, sample_rate: int, expects: Expectation) -> ScriptedStream:
        self.expectations.append(expects)
        stream = ScriptedStream(
            self.texts.pop(0) if self.texts else "", self.partials.pop(0) if self.partials else ""
        )
        self.streams.append(stream)
        return stream


@dataclass
class ToneSpeaker:
    """Says every clause as a tone."""

    fails: bool = False
    ms_a_character: int = 100
    said: list[str] = field(default_factory=list)
    said_slowly: list[str] = field(default_factory=list)

    prepared: list[str] = field(default_factory=list)
    waits: Waits = field(default_factory=Waits)

    async def prepare(self, text: str, sample_rate: int) -> None:
        self.prepared.append(text)

    def somebody_is_served(self) -> None:
        """Nothing of it is made in spare time."""

    async def clip(
        self, text: str, sample_rate: int, slow: bool = False, urgency: Urgency = Urgency.NOW
    ) -> Clip:
        if self.fails:
            raise RuntimeError("the voice is broken")
        self.said.append(text)
        if slow:
            self.said_slowly.append(text)
        return Clip(tone(self.ms_a_character * len(text), 0.2), engine="tone", cached=True, failover=None)


@dataclass
class ListedDialogue:
    """Answers from a list; a str is one interruptible message, an exception is raised."""

    answers: list[DialogueTurn | str | DialogueUnavailable]
    opening: DialogueTurn = field(
        default_factory=lambda: DialogueTurn(
            (Message("您好，通话会录音。", interruptible=False), Message("请问办什么业务？"))
        )
    )
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    delay_s: float = 0.0

    async def start(self, sender: str, metadata: dict[str, Any]) -> DialogueTurn:
        return self.opening

    async def send(self, sender: str, text: str, metadata: dict[str, Any]) -> DialogueTurn:
        await asyncio.sleep(self.delay_s)
        self.asked.append((text, metadata))
        answer = self.answers.pop(0)
        if isinstance(answer, DialogueUnavailable):
            raise answer
        if isinstance(answer, str):
            return DialogueTurn((Message(answer),), intent="inform", understood_text=text)
        return answer


@dataclass
class Played:
    """What is left of a call."""

    events: list[CallEvent]
    caller: RecordedCaller
    dialogue: ListedDialogue
    recognizer: ScriptedRecognizer

    def of(self, kind: type[CallEvent]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


async def play_call(
    sound: bytes,
    hears: list[str],
    answers: list[DialogueTurn | str | DialogueUnavailable],
    *,
    keys: tuple[Dtmf, ...] = (),
    partials: list[str] | None = None,
    speaker: ToneSpeaker | None = None,
    settings: CallSettings = CallSettings(),
    dialogue: ListedDialogue | None = None,
    recording: Any = None,
    on_event: Callable[[CallEvent], None] | None = None,
) -> Played:
    """Hold one call in audio time with these ears, these answers and this caller."""
    caller = RecordedCaller(sound, RATE, real_time=False, keys=keys)
    recognizer = ScriptedRecognizer(list(hears), list(partials or []))
    spoken = dialogue or ListedDialogue(list(answers))
    events: list[CallEvent] = []

    def keep(event: CallEvent) -> None:
        events.append(event)
        if on_event is not None:
            on_event(event)

    engines = Engines(recognizer=recognizer, speaker=speaker or ToneSpeaker(), vad=LoudnessVad())  # type: ignore[arg-type]
    call = Call("call-1", caller, spoken, engines, settings, keep, sender="call-1", recording=recording)
    caller.thinking = lambda: call.thinking
    caller.at_rest = lambda: call.at_rest
    await asyncio.wait_for(call.run(), timeout=60)
    return Played(events, caller, spoken, recognizer)
