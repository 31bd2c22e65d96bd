"""PhoneMetrics: counts and line quality of the telephone in Prometheus's text format."""

import hmac
from collections import Counter
from collections.abc import Callable, Mapping

from fastapi import APIRouter, Header
from fastapi.responses import PlainTextResponse

from voice.events import CallEnded, CallEvent, CallStarted, LineMeasured

_JITTER_MS = (1, 5, 10, 20, 40, 80, 160)
_LOST_SHARE = (0.0, 0.001, 0.01, 0.03, 0.1, 0.3)
_SLIPPED_MS = (20, 40, 60, 100, 200, 1000)


class Histogram:
    """Counts values up to each bound (Prometheus's cumulative buckets)."""

    def __init__(self, name: str, about: str, bounds: tuple[float, ...]) -> None:
        self._name = name
        self._about = about
        self._bounds = bounds
        self._counts = [0] * len(bounds)
        self._total = 0
        self._sum = 0.0

    def observe(self, value: float) -> None:
        """Count one value."""
        self._total += 1
        self._sum += value
        for at, bound in enumerate(self._bounds):
            self._counts[at] += value <= bound

    def lines(self) -> list[str]:
        """The text format's lines."""
        pairs = [*zip(map(str, self._bounds), self._counts, strict=True), ("+Inf", self._total)]
        return [
            *_head(self._name, self._about, "histogram"),
            *(f'{self._name}_bucket{{le="{bound}"}} {count}' for bound, count in pairs),
            f"{self._name}_sum {self._sum:.6g}",
            f"{self._name}_count {self._total}",
        ]


class PhoneMetrics:
    """Learns from the events of phone calls; what is counted elsewhere is asked for when somebody looks."""

    def __init__(self, calls: Callable[[], int], refused: Callable[[], Mapping[str, int]]) -> None:
        self._calls = calls
        self._refused = refused
        self._started: Counter[str] = Counter()
        self._ended: Counter[str] = Counter()
        self._packets: Counter[str] = Counter()
        self._histograms = {
            "jitter": Histogram(
                "shoudai_line_jitter_ms", "Jitter of the caller's packets, a call", _JITTER_MS
            ),
            "lost": Histogram(
                "shoudai_line_lost_share", "Share of the caller's packets lost, a call", _LOST_SHARE
            ),
            "slipped": Histogram(
                "shoudai_line_slipped_ms", "Longest delay of a frame of ours, a call", _SLIPPED_MS
            ),
        }

    def on_event(self, event: CallEvent) -> None:
        """Learn from one event; cheap, since the call waits for it."""
        match event:
            case CallStarted():
                self._started[event.transport] += 1
            case CallEnded():
                self._ended[event.ended_by] += 1
            case LineMeasured(report=report):
                for name in ("received", "lost", "late", "dropped", "concealed", "sent", "peer_lost"):
                    self._packets[name] += getattr(report, name)
                self._histograms["jitter"].observe(report.jitter_ms)
                self._histograms["lost"].observe(report.lost / max(1, report.lost + report.received))
                self._histograms["slipped"].observe(report.slipped_ms)

    def text(self) -> str:
        """The whole page."""
        lines = [
            *_head("shoudai_phone_calls", "Phone calls now", "gauge"),
            f"shoudai_phone_calls {self._calls()}",
        ]
        for name, about, label, counts in (
            ("shoudai_phone_calls_started_total", "Phone calls taken", "transport", self._started),
            ("shoudai_phone_calls_ended_total", "Phone calls ended, by whom", "by", self._ended),
            (
                "shoudai_line_packets_total",
                "Packets or frames, by what became of them",
                "fate",
                self._packets,
            ),
            (
                "shoudai_phone_refused_total",
                "Messages and calls refused, by reason",
                "reason",
                self._refused(),
            ),
        ):
            lines += _head(name, about, "counter")
            lines += [f'{name}{{{label}="{key}"}} {count}' for key, count in sorted(counts.items())]
        for histogram in self._histograms.values():
            lines += histogram.lines()
        return "\n".join([*lines, ""])


def metrics_router(metrics: PhoneMetrics, token: str) -> APIRouter:
    """``GET /metrics`` for whoever has the token."""
    router = APIRouter()

    @router.get("/metrics")
    async def page(authorization: str = Header("")) -> PlainTextResponse:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            return PlainTextResponse("refused", 401)
        return PlainTextResponse(metrics.text(), media_type="text/plain; version=0.0.4")

    return router


def _head(name: str, about: str, kind: str) -> list[str]:
    return [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
