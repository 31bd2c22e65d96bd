"""CallStory: what a call's log tells of each turn: when its words sounded, partial transcripts, who spoke over whom."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.console.spoken_words import SpokenWord, lines_of, spread

EVENTS = (
    "partial_transcript",
    "final_transcript",
    "bot_reply",
    "playback_started",
    "playback_finished",
    "playback_interrupted",
    "playback_paused",
    "playback_resumed",
)
"""What of the log is read."""

MARKS = {
    "playback_paused": "客户插话，机器人停下听",
    "playback_interrupted": "客户打断了机器人",
    "playback_resumed": "误打断，机器人继续说",
}


@dataclass(frozen=True)
class Mark:
    """Something that happened while the bot spoke."""

    kind: str
    at_ms: int

    @property
    def name(self) -> str:
        """In Chinese."""
        return MARKS[self.kind]


@dataclass(frozen=True)
class Line:
    """One sentence of the bot: what was heard of it word by word (or as it is), and what was not."""

    words: list[SpokenWord]
    heard: str
    not_heard: str


@dataclass
class TurnStory:
    """What the log says about one turn; times are milliseconds of the recording."""

    customer: list[SpokenWord] = field(default_factory=list)
    bot: list[Line] = field(default_factory=list)
    bot_start_ms: int | None = None
    partials: list[tuple[int, str]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


def stories(turns: Sequence[Any], events: Iterable[Any]) -> dict[str, TurnStory]:
    """Turn id -> its story. ``turns`` of a conversation in their order, ``events`` of its calls in theirs."""
    told = {turn.id: TurnStory() for turn in turns}
    by_call: dict[str, list[Any]] = defaultdict(list)
    for event in events:
        by_call[event.call_id].append(event)
    spans: dict[str, tuple[int, int]] = {}
    for call_id, happened in by_call.items():
        of_call = [turn for turn in turns if turn.call_id == call_id]
        _hear(told, of_call, happened)
        _speak(told, of_call, happened, spans)
    for turn in turns:
        story = told[turn.id]
        if turn.customer_text and turn.speech_start_ms is not None and turn.speech_end_ms is not None:
            story.customer = spread(
                turn.customer_text, turn.speech_start_ms, turn.speech_end_ms, pauses=False
            )
        story.bot = _lines(turn, spans.get(turn.id))
        story.bot_start_ms = spans[turn.id][0] if turn.id in spans else None
    return told


def _hear(told: dict[str, TurnStory], turns: Sequence[Any], events: Sequence[Any]) -> None:
    """Partial transcripts belong to the utterance that is finished next; finished ones are turns, in their order."""
    spoken = iter([turn for turn in turns if turn.speech_start_ms is not None])
    partials: list[tuple[int, str]] = []
    for event in events:
        if event.kind == "partial_transcript":
            partials.append((event.audio_ms, str(event.details.get("text", ""))))
        elif event.kind == "final_transcript":
            turn = None if event.details.get("empty") else next(spoken, None)
            if turn is not None:
                told[turn.id].partials = partials
            partials = []


def _speak(
    told: dict[str, TurnStory], turns: Sequence[Any], events: Sequence[Any], spans: dict[str, tuple[int, int]]
) -> None:
    """The time in which each reply sounded; the call's own sentences (您还在吗) are nobody's."""
    answered = iter([turn for turn in turns if turn.failure is None])
    turn, started_ms = None, None
    for event in events:
        if event.kind == "bot_reply":
            turn, started_ms = next(answered, None), None
        elif event.kind == "playback_started":
            own = turn is not None and event.details.get("text") == "".join(turn.bot_text)
            started_ms = event.audio_ms if own else None
        elif turn is None or started_ms is None:
            continue
        elif event.kind in MARKS:
            told[turn.id].marks.append(Mark(event.kind, event.audio_ms))
        if event.kind in ("playback_finished", "playback_interrupted") and turn is not None:
            if started_ms is not None:
                spans[turn.id] = (started_ms, event.audio_ms)
            started_ms = None


def _lines(turn: Any, span: tuple[int, int] | None) -> list[Line]:
    lines = list(turn.bot_text)
    whole = "".join(lines)
    heard_until = whole.rfind(turn.not_heard) if turn.interrupted and turn.not_heard else len(whole)
    heard_until = len(whole) if heard_until < 0 else heard_until
    heard, left = list[str](), list[str]()
    for line in lines:
        heard.append(line[:heard_until])
        left.append(line[heard_until:])
        heard_until = max(0, heard_until - len(line))
    spoken = spread("".join(heard), *span, pauses=True) if span else []
    by_line = lines_of(spoken, heard)
    return [Line(*parts) for parts in zip(by_line, heard, left, strict=True)]
