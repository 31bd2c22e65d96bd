"""Speaking: a script said by mixed voices at 8 kHz, each 10 ms labelled with its unit from Kokoro's own durations."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from scipy.signal import resample_poly

from speech_model.lines import NO_UNIT, Line
from speech_model.utterances import FRAME, SAMPLE_RATE, Utterance
from speech_model.voices import Styles, mixture
from voice.hearing.sound_units import NUMBER, SILENCE

DURATIONS = "/encoder/Clip_output_0"
"""The graph's tensor with the length of each token, padding included, in units of _DURATION_UNIT."""

_KOKORO_RATE = 24_000
_DURATION_UNIT = 600
"""Samples at 24 kHz."""

_KEPT_SILENCE = 12
"""Frames of silence kept at both ends."""

_QUIET = 0.02
"""Part of the loudest frame's RMS below which a frame is silence (as in voice/speech/trimming.py)."""

_ONSET = 10
"""Frames to which a unit is lengthened backwards into a gap at most."""

_SILENT = NUMBER[SILENCE]


def with_durations(graph: Path, changed: Path) -> None:
    """Write Kokoro's graph with the token durations as a second output."""
    import onnx

    model = onnx.load(str(graph))
    if all(output.name != DURATIONS for output in model.graph.output):
        model.graph.output.append(onnx.helper.make_tensor_value_info(DURATIONS, onnx.TensorProto.FLOAT, None))
    onnx.save(model, str(changed))


def load_voice(graph: Path) -> Any:
    """Open the graph for one core; several processes speak side by side."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def speak(session: Any, styles: Styles, line: Line, seed: str) -> Utterance | None:
    """Say a line with the voice and at the speed that ``seed`` draws; None where no sound came out."""
    chance = random.Random(seed)
    feeds = {
        "tokens": np.array([[0, *line.tokens, 0]], dtype=np.int64),
        "style": mixture(styles, len(line.tokens), chance),
        "speed": np.array([chance.triangular(0.75, 1.4, 1.05)], dtype=np.float32),
    }
    sound, durations = session.run(["audio", DURATIONS], feeds)
    ends = np.cumsum(np.round(np.asarray(durations).reshape(-1))) * _DURATION_UNIT / _KOKORO_RATE
    samples = resample_poly(np.asarray(sound, np.float64).reshape(-1), 1, _KOKORO_RATE // SAMPLE_RATE)
    return labelled(line, samples, ends)


def labelled(line: Line, samples: NDArray[np.float64], ends_s: NDArray[np.float64]) -> Utterance | None:
    """Label speech (-1..1 at 8 kHz) with the end in seconds of each token, the padding before and after included."""
    count = len(samples) // FRAME
    rms = np.sqrt(np.mean(samples[: count * FRAME].reshape(count, FRAME) ** 2, axis=1))
    if count == 0 or rms.max() < 1e-3:
        return None
    quiet = rms < _QUIET * rms.max()
    token = np.minimum(np.searchsorted(ends_s, (np.arange(count) + 0.5) / 100, "right"), len(ends_s) - 1)
    labels = _labels([NO_UNIT, *line.units, NO_UNIT], token, quiet)
    sounding = np.flatnonzero(~quiet)
    first = max(0, int(sounding[0]) - _KEPT_SILENCE)
    last = min(count, int(sounding[-1]) + 1 + _KEPT_SILENCE)
    kept = samples[first * FRAME : last * FRAME]
    kept = kept * (0.9 * 32767 / np.abs(kept).max())
    return Utterance(line.text, kept.astype(np.int16), labels[first:last])


def _labels(units: Sequence[int], token: NDArray[np.int64], quiet: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """A gap is silence where it is quiet, else the unit before goes on; a vowel before a gap ends where it fades.

    Sound after silence belongs to the unit that it begins, as far as that is short.
    """
    labels = np.full(len(token), _SILENT, np.uint8)
    before = _SILENT
    for frame, at in enumerate(token):
        unit = units[at]
        if unit != NO_UNIT:
            labels[frame] = before = unit
        elif not quiet[frame]:
            labels[frame] = before
        else:
            before = _SILENT
    for frame in range(len(token) - 2, -1, -1):
        at = int(token[frame])
        onset = not quiet[frame] and units[at] == NO_UNIT and labels[frame] == _SILENT
        if (
            onset
            and labels[frame + 1] != _SILENT
            and not (labels[frame + 1 : frame + 1 + _ONSET] == labels[frame + 1]).all()
        ):
            labels[frame] = labels[frame + 1]
        following = next((unit for unit in units[at + 1 :] if unit != units[at]), NO_UNIT)
        if quiet[frame] and following == NO_UNIT and labels[frame + 1] == _SILENT:
            labels[frame] = _SILENT
    return labels
