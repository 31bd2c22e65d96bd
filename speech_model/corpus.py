"""Corpus: all labelled speech on the training device, and batches of it as the network reads them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from speech_model.augmentation import Augmentation, stretched
from speech_model.features import cepstra, frame_count, log_mel, upsampled
from speech_model.network import SUBSAMPLING, Shape
from speech_model.utterances import FRAME, SAMPLE_RATE, Utterance

IGNORED = -100
"""Label of frames that do not count."""

_LEAD_S = (0.04, 0.7)
_TAIL_S = 0.45
_MOST_S = 9.0
_ROW_NOISE_S = 0.5


@dataclass(frozen=True)
class Batch:
    """``features`` batch x (left + frames + right) x 40, ``labels`` batch x outputs."""

    features: Tensor
    labels: Tensor


class Corpus:
    """Utterances on one device."""

    def __init__(self, utterances: Sequence[Utterance], device: torch.device) -> None:
        self._device = device
        self.seconds = np.array([len(one.samples) / SAMPLE_RATE for one in utterances])
        self._samples = _joined([one.samples for one in utterances], torch.int16, device)
        self._labels = _joined([one.labels for one in utterances], torch.uint8, device)
        self._sample_starts = _starts([len(one.samples) for one in utterances], device)
        self._label_starts = _starts([len(one.labels) for one in utterances], device)

    def __len__(self) -> int:
        return len(self.seconds)

    def clean(self, rows: Sequence[int], shape: Shape) -> Batch:
        """Return a batch as it was recorded."""
        samples = self._rows(rows)
        ones = torch.ones((len(rows), 1), device=self._device)
        return self._batch(samples, rows, ones, torch.zeros_like(ones), shape)

    def augmented(
        self, rows: Sequence[int], shape: Shape, augmentation: Augmentation, masked: bool = True
    ) -> Batch:
        """Return a batch as other callers on other lines."""
        samples = self._rows(rows)
        factors = augmentation.tempo(len(rows))
        leads = augmentation.leads(len(rows), *_LEAD_S)
        size = int(
            min(_MOST_S, float((samples.shape[1] / SAMPLE_RATE / factors).max()) + _LEAD_S[1] + _TAIL_S)
            * SAMPLE_RATE
        )
        speaking = samples.square().sum(1, keepdim=True) / (samples != 0).sum(1, keepdim=True).clamp_min(1)
        heard = augmentation(stretched(samples, factors, leads, size), speaking.sqrt())
        return self._batch(heard, rows, factors, leads, shape, augmentation if masked else None)

    def _rows(self, rows: Sequence[int]) -> Tensor:
        """Samples of these utterances, -1..1, silence behind."""
        at = torch.as_tensor(rows, device=self._device)
        starts, ends = self._sample_starts[at, None], self._sample_starts[at + 1, None]
        size = int((ends - starts).max())
        index = starts + torch.arange(size, device=self._device)
        inside = index < ends
        return self._samples[index.clamp_max(len(self._samples) - 1)].float() / 32768 * inside

    def _batch(
        self,
        samples: Tensor,
        rows: Sequence[int],
        factors: Tensor,
        leads: Tensor,
        shape: Shape,
        masks: Augmentation | None = None,
    ) -> Batch:
        mel = log_mel(upsampled(samples))
        features = cepstra(masks.masked(mel) if masks else mel)
        outputs = frame_count(2 * samples.shape[1]) // SUBSAMPLING
        first = features[:, :1].expand(-1, shape.left, -1)
        last = features[:, -1:].expand(-1, shape.right + SUBSAMPLING, -1)
        padded = torch.cat([first, features, last], 1)[
            :, : shape.left + SUBSAMPLING * (outputs - 1) + 1 + shape.right
        ]
        return Batch(padded, self._frame_labels(rows, factors, leads, outputs))

    def _frame_labels(self, rows: Sequence[int], factors: Tensor, leads: Tensor, outputs: int) -> Tensor:
        """The unit in the middle of each output's window; silence around the speech, and nothing long after it."""
        at = torch.as_tensor(rows, device=self._device)
        middle = (torch.arange(outputs, device=self._device)[None] * SUBSAMPLING + 1.25) * FRAME
        source = ((middle - leads) * factors / FRAME).floor().long()
        starts, ends = self._label_starts[at, None], self._label_starts[at + 1, None]
        count = ends - starts
        index = (starts + source.clamp_min(0)).clamp_max(len(self._labels) - 1)
        labels = self._labels[index].long() * ((source >= 0) & (source < count))
        return labels.masked_fill(source > count + int(_TAIL_S * 100), IGNORED)


def batches(seconds: NDArray[np.float64], size: int, random: np.random.Generator) -> Iterator[list[int]]:
    """Yield all utterances once, those of about one length together, in random order."""
    order = np.argsort(seconds + random.normal(0, _ROW_NOISE_S, len(seconds)))
    starts = random.permutation(np.arange(0, len(order), size))
    for start in starts:
        yield [int(row) for row in order[start : start + size]]


def _joined(arrays: Sequence[NDArray[np.generic]], kind: torch.dtype, device: torch.device) -> Tensor:
    return torch.from_numpy(np.concatenate(arrays)).to(kind).to(device)


def _starts(sizes: Sequence[int], device: torch.device) -> Tensor:
    return torch.from_numpy(np.concatenate([[0], np.cumsum(sizes)])).to(device)
