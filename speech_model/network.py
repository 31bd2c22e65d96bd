"""Network: a factorised time-delay network (Povey et al. 2018, TDNN-F) that Kaldi's nnet3 can run frame by frame."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from speech_model.features import COEFFICIENTS

SUBSAMPLING = 3
"""One output every 30 ms."""

BYPASS = 0.66
"""Share of a layer's input that is added to its output."""


@dataclass(frozen=True)
class Layer:
    """One factorised layer: reads its input now and ``back`` frames ago, then its bottleneck now and ``ahead`` later.

    Both are in frames of 10 ms and multiples of SUBSAMPLING, or 0 for a plain layer.
    """

    back: int
    ahead: int


@dataclass(frozen=True)
class Shape:
    """Everything that decides the network's size."""

    outputs: int
    first: int = 320
    """Width of the first layer, which runs for every frame; it sees two frames to each side."""
    hidden: int = 640
    bottleneck: int = 128
    layers: tuple[Layer, ...] = (
        *(Layer(3, 3), Layer(3, 3), Layer(3, 3), Layer(3, 3), Layer(6, 0), Layer(6, 0), Layer(6, 0)),
        *(Layer(6, 0), Layer(0, 0)),
    )
    last: int = 160
    """Width before the outputs."""

    @property
    def left(self) -> int:
        """Frames of context before the present one."""
        return 2 + SUBSAMPLING + sum(layer.back for layer in self.layers)

    @property
    def right(self) -> int:
        """Frames of context after it: what the first words have to wait for."""
        return 2 + SUBSAMPLING + sum(layer.ahead for layer in self.layers)


class Factorised(nn.Module):
    """Bottleneck, affine, batch norm, ReLU, and a share of the input past them. Time is in outputs (30 ms)."""

    def __init__(self, hidden: int, bottleneck: int, layer: Layer) -> None:
        super().__init__()
        self.layer = layer
        self.down = nn.Conv1d(
            hidden, bottleneck, 2 if layer.back else 1, dilation=max(layer.back // SUBSAMPLING, 1), bias=False
        )
        self.up = nn.Conv1d(
            bottleneck, hidden, 2 if layer.ahead else 1, dilation=max(layer.ahead // SUBSAMPLING, 1)
        )
        self.norm = nn.BatchNorm1d(hidden, affine=False)

    def forward(self, x: Tensor) -> Tensor:
        """Batch x hidden x time; the result is shorter by the context."""
        y = torch.relu(self.norm(self.up(self.down(x))))
        start = self.layer.back // SUBSAMPLING
        return y + BYPASS * x[:, :, start : start + y.shape[2]]


class AcousticModel(nn.Module):
    """Features to unit scores (before the softmax)."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("mean", torch.zeros(COEFFICIENTS))
        self.register_buffer("deviation", torch.ones(COEFFICIENTS))
        self.first = nn.Conv1d(COEFFICIENTS, shape.first, 5)
        self.first_norm = nn.BatchNorm1d(shape.first, affine=False)
        self.second = nn.Conv1d(shape.first, shape.hidden, 3, stride=SUBSAMPLING, dilation=SUBSAMPLING)
        self.second_norm = nn.BatchNorm1d(shape.hidden, affine=False)
        self.layers = nn.ModuleList(
            Factorised(shape.hidden, shape.bottleneck, layer) for layer in shape.layers
        )
        self.last = nn.Conv1d(shape.hidden, shape.last, 1, bias=False)
        self.last_norm = nn.BatchNorm1d(shape.last, affine=False)
        self.output = nn.Conv1d(shape.last, shape.outputs, 1)
        self.dropout = nn.Dropout(0.1)

    def forward(self, features: Tensor) -> Tensor:
        """Batch x (left + frames + right) x 40 to batch x outputs each 30 ms x units."""
        x = ((features - self.mean) / self.deviation).transpose(1, 2)
        x = torch.relu(self.first_norm(self.first(x)))
        x = torch.relu(self.second_norm(self.second(x)))
        for layer in self.layers:
            x = self.dropout(layer(x))
        return self.output(self.last_norm(self.last(x))).transpose(1, 2)
