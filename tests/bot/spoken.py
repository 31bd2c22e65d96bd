"""A call for the tests of the conversation page: events as the call tells them, and a recording of both sides."""

import math
import struct

from bot.recordings import RecordingStore
from bot.transcripts import TranscriptRecorder
from voice.dialogue import DialogueTurn, Figure, Message
from voice.events import (
    BotReply,
    CallEnded,
    CallEvent,
    CallStarted,
    FinalTranscript,
    PartialTranscript,
    PlaybackFinished,
    PlaybackInterrupted,
    PlaybackPaused,
    PlaybackStarted,
    SpeechStarted,
)

RATE = 8_000
LENGTH_MS = 14_000
CALLER_MS = ((2_000, 3_600), (9_000, 10_800))
BOT_MS = ((100, 2_600), (4_200, 8_600), (11_500, 13_600))
GREETING = ("您好，我是首贷的智能客服。", "请问您想办什么？")
ANSWER = ("您下一期应还3250.55元。", "还款日是12月15日。")
FAREWELL = ("可以，提前还款没有违约金。",)
FIGURE = Figure("next_repayment_amount", 325055, "fen", {"loan": "L1", "instalment": 7})


def spoken_call(recorder: TranscriptRecorder, recordings: RecordingStore, call_id: str, at_s: float) -> None:
    """A greeting that is interrupted, two questions with partial transcripts, two answers; 14 seconds."""
    for event in _events(call_id, at_s):
        recorder.on_event(event)
    writer = recordings.create(call_id, RATE)
    writer.write(_sound())
    writer.close()
    recorder.recording_kept(call_id, writer.name, writer.encrypted)
    recorder.flush()


def _events(call_id: str, at_s: float) -> list[CallEvent]:
    def of(ms: int) -> tuple[str, int, float]:
        return call_id, ms, at_s + ms / 1000

    greeting, answer, farewell = (
        _reply(GREETING),
        _reply(ANSWER, "这个月要还多少", (FIGURE,)),
        _reply(FAREWELL, "那我能提前还吗"),
    )
    return [
        CallStarted(*of(0), transport="sip", sample_rate=RATE),
        BotReply(*of(50), turn=greeting, dialogue_ms=31),
        PlaybackStarted(*of(100), text="".join(GREETING), first_audio_ms=14),
        SpeechStarted(*of(2_050)),
        PlaybackPaused(*of(2_200)),
        PartialTranscript(*of(2_500), text="这个月"),
        PlaybackInterrupted(*of(2_600), said=GREETING[0], not_heard=GREETING[1]),
        PartialTranscript(*of(3_200), text="这个月要还"),
        _final(*of(4_050), "这个月要还多少", 0.58, CALLER_MS[0]),
        BotReply(*of(4_100), turn=answer, dialogue_ms=38),
        PlaybackStarted(*of(4_200), text="".join(ANSWER), first_audio_ms=52),
        PlaybackFinished(*of(8_600), text="".join(ANSWER)),
        SpeechStarted(*of(9_050)),
        PartialTranscript(*of(9_900), text="那我能"),
        _final(*of(11_250), "那我能提前还吗", 0.93, CALLER_MS[1]),
        BotReply(*of(11_400), turn=farewell, dialogue_ms=35),
        PlaybackStarted(*of(11_500), text="".join(FAREWELL), first_audio_ms=48),
        PlaybackFinished(*of(13_600), text="".join(FAREWELL)),
        CallEnded(*of(LENGTH_MS), ended_by="caller"),
    ]


def _reply(lines: tuple[str, ...], understood: str = "", figures: tuple[Figure, ...] = ()) -> DialogueTurn:
    return DialogueTurn(
        messages=tuple(map(Message, lines)),
        understood_text=understood,
        intent="query_repayment" if understood else None,
        confidence=0.91 if understood else None,
        intent_ranking=(("query_repayment", 0.91), ("query_loan_balance", 0.05)) if understood else (),
        actions=("action_query_repayment",) if understood else ("action_session_start",),
        figures=figures,
    )


def _final(
    call_id: str, audio_ms: int, at_s: float, text: str, sure: float, span: tuple[int, int]
) -> FinalTranscript:
    return FinalTranscript(
        call_id,
        audio_ms,
        at_s,
        text=text,
        heard=text,
        confidence=sure,
        speech_start_ms=span[0],
        speech_end_ms=span[1],
        endpointing_ms=420,
        recognition_ms=30,
        engine="whisper",
    )


def _sound() -> bytes:
    """Two tones that swell like syllables, each while its side speaks."""
    frames = []
    for at in range(LENGTH_MS * RATE // 1000):
        ms = at * 1000 // RATE
        swell = 0.35 + 0.65 * abs(math.sin(ms / 95))
        sides = ((CALLER_MS, 220, 9_000), (BOT_MS, 330, 12_000))
        frames.append(
            struct.pack(
                "<hh", *(round(_tone(ms, at, spans, hertz, loud) * swell) for spans, hertz, loud in sides)
            )
        )
    return b"".join(frames)


def _tone(ms: int, at: int, spans: tuple[tuple[int, int], ...], hertz: int, loud: int) -> float:
    speaks = any(start <= ms < end for start, end in spans)
    return loud * math.sin(2 * math.pi * hertz * at / RATE) if speaks else 0.0
