"""KeptCall: a finished call as the report page shows it, in JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from commands.simulated_calls.call_record import CallRecord
from commands.simulated_calls.heard_words import Words
from commands.simulated_calls.scenario import Action
from voice.events import (
    BotPrompt,
    CallEvent,
    CallFailed,
    DtmfReceived,
    EngineFailedOver,
    FinalTranscript,
    PlaybackInterrupted,
    PlaybackResumed,
    PlaybackStarted,
    Transferred,
)


def kept_call(
    record: CallRecord, heard: Mapping[int, Sequence[Words]], problems: Sequence[str]
) -> dict[str, Any]:
    """Words and events with their times (milliseconds of the caller's clock); no identity digit is in it.

    ``heard``: by turn, what the recogniser made of the sound that reached the caller.
    """
    scenario = record.scenario
    return {
        "name": scenario.name,
        "story": scenario.story,
        "problems": list(problems),
        "over_sip": record.real_time,
        "ended_by": record.ended_by,
        "duration_ms": record.duration_ms,
        "voice": scenario.voice,
        "speed": scenario.speed,
        "noise": asdict(scenario.noise) if scenario.noise else None,
        "network": asdict(scenario.network) if scenario.network else None,
        "echo_db": scenario.echo_db,
        "line": asdict(record.line) if record.line else None,
        "turns": [_turn(record, number) for number in range(len(record.marks))],
        "caller_said": [
            {
                "start_ms": mark.start_ms,
                "end_ms": mark.end_ms,
                "text": _action(scenario.turns[mark.turn].action),
            }
            for mark in record.marks
        ],
        "bot_understood": _understood(record),
        "bot_said": [
            {"start_ms": round(record.at_ms(event)), "text": event.text}
            for event in record.events
            if isinstance(event, PlaybackStarted)
        ],
        "caller_heard": [asdict(words) for number in sorted(heard) for words in heard[number]],
        "events": [
            {"at_ms": round(record.at_ms(event)), "kind": kind, "text": text}
            for event in record.events
            if (shown := _event(event)) is not None
            for kind, text in [shown]
        ],
    }


def _turn(record: CallRecord, number: int) -> dict[str, Any]:
    turn, replies = record.scenario.turns[number], record.replies(number)
    return {
        "action": _action(turn.action),
        "understood": "，".join(reply.understood_text for reply in replies),
        "intent": "，".join(reply.intent or "—" for reply in replies),
        "reply": "".join(message.text for reply in replies for message in reply.messages),
        "stages": record.stages(number),
        "answered_after_ms": record.answered_after_ms(number),
        "within_ms": turn.expected.within_ms,
    }


def _action(action: Action) -> str:
    if action.press:
        return f"按键（{len(action.press)}个）"
    if action.silence_ms:
        return f"不出声（{action.silence_ms / 1000:g}秒）"
    if action.burst_ms:
        return "咳嗽声"
    if action.play:
        return f"真人录音（{action.play}）"
    return "……".join(action.say)


def _understood(record: CallRecord) -> list[dict[str, Any]]:
    """What the bot's recogniser made of every utterance, empty words too: a cough is one."""
    found = []
    for event in record.events:
        if isinstance(event, FinalTranscript):
            offset_ms = record.at_ms(event) - event.audio_ms
            found.append(
                {
                    "start_ms": round(event.speech_start_ms + offset_ms),
                    "end_ms": round(event.speech_end_ms + offset_ms),
                    "text": event.text,
                    "confidence": round(event.confidence, 2),
                }
            )
    return found


def _event(event: CallEvent) -> tuple[str, str] | None:
    match event:
        case PlaybackInterrupted(not_heard=not_heard):
            return "打断", f"没听到：{not_heard}"
        case PlaybackResumed():
            return "接着说", "不是打断，从那一句接着说"
        case DtmfReceived(count=count):
            return "按键", f"第{count}个" if count else "收完"
        case BotPrompt(text=text):
            return "提示", text
        case EngineFailedOver(to_engine=engine, reason=reason):
            return "换声音", f"{engine}：{reason}"
        case CallFailed(code=code):
            return "出错", code
        case Transferred():
            return "转人工", ""
        case _:
            return None
