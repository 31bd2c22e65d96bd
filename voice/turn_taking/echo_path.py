"""Echo path: how much of what the bot said comes back on the caller's side, how late and through which filter.

Least squares over the last second of both sides (Widrow & Stearns, Adaptive Signal Processing, 1985, chapter 2)
instead of an adaptive filter: no step size, nothing to converge, and a caller who speaks at the same time only adds
an error of (taps / samples) of his own power. The delay is found first, so that the filter can be short: a line's
hybrid answers within some 10 ms (ITU-T G.168), wherever it is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, solve

Samples = NDArray[np.float64]

_TAPS_S, _BEFORE_PEAK_S = 0.032, 0.016
"""Length of the filter, and how much of it lies before the loudest echo."""

_EMPHASIS = 0.9
"""Speech is mostly low tones; without them the delay shows as a narrow peak."""

_REGULAR = 1e-4
"""Part of the power that is added to itself, so that bands which the bot did not speak in stay out."""


@dataclass(frozen=True)
class EchoPath:
    """A filter on what was played: the echo is ``taps`` convolved with it, ``lag`` samples later."""

    lag: int
    """Samples of delay of the first tap."""
    taps: Samples

    @property
    def delay(self) -> int:
        """Samples of delay of the loudest echo."""
        return self.lag + int(np.argmax(np.abs(self.taps)))

    def echo(self, played: Samples, count: int) -> Samples:
        """Return the echo in the last ``count`` samples of the time that ``played`` covers."""
        end = len(played) - self.lag
        part = played[max(0, end - count - len(self.taps) + 1) : end]
        part = np.concatenate([np.zeros(count + len(self.taps) - 1 - len(part)), part])
        found: Samples = np.convolve(part, self.taps, mode="valid")
        return found


def find_path(played: Samples, heard: Samples, sample_rate: int) -> EchoPath | None:
    """Return the filter that explains most of ``heard`` by ``played``, or None where nothing was played.

    Both end at the same moment; ``played`` is longer by the longest delay that is looked for.
    """
    sent, came = _emphasised(played), _emphasised(heard)
    longest = len(sent) - len(came)
    size = 1 << (len(sent) + len(came)).bit_length()
    sent_f = np.fft.rfft(sent, size)
    # Shifted so that index k is the delay k: sent[longest - k + n] beside came[n].
    product = np.fft.irfft(np.conj(np.fft.rfft(came, size)) * sent_f, size)[: longest + 1][::-1]
    peak = int(np.argmax(np.abs(product)))
    taps = int(_TAPS_S * sample_rate)
    lag = min(max(0, peak - int(_BEFORE_PEAK_S * sample_rate)), max(0, longest + 1 - taps))
    first = len(sent) - len(came) - lag  # where the sound lies in ``sent`` that the first tap meets first
    if first < taps:
        return None
    wanted = product[lag : lag + taps]
    own = _covariance(sent, first, len(came), taps)
    own[np.diag_indices(taps)] += _REGULAR * own[0, 0] + 1.0
    try:
        return EchoPath(lag, solve(own, wanted, assume_a="pos", check_finite=False))
    except LinAlgError:
        return None


def _covariance(sent: Samples, first: int, count: int, taps: int) -> Samples:
    """Return sums over n < count of sent[first + n - i] * sent[first + n - j], for all i, j < taps.

    Each diagonal follows from its first element by what enters and leaves the window (Makhoul 1975, covariance method).
    """
    before = sent[first - taps : first][::-1]
    last = sent[first + count - taps : first + count][::-1]
    part = sent[first - taps + 1 : first + count]
    row = np.correlate(part, sent[first : first + count], mode="valid")[::-1]
    own = np.empty((taps, taps))
    own[0] = row
    for i in range(taps - 1):
        own[i + 1, 1:] = own[i, :-1] + before[i] * before[:-1] - last[i] * last[:-1]
        own[i + 1, 0] = own[0, i + 1]
    return own


def _emphasised(samples: Samples) -> Samples:
    return samples[1:] - _EMPHASIS * samples[:-1]
