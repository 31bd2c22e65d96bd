"""Resampling: the same sound at another sample rate, without aliasing."""

import av
from av.audio.frame import AudioFrame as AvFrame
from av.audio.resampler import AudioResampler

from voice.sound.audio import BYTES_PER_SAMPLE


class Resampler:
    """Streaming conversion of s16le mono sound; one object a stream, not shared between threads.

    FFmpeg's polyphase filter through PyAV: about 2 ms of delay and 100 dB of stop band. ``audioop.ratecv`` is
    no choice here: it interpolates without a low-pass, so the band above 4 kHz folds into telephone speech.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self.from_hz = from_hz
        """Hertz of the sound pushed in."""
        self.to_hz = to_hz
        """Hertz of the sound that comes out."""
        self._resampler = (
            None if from_hz == to_hz else AudioResampler(format="s16", layout="mono", rate=to_hz)
        )
        self._pts = 0
        self._odd = b""

    def push(self, pcm: bytes) -> bytes:
        """Take s16le samples, return those that are ready; half a sample waits for the next push."""
        pcm = self._odd + pcm
        whole = len(pcm) - len(pcm) % BYTES_PER_SAMPLE
        pcm, self._odd = pcm[:whole], pcm[whole:]
        if self._resampler is None or not pcm:
            return pcm
        frame = AvFrame(format="s16", layout="mono", samples=len(pcm) // BYTES_PER_SAMPLE)
        frame.sample_rate = self.from_hz
        frame.pts = self._pts
        self._pts += frame.samples
        frame.planes[0].update(pcm + bytes(frame.planes[0].buffer_size - len(pcm)))
        return _samples(self._resampler.resample(frame))

    def flush(self) -> bytes:
        """Return the samples that the filter still holds and make ready for another stream."""
        if self._resampler is None:
            return b""
        rest = _samples(self._resampler.resample(None)) if self._pts else b""
        self._resampler = AudioResampler(format="s16", layout="mono", rate=self.to_hz)
        self._pts = 0
        self._odd = b""
        return rest


def resample(pcm: bytes, from_hz: int, to_hz: int) -> bytes:
    """Return a whole recording (s16le mono) at another rate."""
    resampler = Resampler(from_hz, to_hz)
    return resampler.push(pcm) + resampler.flush()


def _samples(frames: list[av.AudioFrame]) -> bytes:
    return b"".join(bytes(frame.planes[0])[: frame.samples * BYTES_PER_SAMPLE] for frame in frames)
