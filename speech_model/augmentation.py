"""Augmentation: one recording as many callers on many lines. Whole batches at 8 kHz in PyTorch, new at each sight."""

import math

import torch
from torch import Tensor

from speech_model.utterances import SAMPLE_RATE

_A = 87.6
"""ITU-T G.711, A-law."""

_PACKET = SAMPLE_RATE // 50
_EQUALISER_BANDS = 8


class Augmentation:
    """Draws from a generator of its own. Shapes: batch x samples, -1..1."""

    def __init__(self, device: torch.device, seed: int) -> None:
        self._device = device
        self._random = torch.Generator(device=device)
        self._random.manual_seed(seed)

    def tempo(self, count: int) -> Tensor:
        """Factors by which vocal tract, pitch and tempo change together (0.82 to 1.2)."""
        return torch.exp(self._uniform(count, low=math.log(0.82), high=math.log(1.2)))

    def leads(self, count: int, low_s: float, high_s: float) -> Tensor:
        """Samples of silence before the speech."""
        return (self._uniform(count, low=low_s, high=high_s) * SAMPLE_RATE).floor()

    def masked(self, mel: Tensor) -> Tensor:
        """SpecAugment (Park et al. 2019): up to 7 of 40 bands and up to 12 frames are hidden behind their mean."""
        count, frames, bands = mel.shape
        mean = mel.mean(1, keepdim=True)
        for _ in range(2):
            mel = torch.where(self._stretch_of(count, bands, 7)[:, None, :], mean, mel)
            mel = torch.where(self._stretch_of(count, frames, 12)[:, :, None], mean, mel)
        return mel

    def _stretch_of(self, count: int, size: int, most: int) -> Tensor:
        """For half of the rows a stretch of at most ``most`` places is True."""
        length = self._uniform(count) * (most + 1) * (self._uniform(count) < 0.5)
        start = self._uniform(count) * (size - most)
        at = torch.arange(size, device=self._device)[None]
        return (at >= start.floor()) & (at < start.floor() + length.floor())

    def __call__(self, samples: Tensor, speaking: Tensor) -> Tensor:
        """Return the batch as heard. ``speaking`` is each utterance's RMS before (batch x 1)."""
        samples = self._in_a_room(samples)
        samples = samples + self._noise(samples) * speaking * self._decibels(samples, -38, -6, share=0.7)
        samples = samples + self._others(samples) * self._decibels(samples, -34, -12, share=0.25)
        samples = self._through_a_line(samples)
        peak = samples.abs().amax(1, keepdim=True).clamp_min(1e-5)
        samples = (
            samples / peak * torch.exp(self._uniform(len(samples), low=math.log(0.04), high=math.log(0.98)))
        )
        samples = torch.where(self._uniform(len(samples)) < 0.6, a_law(samples), samples)
        samples = self._losing_packets(samples)
        hiss = self._normal(samples.shape) * self._decibels(samples, -100, -58, share=0.65)
        return (samples + hiss).clamp(-1, 1)

    def _in_a_room(self, samples: Tensor) -> Tensor:
        """Exponentially fading noise as echo, for half of the batch."""
        count, size = samples.shape[0], SAMPLE_RATE // 4
        at = torch.arange(size, device=self._device) / SAMPLE_RATE
        fading = torch.exp(-at / self._uniform(count, low=0.008, high=0.06))
        echo = self._normal((count, size)) * fading * self._uniform(count, low=0.01, high=0.22)
        echo = echo * (self._uniform(count) < 0.5)
        echo[:, 0] = 1.0
        return _convolved(samples, echo)

    def _noise(self, samples: Tensor) -> Tensor:
        """Noise of power 1, from white to brown."""
        spectrum = torch.fft.rfft(self._normal(samples.shape))
        slope = self._uniform(len(samples), low=0.0, high=1.0)
        ramp = torch.arange(1, spectrum.shape[1] + 1, device=self._device)[None] ** -slope
        noise = torch.fft.irfft(spectrum * ramp, n=samples.shape[1])
        return noise / noise.std(1, keepdim=True)

    def _others(self, samples: Tensor) -> Tensor:
        """Three neighbours of the batch talking in the background."""
        shifts = (1, 2, 3)
        return sum(
            (samples.roll(shift, 0).roll(1200 * shift, 1) for shift in shifts), torch.zeros_like(samples)
        )

    def _through_a_line(self, samples: Tensor) -> Tensor:
        """A microphone's uneven response for all, and for two thirds a telephone's pass band."""
        count = len(samples)
        spectrum = torch.fft.rfft(samples)
        bands = (
            self._normal((count, 1, _EQUALISER_BANDS)) * self._uniform(count, low=0.0, high=5.0)[:, :, None]
        )
        gain = torch.nn.functional.interpolate(
            bands, size=spectrum.shape[1], mode="linear", align_corners=True
        )[:, 0]
        hz = torch.linspace(0, SAMPLE_RATE / 2, spectrum.shape[1], device=self._device)[None]
        narrow = self._uniform(count) < 0.66
        low = torch.where(
            narrow, self._uniform(count, low=180, high=340), self._uniform(count, low=20, high=90)
        )
        high = torch.where(narrow, self._uniform(count, low=3300, high=3700), torch.full_like(low, 4100))
        gain = gain - 24 * ((low - hz) / 60).clamp(0, 2) - 24 * ((hz - high) / 80).clamp(0, 2)
        return torch.fft.irfft(spectrum * 10 ** (gain / 20), n=samples.shape[1])

    def _losing_packets(self, samples: Tensor) -> Tensor:
        """In a fifth of the batch 1 to 6 % of the 20 ms packets are silent."""
        count, packets = len(samples), samples.shape[1] // _PACKET + 1
        rate = self._uniform(count, low=0.01, high=0.06) * (self._uniform(count) < 0.2)
        arrived = torch.rand((count, packets), generator=self._random, device=self._device) >= rate
        return samples * arrived.repeat_interleave(_PACKET, 1)[:, : samples.shape[1]]

    def _decibels(self, samples: Tensor, low: float, high: float, share: float) -> Tensor:
        count = len(samples)
        level = 10 ** (self._uniform(count, low=low, high=high) / 20)
        return level * (self._uniform(count) < share)

    def _uniform(self, count: int, low: float = 0.0, high: float = 1.0) -> Tensor:
        return low + (high - low) * torch.rand((count, 1), generator=self._random, device=self._device)

    def _normal(self, shape: "torch.Size | tuple[int, ...]") -> Tensor:
        return torch.randn(shape, generator=self._random, device=self._device)


def stretched(samples: Tensor, factors: Tensor, leads: Tensor, size: int) -> Tensor:
    """Play each row ``factors`` times as fast after ``leads`` samples of silence, four-point interpolated.

    The result has ``size`` samples, silence behind.
    """
    at = (torch.arange(size, device=samples.device)[None] - leads) * factors
    whole = at.floor().long()
    part = at - whole
    padded = torch.nn.functional.pad(samples, (1, 3))
    limit = padded.shape[1] - 4
    inside = (whole >= 0) & (whole <= limit)
    whole = whole.clamp(0, limit)
    a, b, c, d = (padded.gather(1, whole + offset) for offset in range(4))
    slope = 0.5 * (c - a)
    square = a - 2.5 * b + 2 * c - 0.5 * d
    cube = 0.5 * (d - a) + 1.5 * (b - c)
    return (b + part * (slope + part * (square + part * cube))) * inside


def a_law(samples: Tensor) -> Tensor:
    """Round -1..1 as an 8-bit A-law line does (the continuous law, 127 steps a side)."""
    size, scale = samples.abs(), 1 + math.log(_A)
    small = _A * size / scale
    coded = torch.where(size < 1 / _A, small, (1 + (_A * size).clamp_min(1e-9).log()) / scale)
    coded = (coded * 127).round() / 127
    decoded = torch.where(coded < 1 / scale, coded * scale / _A, torch.exp(coded * scale - 1) / _A)
    return samples.sign() * decoded


def _convolved(samples: Tensor, echo: Tensor) -> Tensor:
    size = samples.shape[1] + echo.shape[1]
    return torch.fft.irfft(torch.fft.rfft(samples, n=size) * torch.fft.rfft(echo, n=size), n=size)[
        :, : samples.shape[1]
    ]
