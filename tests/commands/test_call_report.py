"""What make call tells of a call."""

from dataclasses import replace

from commands.call_report import CallReport
from voice.dialogue import DialogueTurn, Figure, Message
from voice.events import (
    BotReply,
    CallEnded,
    CallFailed,
    FigureStarted,
    FinalTranscript,
    PlaybackInterrupted,
    PlaybackStarted,
)

WHEN = {"call_id": "c", "audio_ms": 0, "wall_time": 0.0}


def heard(text: str) -> FinalTranscript:
    return FinalTranscript(
        **WHEN,
        text=text,
        heard=text,
        confidence=0.9,
        speech_start_ms=100,
        speech_end_ms=900,
        endpointing_ms=600,
        recognition_ms=200,
        engine="whisper",
    )


def replied(text: str, understood: str = "", **turn: object) -> BotReply:
    reply = DialogueTurn((Message(text),), understood_text=understood, **turn)  # type: ignore[arg-type]
    return BotReply(**WHEN, turn=reply, dialogue_ms=40)


def report_of(*events: object) -> CallReport:
    report = CallReport()
    for event in events:
        report.on_event(event)  # type: ignore[arg-type]
    return report


def test_a_turn_holds_words_intent_figures_and_times() -> None:
    figure = Figure("next_repayment_amount", 325000, "fen")
    report = report_of(
        replied("您好。"),
        heard("这个月要还多少"),
        replied("查到了，3250元。", "这个月要还多少", intent="query_repayment", figures=(figure,)),
        PlaybackStarted(**WHEN, text="查到了，3250元。", first_audio_ms=5, transport_ms=60),
        FigureStarted(**WHEN, first_figure_ms=900),
        CallEnded(**WHEN, ended_by="caller"),
    ).to_json()
    assert report["opening"] == "您好。" and report["ended_by"] == "caller" and report["error"] is None
    (turn,) = report["turns"]
    assert (turn["caller"], turn["intent"]) == ("这个月要还多少", "query_repayment")
    assert list(turn["figures"]) == [
        {"name": "next_repayment_amount", "value": 325000, "unit": "fen", "inputs": {}}
    ]
    assert turn["latency_ms"] == {
        "endpointing": 600,
        "recognition": 200,
        "dialogue": 40,
        "first_audio": 5,
        "transport": 60,
        "first_figure": 900,
    }


def test_an_interruption_belongs_to_the_reply_that_was_sounding() -> None:
    report = report_of(
        heard("介绍产品"),
        replied("很长的介绍。", "介绍产品"),
        PlaybackStarted(**WHEN, text="很长的介绍。", first_audio_ms=5),
        PlaybackInterrupted(**WHEN, said="", not_heard="很长的介绍。"),
        heard("转人工"),
        replied("好的。", "转人工"),
    )
    assert [turn.interrupted for turn in report.turns] == [True, False]
    assert "被打断" in report.to_text()


def test_words_without_an_answer_are_kept_and_masked() -> None:
    report = report_of(heard("我的手机号是13812345678"), CallEnded(**WHEN, ended_by="caller"))
    (turn,) = report.turns
    assert turn.bot == "" and "13812345678" not in turn.caller and turn.caller


def test_only_what_ended_the_call_is_its_error() -> None:
    excused = CallFailed(**WHEN, code="dialogue_unavailable", message="Rasa")
    assert report_of(excused, CallEnded(**WHEN, ended_by="caller")).to_json()["error"] is None
    fatal = replace(excused, gave_up=True)
    assert report_of(fatal, CallEnded(**WHEN, ended_by="transfer")).to_json()["error"] == {
        "code": "dialogue_unavailable",
        "message": "Rasa",
    }
