"""What Prometheus is told of calls: counts, the quality of lines, and where a caller's time went."""

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from bot.call_metrics import CallMetrics, metrics_router
from voice.dialogue import DialogueTurn, Message
from voice.events import (
    BotPrompt,
    BotReply,
    CallEnded,
    CallEvent,
    CallFailed,
    CallStarted,
    FinalTranscript,
    LineMeasured,
    PlaybackStarted,
    QueueLeft,
    RecordingLost,
    TookLeave,
)
from voice.line.line_report import LineReport

COMMON = {"call_id": "c", "audio_ms": 0, "wall_time": 0.0}
BEARER = {"authorization": "Bearer secret"}


def told(kind: type[CallEvent], **fields: object) -> CallEvent:
    return kind(**COMMON, **fields)  # type: ignore[arg-type]


def spoken_turn(text: str = "您下一期应还3250元。") -> list[CallEvent]:
    """The events of one turn: 500 + 100 + 60 + 40 + 60 ms."""
    heard = {"heard": "", "confidence": 1.0, "speech_start_ms": 0, "speech_end_ms": 900, "engine": "whisper"}
    return [
        told(FinalTranscript, text="这个月还多少", endpointing_ms=500, recognition_ms=100, **heard),
        told(BotReply, turn=DialogueTurn((Message(text),)), dialogue_ms=60),
        told(PlaybackStarted, text=text, first_audio_ms=40, transport_ms=60),
    ]


@pytest.fixture
def metrics() -> CallMetrics:
    return CallMetrics()


def samples(metrics: CallMetrics) -> dict[tuple[str, ...], float]:
    """What Prometheus's own parser reads on the page, by name and values of its labels in order."""
    page = metrics.text().decode()
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_the_page_is_for_whoever_has_the_token(metrics: CallMetrics) -> None:
    app = FastAPI()
    app.include_router(metrics_router(metrics, "secret"))
    client = TestClient(app)
    for headers in ({}, {"authorization": "Bearer wrong"}):
        assert client.get("/metrics", headers=headers).status_code == 401
    page = client.get("/metrics", headers=BEARER)
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/plain")


def test_calls_refusals_and_the_quality_of_the_lines_are_told(metrics: CallMetrics) -> None:
    metrics.watch_phone(lambda: 3, lambda: 2, lambda: {"stranger": 5})
    report = LineReport(received=990, lost=10, jitter_ms=7.5, sent=1000, slipped_ms=30.0)
    for event in (
        told(CallStarted, transport="sip", sample_rate=8000),
        told(LineMeasured, report=report),
        told(CallEnded, ended_by="caller"),
    ):
        metrics.on_event(event)
    page = samples(metrics)
    assert page["shoudai_phone_calls",] == 3 and page["shoudai_phone_waiting",] == 2
    assert page["shoudai_phone_calls_started_total", "sip"] == 1
    assert page["shoudai_phone_calls_ended_total", "caller"] == 1
    assert page["shoudai_phone_refused_total", "stranger"] == 5
    assert page["shoudai_line_packets_total", "lost"] == 10
    assert page["shoudai_line_jitter_ms_bucket", "5.0"] == 0
    assert page["shoudai_line_jitter_ms_bucket", "10.0"] == 1
    assert page["shoudai_line_lost_share_bucket", "0.01"] == 1


def test_each_stage_of_a_spoken_turn_has_its_histogram(metrics: CallMetrics) -> None:
    metrics.on_event(told(CallStarted, transport="sip", sample_rate=8000))
    for event in spoken_turn():
        metrics.on_event(event)
    page = samples(metrics)
    sums = {
        stage: page["shoudai_stage_seconds_sum", stage]
        for stage in ("endpointing", "recognition", "dialogue", "synthesis", "transport")
    }
    assert sums == pytest.approx(
        {"endpointing": 0.5, "recognition": 0.1, "dialogue": 0.06, "synthesis": 0.04, "transport": 0.06}
    )
    assert page["shoudai_answer_seconds_sum",] == pytest.approx(0.76)
    assert (
        page["shoudai_answer_seconds_bucket", "0.8"] == 1
        and page["shoudai_answer_seconds_bucket", "0.5"] == 0
    )


def test_greetings_and_prompts_are_no_answers(metrics: CallMetrics) -> None:
    metrics.on_event(told(CallStarted, transport="sip", sample_rate=8000))
    greeting = "您好。"
    metrics.on_event(told(BotReply, turn=DialogueTurn((Message(greeting),)), dialogue_ms=9))
    metrics.on_event(told(PlaybackStarted, text=greeting, first_audio_ms=9))
    heard, reply, sound = spoken_turn()
    for event in (
        heard,
        told(BotPrompt, text="请稍等。"),
        told(PlaybackStarted, text="请稍等。", first_audio_ms=5),
    ):
        metrics.on_event(event)
    assert samples(metrics).get(("shoudai_answer_seconds_count",)) == 0
    metrics.on_event(reply)
    metrics.on_event(sound)
    assert samples(metrics)["shoudai_answer_seconds_count",] == 1


def test_faults_partings_recordings_and_queues_are_counted(metrics: CallMetrics) -> None:
    for event in (
        told(CallFailed, code="recognizer_failed", message="", gave_up=True),
        told(TookLeave, parting="noted"),
        told(RecordingLost, reason="OSError"),
        told(QueueLeft, obstacle="synthesis", end="served", waited_ms=4000),
    ):
        metrics.on_event(event)
    page = samples(metrics)
    assert page["shoudai_call_failures_total", "recognizer_failed", "true"] == 1
    assert page["shoudai_partings_total", "noted"] == 1
    assert page["shoudai_recordings_lost_total",] == 1
    assert page["shoudai_queue_left_total", "served", "synthesis"] == 1
    assert page["shoudai_queue_seconds_bucket", "5.0"] == 1
