"""Components: a trained network as affine layers, rectifiers and sums of Kaldi's nnet3, with all norms folded in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from speech_model.network import BYPASS, SUBSAMPLING, AcousticModel, Factorised

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Affine:
    """``linear`` is outputs x inputs; its inputs are the descriptor's, one offset after the other."""

    name: str
    descriptor: str
    linear: Floats
    bias: Floats


@dataclass(frozen=True)
class Plain:
    """A component without weights: ``kind`` is Kaldi's name for it."""

    kind: str
    name: str
    descriptor: str
    size: int


Component = Affine | Plain


def components(model: AcousticModel) -> Iterator[Component]:
    """Yield the network, input first. Norms use their running statistics, as in evaluation."""
    shape = model.shape
    scale, shift = 1 / _array(model.deviation), -_array(model.mean) / _array(model.deviation)
    first = _normed(_read(model.first, scale, shift), model.first_norm)
    yield from _rectified("first", _appended("input", (-2, -1, 0, 1, 2)), first)
    second = _normed(_read(model.second), model.second_norm)
    yield from _rectified("second", _appended("first.relu", (-SUBSAMPLING, 0, SUBSAMPLING)), second)
    before = "second.relu"
    for number, layer in enumerate(model.layers):
        assert isinstance(layer, Factorised)
        yield from _factorised(f"layer{number}", before, layer)
        total = f"Sum(layer{number}.relu, Scale({BYPASS}, {before}))"
        before = f"layer{number}.sum"
        yield Plain("NoOpComponent", before, total, shape.hidden)
    yield Affine("last.affine", before, *_normed(_read(model.last), model.last_norm))
    yield Affine("output.affine", "last.affine", *_read(model.output))
    yield Plain("LogSoftmaxComponent", "output.log", "output.affine", shape.outputs)


def _rectified(name: str, descriptor: str, read: tuple[Floats, Floats]) -> Iterator[Component]:
    linear, bias = read
    yield Affine(f"{name}.affine", descriptor, linear, bias)
    yield Plain("RectifiedLinearComponent", f"{name}.relu", f"{name}.affine", len(bias))


def _factorised(name: str, source: str, layer: Factorised) -> Iterator[Component]:
    back, ahead = layer.layer.back, layer.layer.ahead
    yield Affine(f"{name}.down", _appended(source, (-back, 0) if back else (0,)), *_read(layer.down))
    descriptor = _appended(f"{name}.down", (0, ahead) if ahead else (0,))
    yield from _rectified(name, descriptor, _normed(_read(layer.up), layer.norm))


def _read(
    convolution: nn.Conv1d, scale: Floats | None = None, shift: Floats | None = None
) -> tuple[Floats, Floats]:
    """Return the matrix and bias of a convolution, which reads scale * input + shift where they are given."""
    weight = _array(convolution.weight)
    bias = np.zeros(len(weight), np.float32) if convolution.bias is None else _array(convolution.bias)
    if shift is not None:
        bias = bias + np.einsum("oik,i->o", weight, shift)
    if scale is not None:
        weight = weight * scale[None, :, None]
    return weight.transpose(0, 2, 1).reshape(len(weight), -1), bias


def _normed(read: tuple[Floats, Floats], norm: nn.BatchNorm1d) -> tuple[Floats, Floats]:
    """Fold the norm behind an affine into it."""
    assert norm.running_var is not None and norm.running_mean is not None
    linear, bias = read
    scale = 1 / np.sqrt(_array(norm.running_var) + norm.eps)
    return linear * scale[:, None], (bias - _array(norm.running_mean)) * scale


def _appended(source: str, offsets: Sequence[int]) -> str:
    parts = [source if offset == 0 else f"Offset({source}, {offset})" for offset in offsets]
    return parts[0] if len(parts) == 1 else f"Append({', '.join(parts)})"


def _array(tensor: "Tensor | Any") -> Floats:
    array: Floats = tensor.detach().cpu().float().numpy()
    return array
