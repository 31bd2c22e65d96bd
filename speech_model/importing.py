"""Importing: a model folder that export.py wrote, as a network again, for alignment and adaptation."""

import re
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from speech_model.kaldi_binary import NotOurModel
from speech_model.network import AcousticModel, Factorised, Layer, Shape
from voice.hearing.sound_units import UNITS

Floats = NDArray[np.float32]


def import_model(folder: Path) -> AcousticModel:
    """Return the network of a model folder. Its norms are folded in: the network's own do nothing.

    Raises NotOurModel.
    """
    content = (folder / "am" / "final.mdl").read_bytes()
    affines = list(_affines(content))
    model = AcousticModel(Shape(outputs=len(UNITS), layers=_layers(content)))
    convolutions = [model.first, model.second]
    for layer in model.layers:
        assert isinstance(layer, Factorised)
        convolutions += [layer.down, layer.up]
    convolutions += [model.last, model.output]
    if len(affines) != len(convolutions):
        raise NotOurModel(
            f"{folder.name} was not made by `make vosk-model`: only such a model can be adapted."
        )
    for convolution, (linear, bias) in zip(convolutions, affines, strict=True):
        _put(convolution, linear, bias, folder.name)
    # what was folded into a bias that the network does not have goes into the norm behind it
    _put_shift(model.last_norm, affines[-2][1])
    return model.eval()


def import_priors(folder: Path) -> NDArray[np.float64]:
    """Return the priors that a model folder divides by."""
    content = (folder / "am" / "final.mdl").read_bytes()
    at = content.rindex(b"<Priors> FV \x04") + len(b"<Priors> FV \x04")
    (count,) = struct.unpack_from("<i", content, at)
    return np.frombuffer(content, "<f4", count, at + 4).astype(np.float64)


def _layers(content: bytes) -> tuple[Layer, ...]:
    """How far each layer looks, from the layout in words at the beginning of the network."""
    backs = re.findall(rb"component=layer\d+\.down input=(?:Append\(Offset\([^,]*, -(\d+)\))?", content)
    aheads = re.findall(
        rb"component=layer\d+\.affine input=(?:Append\([^,]*, Offset\([^,]*, (\d+)\))?", content
    )
    return tuple(Layer(int(back or 0), int(ahead or 0)) for back, ahead in zip(backs, aheads, strict=True))


def _affines(content: bytes) -> Iterator[tuple[Floats, Floats]]:
    for match in re.finditer(rb"<LinearParams> FM \x04", content):
        rows, _, columns = struct.unpack_from("<ibi", content, match.end())
        at = match.end() + 9
        linear = np.frombuffer(content, "<f4", rows * columns, at).reshape(rows, columns)
        at += linear.nbytes + len(b"<BiasParams> FV \x04") + 4
        yield linear, np.frombuffer(content, "<f4", rows, at)


def _put(convolution: nn.Conv1d, linear: Floats, bias: Floats, name: str) -> None:
    outputs, inputs, width = convolution.weight.shape
    if linear.shape != (outputs, inputs * width):
        raise NotOurModel(f"{name} has layers of other sizes than this version trains.")
    weight = linear.reshape(outputs, width, inputs).transpose(0, 2, 1)
    with torch.no_grad():
        convolution.weight.copy_(torch.from_numpy(weight.copy()))
        if convolution.bias is not None:
            convolution.bias.copy_(torch.from_numpy(bias.copy()))


def _put_shift(norm: nn.BatchNorm1d, shift: Floats) -> None:
    assert norm.running_mean is not None
    with torch.no_grad():
        norm.running_mean.copy_(torch.from_numpy(-shift.copy()))
