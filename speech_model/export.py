"""Export: a trained network as the acoustic model and settings of a Vosk model folder (Kaldi nnet3, binary)."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from speech_model.components import Affine, Component, components
from speech_model.features import COEFFICIENTS, MFCC_CONF
from speech_model.kaldi_binary import KaldiWriter
from speech_model.network import SUBSAMPLING, AcousticModel
from voice.hearing.sound_units import UNITS

MODEL_CONF = f"""--min-active=200
--max-active=4000
--beam=15.0
--lattice-beam=6.0
--acoustic-scale=1.0
--frame-subsampling-factor={SUBSAMPLING}
--frames-per-chunk=3
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=0.8
--endpoint.rule4.min-trailing-silence=1.0
"""

_RAREST = 0.02
"""Share of an even prior below which no unit's prior goes: what was hardly heard is no bargain."""


PRIOR_POWER = 0.6
"""Scores are divided by priors to this power: trained with smoothed labels, the network never calls a rare unit
impossible, and whole priors would put rare units into every silence."""


def export(
    model: AcousticModel, priors: NDArray[np.float64], folder: Path, prior_power: float = PRIOR_POWER
) -> None:
    """Write am/final.mdl, conf/ and graph/phones.txt into a folder.

    ``prior_power`` is 1 for priors that come from an exported model: those are raised to their power already.
    """
    for name in ("am", "conf", "graph"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "conf" / "mfcc.conf").write_text(MFCC_CONF, encoding="utf-8")
    (folder / "conf" / "model.conf").write_text(MODEL_CONF, encoding="utf-8")
    rows = ["<eps> 0", *(f"{unit} {number}" for number, unit in enumerate(UNITS, start=1))]
    (folder / "graph" / "phones.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    weighed = floored(priors) ** prior_power
    with (folder / "am" / "final.mdl").open("wb") as file:
        writer = KaldiWriter(file)
        write_transition_model(writer, len(UNITS))
        write_network(writer, list(components(model)), model.shape.left, model.shape.right)
        writer.token("<Priors>")
        writer.vector(weighed / weighed.sum())


def floored(priors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the priors, none below the rarest that counts."""
    return np.maximum(priors, _RAREST / len(priors))


def write_transition_model(writer: KaldiWriter, units: int) -> None:
    """One emitting state a unit with a loop and an exit; pdf n belongs to phone n + 1 (hmm/transition-model.cc)."""
    half = float(np.log(0.5))
    writer.token("<TransitionModel>", "<Topology>")
    writer.integers(range(1, units + 1))
    writer.integers([-1, *[0] * units])
    writer.integer(1)
    writer.integer(2)
    writer.integer(0)
    writer.integer(2)
    for state in (0, 1):
        writer.integer(state)
        writer.real(0.5)
    writer.integer(-1)
    writer.integer(0)
    writer.token("</Topology>", "<Triples>")
    writer.integer(units)
    for unit in range(units):
        for value in (unit + 1, 0, unit):
            writer.integer(value)
    writer.token("</Triples>", "<LogProbs>")
    writer.vector([0.0, *[half] * (2 * units)])
    writer.token("</LogProbs>", "</TransitionModel>")


def write_network(writer: KaldiWriter, parts: list[Component], left: int, right: int) -> None:
    """The layout as text, then the components, then the context (nnet3/nnet-nnet.cc, am-nnet-simple.cc)."""
    writer.token("<Nnet3>")
    writer.line("")
    writer.line(f"input-node name=input dim={COEFFICIENTS}")
    for part in parts:
        writer.line(f"component-node name={part.name} component={part.name} input={part.descriptor}")
    writer.line(f"output-node name=output input={parts[-1].name} objective=linear")
    writer.line("")
    writer.token("<NumComponents>")
    writer.integer(len(parts))
    for part in parts:
        writer.token("<ComponentName>", part.name)
        _write_component(writer, part)
    writer.token("</Nnet3>", "<LeftContext>")
    writer.integer(left)
    writer.token("<RightContext>")
    writer.integer(right)


def _write_component(writer: KaldiWriter, part: Component) -> None:
    if isinstance(part, Affine):
        writer.token("<FixedAffineComponent>", "<LinearParams>")
        writer.matrix(part.linear)
        writer.token("<BiasParams>")
        writer.vector(part.bias)
        writer.token("</FixedAffineComponent>")
        return
    writer.token(f"<{part.kind}>", "<Dim>")
    writer.integer(part.size)
    if part.kind == "NoOpComponent":
        writer.token("<BackpropScale>")
        writer.real(1.0)
    else:
        for statistics in ("<ValueAvg>", "<DerivAvg>"):
            writer.token(statistics)
            writer.vector([])
        writer.token("<Count>")
        writer.double(0.0)
    writer.token(f"</{part.kind}>")
