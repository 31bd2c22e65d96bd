"""CallMetrics: what calls do, how well and how fast, for Prometheus."""

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict

from fastapi import APIRouter, Header
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from voice.events import (
    CallEnded,
    CallEvent,
    CallFailed,
    CallStarted,
    EngineFailedOver,
    LineMeasured,
    QueueLeft,
    RecordingLost,
    TookLeave,
)
from voice.line.line_report import LineReport
from voice.turn_stages import StageWatch, TurnStages

SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.3, 2.0, 3.5, 5.0, 10.0)
"""Bounds of what callers wait for: from a frame or two to what nobody bears; 0.8, 1.3, 2 and 3.5 are our own bars."""

_QUEUE_S = (1, 5, 10, 20, 40, 60, 120)
_JITTER_MS = (1, 5, 10, 20, 40, 80, 160)
_LOST_SHARE = (0.0, 0.001, 0.01, 0.03, 0.1, 0.3)
_SLIPPED_MS = (20, 40, 60, 100, 200, 1000)
_FATES = ("received", "lost", "late", "dropped", "concealed", "sent", "peer_lost")

Number = Callable[[], float]


class CallMetrics:
    """Learns from the events of all calls; what is counted elsewhere is asked for when somebody looks."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = registry = CollectorRegistry(auto_describe=True)
        self._watches: dict[str, StageWatch] = {}

        def counter(name: str, about: str, *labels: str) -> Counter:
            return Counter(name, about, labels, registry=registry)

        def histogram(name: str, about: str, bounds: tuple[float, ...], *labels: str) -> Histogram:
            return Histogram(name, about, labels, buckets=bounds, registry=registry)

        self._started = counter("shoudai_phone_calls_started", "Calls taken", "transport")
        self._ended = counter("shoudai_phone_calls_ended", "Calls ended, by whom", "by")
        self._failures = counter(
            "shoudai_call_failures", "What broke in calls; gave_up: the call ended", "code", "gave_up"
        )
        self._partings = counter("shoudai_partings", "How callers of broken calls were left", "how")
        self._recordings = counter("shoudai_recordings_lost", "Calls that are not, or not wholly, recorded")
        self._failovers = counter("shoudai_engine_failovers", "Clauses that another voice spoke", "to")
        self._packets = counter("shoudai_line_packets", "Packets or frames, by what became of them", "fate")
        self._queue = counter("shoudai_queue_left", "Waits for a place, by reason and end", "obstacle", "end")
        self._waited = histogram("shoudai_queue_seconds", "Waits for a place", _QUEUE_S)
        self._stages = histogram(
            "shoudai_stage_seconds", "Parts of the wait for an answer, a spoken turn", SECONDS, "stage"
        )
        self._answers = histogram("shoudai_answer_seconds", "Last word to first sound", SECONDS)
        self._jitter = histogram(
            "shoudai_line_jitter_ms", "Jitter of the caller's packets, a call", _JITTER_MS
        )
        self._lost = histogram("shoudai_line_lost_share", "Share of packets lost, a call", _LOST_SHARE)
        self._slipped = histogram(
            "shoudai_line_slipped_ms", "Longest delay of a frame of ours, a call", _SLIPPED_MS
        )

    def watch_phone(self, calls: Number, waiting: Number, refused: Callable[[], Mapping[str, int]]) -> None:
        """Ask for these whenever somebody looks."""
        Gauge("shoudai_phone_calls", "Phone calls now", registry=self._registry).set_function(calls)
        Gauge("shoudai_phone_waiting", "Callers in the queue", registry=self._registry).set_function(waiting)
        self._registry.register(_Refusals(refused))

    def on_event(self, event: CallEvent) -> None:
        """Learn from one event; cheap, since the call waits for it."""
        match event:
            case CallStarted():
                self._started.labels(event.transport).inc()
                self._watches[event.call_id] = StageWatch()
            case CallEnded():
                self._ended.labels(event.ended_by).inc()
                self._watches.pop(event.call_id, None)
            case CallFailed():
                self._failures.labels(event.code, str(event.gave_up).lower()).inc()
            case TookLeave():
                self._partings.labels(event.parting).inc()
            case RecordingLost():
                self._recordings.inc()
            case EngineFailedOver():
                self._failovers.labels(event.to_engine).inc()
            case QueueLeft():
                self._queue.labels(event.obstacle, event.end).inc()
                self._waited.observe(event.waited_ms / 1000)
            case LineMeasured():
                self._line(event.report)
        watch = self._watches.get(event.call_id)
        stages = watch.on_event(event) if watch is not None else None
        if stages is not None:
            self._turn(stages)

    def text(self) -> bytes:
        """The whole page."""
        return generate_latest(self._registry)

    def _turn(self, stages: TurnStages) -> None:
        for stage, value in asdict(stages).items():
            self._stages.labels(stage).observe(value / 1000)
        self._answers.observe(stages.total / 1000)

    def _line(self, report: LineReport) -> None:
        for fate in _FATES:
            self._packets.labels(fate).inc(getattr(report, fate))
        self._jitter.observe(report.jitter_ms)
        self._lost.observe(report.lost / max(1, report.lost + report.received))
        self._slipped.observe(report.slipped_ms)


class _Refusals(Collector):
    """Counted by the ways in themselves, since most of what is refused never becomes a call."""

    def __init__(self, refused: Callable[[], Mapping[str, int]]) -> None:
        self._refused = refused

    def collect(self) -> Iterable[CounterMetricFamily]:
        family = CounterMetricFamily(
            "shoudai_phone_refused", "Messages and calls refused, by reason", labels=["reason"]
        )
        for reason, count in sorted(self._refused().items()):
            family.add_metric([reason], count)
        yield family


def metrics_router(metrics: CallMetrics, token: str) -> APIRouter:
    """``GET /metrics`` for whoever has the token."""
    router = APIRouter()

    @router.get("/metrics")
    async def page(authorization: str = Header("")) -> Response:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            return PlainTextResponse("refused", 401)
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return router
