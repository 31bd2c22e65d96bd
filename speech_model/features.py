"""Features: 40 cepstral coefficients each 10 ms as Kaldi computes them (feature-mfcc.cc), in PyTorch, for batches."""

import math
from functools import lru_cache

import torch
from torch import Tensor

SAMPLE_RATE = 16_000
COEFFICIENTS = 40
LOW_HZ, HIGH_HZ = 60.0, 3800.0
"""The band that wideband speech and a telephone line share: both look alike to the model."""

SHIFT, WINDOW, FFT = 160, 400, 512
_PRE_EMPHASIS = 0.97
_LIFTER = 22.0
_FLOOR = torch.finfo(torch.float32).eps

MFCC_CONF = f"""--sample-frequency={SAMPLE_RATE}
--use-energy=false
--num-mel-bins={COEFFICIENTS}
--num-ceps={COEFFICIENTS}
--low-freq={LOW_HZ:g}
--high-freq={HIGH_HZ:g}
--allow-upsample=true
--allow-downsample=true
--dither=2
"""
"""What conf/mfcc.conf of the exported model says, so that Vosk computes the same.

Dither (two steps of 16 bits) is for digital silence, which no telephone line has and no training showed."""


def upsampled(samples: Tensor) -> Tensor:
    """8 kHz (batch x samples, -1..1) as 16 kHz, by its spectrum."""
    count = samples.shape[-1]
    spectrum = torch.fft.rfft(samples)
    return torch.fft.irfft(torch.nn.functional.pad(spectrum, (0, count - count // 2)), n=2 * count) * 2


def log_mel(samples: Tensor) -> Tensor:
    """16 kHz (batch x samples, -1..1) as log mel energies, batch x frames x 40; frames begin at whole windows."""
    frames = (samples * 32768.0).unfold(-1, WINDOW, SHIFT)
    frames = frames - frames.mean(-1, keepdim=True)
    before = torch.cat([frames[..., :1], frames[..., :-1]], -1)
    window, mel, _ = _tables(str(samples.device))
    power = torch.fft.rfft((frames - _PRE_EMPHASIS * before) * window, n=FFT).abs().square()
    return (power[..., : FFT // 2] @ mel).clamp_min(_FLOOR).log()


def cepstra(mel_energies: Tensor) -> Tensor:
    """Log mel energies as liftered cepstral coefficients of the same shape."""
    _, _, transform = _tables(str(mel_energies.device))
    return mel_energies @ transform


def frame_count(samples_16k: int) -> int:
    """How many frames so many samples give."""
    return max(0, (samples_16k - WINDOW) // SHIFT + 1)


@lru_cache(maxsize=4)
def _tables(device: str) -> tuple[Tensor, Tensor, Tensor]:
    """Povey's window, the mel triangles (256 x 40), and the cosine transform with the lifter (40 x 40)."""
    n = torch.arange(WINDOW, dtype=torch.float64)
    window = (0.5 - 0.5 * torch.cos(2 * math.pi * n / (WINDOW - 1))) ** 0.85

    def mel(hz: Tensor) -> Tensor:
        return 1127.0 * torch.log1p(hz / 700.0)

    edges = torch.linspace(0, 1, COEFFICIENTS + 2, dtype=torch.float64)
    low, high = (mel(torch.tensor(hz, dtype=torch.float64)) for hz in (LOW_HZ, HIGH_HZ))
    edges = low + edges * (high - low)
    bins = mel(torch.arange(FFT // 2, dtype=torch.float64) * SAMPLE_RATE / FFT)[:, None]
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    triangles = torch.minimum((bins - left) / (centre - left), (right - bins) / (right - centre)).clamp_min(0)
    order = torch.arange(COEFFICIENTS, dtype=torch.float64)
    transform = math.sqrt(2 / COEFFICIENTS) * torch.cos(
        math.pi / COEFFICIENTS * (order[:, None] + 0.5) * order
    )
    transform[:, 0] = math.sqrt(1 / COEFFICIENTS)
    transform *= 1 + 0.5 * _LIFTER * torch.sin(math.pi * order / _LIFTER)
    return tuple(table.float().to(device) for table in (window, triangles, transform))
