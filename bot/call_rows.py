"""CallRows: one call's events, put together into turns with their timings and a list of smaller happenings."""

import re
import uuid
from collections.abc import Callable
from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING, Any

from bot.stored_text import stored_heard, stored_reply, stored_words
from bot.transcript_tables import call_events, calls, conversations, turns
from bot.transcript_writer import Insert, TranscriptWriter, Update
from voice.dialogue import DialogueTurn
from voice.events import (
    BotPrompt,
    BotReply,
    CallEnded,
    CallEvent,
    CallFailed,
    DtmfReceived,
    EngineFailedOver,
    FigureStarted,
    FinalTranscript,
    LineMeasured,
    PartialTranscript,
    PlaybackInterrupted,
    PlaybackStarted,
    Rated,
)
from voice.turn_stages import STAGES, StageWatch, TurnStages

if TYPE_CHECKING:
    from bot.transcripts import ConversationState

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


class CallRows:
    """Assembles the rows of one call; ``add_turn`` is the recorder's."""

    def __init__(
        self, call_id: str, state: "ConversationState", add_turn: Callable[..., str], writer: TranscriptWriter
    ) -> None:
        self._call_id = call_id
        self._state = state
        self._add_turn = add_turn
        self._writer = writer
        self._position = 0
        self._final: FinalTranscript | None = None
        self._keys_pressed = False
        self._opened = False
        self._turn_id: str | None = None
        self._turn_text = ""
        self._not_heard = ""
        self._failure: str | None = None
        self._watch = StageWatch()
        self._stages: list[TurnStages] = []

    def on_event(self, event: CallEvent) -> None:
        """Record one event; all but the turn's own columns also go to the list of happenings."""
        self._list(event)
        stages = self._watch.on_event(event)
        if stages is not None:
            self._stages.append(stages)
        match event:
            case FinalTranscript() if event.text:
                self._unanswered("superseded")
                self._final = event
            case DtmfReceived():
                self._keys_pressed = True
            case BotReply():
                self._reply(event)
            case PlaybackStarted() if event.text == self._turn_text:
                self._update_turn(first_audio_ms=event.first_audio_ms)
            case FigureStarted():
                self._update_turn(first_figure_ms=event.first_figure_ms)
            case PlaybackInterrupted():
                self._not_heard += stored_reply(event.not_heard)
                self._update_turn(interrupted=True, not_heard=self._not_heard)
            case Rated():
                self._writer.put(Update(conversations, self._state.conversation_id, {"rating": event.score}))
            case CallFailed():
                self._failure = event.code
                self._unanswered(event.code)
            case CallEnded():
                self._ended(event)

    def _reply(self, event: BotReply) -> None:
        measured: dict[str, Any] = {"dialogue_ms": event.dialogue_ms}
        if self._final is not None:
            via, words = "voice", self._words(event.turn)
            measured |= self._recognition(self._final)
        else:
            via = "keypad" if self._opened and self._keys_pressed else "voice" if self._opened else "opening"
            words = stored_words(event.turn.understood_text, "", self._state.expects)
        self._turn_id = self._add_turn(self._state, via, words, event.turn, measured, call_id=self._call_id)
        self._turn_text = "".join(message.text for message in event.turn.messages)
        self._final, self._keys_pressed, self._opened, self._not_heard = None, False, True, ""

    def _unanswered(self, failure: str) -> None:
        """Words that the dialogue did not answer are a turn all the same."""
        if self._final is not None:
            words, measured = self._words(None), self._recognition(self._final)
            self._add_turn(
                self._state, "voice", words, None, measured, call_id=self._call_id, failure=failure
            )
            self._final = None

    def _words(self, turn: DialogueTurn | None) -> str:
        assert self._final is not None
        return stored_words(turn.understood_text if turn else "", self._final.text, self._state.expects)

    def _recognition(self, final: FinalTranscript) -> dict[str, Any]:
        return {
            "heard": stored_heard(final.heard),
            "recognizer": final.engine,
            "recognition_confidence": final.confidence,
            "speech_start_ms": final.speech_start_ms,
            "speech_end_ms": final.speech_end_ms,
            "endpointing_ms": final.endpointing_ms,
            "recognition_ms": final.recognition_ms,
        }

    def _update_turn(self, **values: Any) -> None:
        if self._turn_id is not None:
            self._writer.put(Update(turns, self._turn_id, values))

    def _ended(self, event: CallEnded) -> None:
        self._unanswered("call_ended")
        if self._stages:
            medians = {stage: round(median(getattr(one, stage) for one in self._stages)) for stage in STAGES}
            self._insert("stages_measured", event, {"turns": len(self._stages)} | medians)
        values = {
            "ended_at_ms": round(event.wall_time * 1000),
            "duration_ms": event.audio_ms,
            "ended_by": event.ended_by,
            "failure": self._failure,
        }
        self._writer.put(Update(calls, self._call_id, values))

    def _list(self, event: CallEvent) -> None:
        self._insert(_CAPITAL.sub("_", type(event).__name__).lower(), event, _details(event))

    def _insert(self, kind: str, event: CallEvent, details: dict[str, Any]) -> None:
        self._position += 1
        values = {
            "id": uuid.uuid4().hex,
            "call_id": self._call_id,
            "position": self._position,
            "kind": kind,
            "audio_ms": event.audio_ms,
            "at_ms": round(event.wall_time * 1000),
            "details": details,
        }
        self._writer.put(Insert(call_events, values))


def _details(event: CallEvent) -> dict[str, Any]:
    """What the event says beyond its kind and time, masked."""
    match event:
        case PartialTranscript():
            return {"text": stored_heard(event.text)}
        case FinalTranscript():
            # The words themselves belong to the turn, where the dialogue's own mask is known.
            return {"empty": not event.text, "heard": stored_heard(event.heard)}
        case BotReply():
            return {"dialogue_ms": event.dialogue_ms}
        case PlaybackInterrupted():
            return {"said": stored_reply(event.said), "not_heard": stored_reply(event.not_heard)}
        case CallFailed():
            return {"code": event.code}
        case LineMeasured():
            return asdict(event.report)
        case EngineFailedOver():
            return {"from": event.from_engine, "to": event.to_engine, "reason": stored_reply(event.reason)}
        case PlaybackStarted():
            return {"text": stored_reply(event.text), "transport_ms": event.transport_ms}
        case BotPrompt():
            return {"text": stored_reply(event.text)}
    carried = ("call_id", "audio_ms", "wall_time")
    return {name: _plain(value) for name, value in asdict(event).items() if name not in carried}


def _plain(value: Any) -> Any:
    return stored_reply(value) if isinstance(value, str) else value
