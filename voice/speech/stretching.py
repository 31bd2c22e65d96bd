"""Stretching: the same clip, spoken more slowly at the same pitch, for a caller who asked for it."""

import av.error
import av.filter
from av.audio.frame import AudioFrame as AvFrame

from voice.sound.audio import BYTES_PER_SAMPLE, silence

SLOW = 0.8
"""Tempo of slow speech against the usual one: a four-second clause takes five."""

_WINDOW_MS = 100


def slowed(pcm: bytes, sample_rate: int, tempo: float = SLOW) -> bytes:
    """Return a clip (s16le mono at ``sample_rate`` Hz) that lasts ``1 / tempo`` times as long.

    FFmpeg's ``atempo`` (WSOLA, Verhelst and Roelands 1993) through PyAV: the pitch stays, 0.5 <= ``tempo`` <= 1. A
    finished clip is stretched, rather than spoken anew, so that cached clauses stay immediate and every voice can
    be slow.
    """
    if not pcm:
        return pcm
    graph = av.filter.Graph()
    source = graph.add(
        "abuffer", f"sample_rate={sample_rate}:sample_fmt=s16:channel_layout=mono:time_base=1/{sample_rate}"
    )
    stretch, sink = graph.add("atempo", f"{tempo:g}"), graph.add("abuffersink")
    source.link_to(stretch)
    stretch.link_to(sink)
    graph.configure()
    wanted_bytes = round(len(pcm) / BYTES_PER_SAMPLE / tempo) * BYTES_PER_SAMPLE
    # The filter keeps back what no longer fills its window: with silence behind it nothing of the clip is lost.
    pcm += silence(_WINDOW_MS, sample_rate)
    frame = AvFrame(format="s16", layout="mono", samples=len(pcm) // BYTES_PER_SAMPLE)
    frame.sample_rate, frame.pts = sample_rate, 0
    frame.planes[0].update(pcm + bytes(frame.planes[0].buffer_size - len(pcm)))
    graph.push(frame)
    graph.push(None)
    pieces: list[bytes] = []
    while True:
        try:
            piece = graph.pull()
        except av.error.EOFError:
            return b"".join(pieces)[:wanted_bytes]
        assert isinstance(piece, AvFrame)
        pieces.append(bytes(piece.planes[0])[: piece.samples * BYTES_PER_SAMPLE])
