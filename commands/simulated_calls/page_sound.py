"""PageSound: a call's recording as the page needs it: two outlines to look at and one small file to listen to."""

import io
from pathlib import Path

import av
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

PEAK_MS = 50
"""Sound behind one point of an outline."""

_BITS_A_SECOND = 24_000
_FULL = 32768


def sides(path: Path) -> tuple[NDArray[np.int16], int]:
    """Samples (caller left, bot right, one row a sample) and Hertz of a recording."""
    import wave

    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return samples.reshape(-1, file.getnchannels()), file.getframerate()


def outline(samples: NDArray[np.int16], rate: int) -> str:
    """An SVG path: one unit a point of 50 ms, -100..100 high, drawn forth above the middle and back below it."""
    size = rate * PEAK_MS // 1000
    whole = np.abs(samples[: len(samples) // size * size].astype(np.int32)).reshape(-1, size)
    # The root makes soft speech visible beside loud.
    peaks = np.sqrt(whole.max(axis=1, initial=0) / _FULL) * 100
    above = [f"{at} {-peak:.0f}" for at, peak in enumerate(peaks)]
    below = [f"{at} {peak:.0f}" for at, peak in reversed(list(enumerate(peaks)))]
    return "M" + "L".join(above + below) + "Z" if above else ""


def opus(samples: NDArray[np.int16], rate: int) -> bytes:
    """Both sides as Opus in WebM, which browsers play: some 3 KB a second."""
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="stereo")
        stream.bit_rate = _BITS_A_SECOND
        resampler = AudioResampler(format="s16", layout="stereo", rate=48_000)
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples.reshape(1, -1)), format="s16", layout="stereo"
        )
        frame.sample_rate, frame.pts = rate, 0
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return out.getvalue()
