"""Vad: is somebody speaking in this frame? Silero's network on onnxruntime at the line's own rate."""

import audioop
import math
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from voice.sound.audio import BYTES_PER_SAMPLE, AudioFrame
from voice.turn_taking.vad_settings import VadSettings
from voice.turn_taking.voicing import is_voiced

_WINDOWS = {8000: (256, 32), 16000: (512, 64)}
"""Samples of one window and of the context before it that the network wants, by Hertz (Silero v5 and v6)."""

Samples = NDArray[np.float32]


_FORGETS_AFTER_MS = 1000
"""Silence after which the network's memory goes back to what it was after half a second of it: over long silence it
drifts until it no longer notices a lone short word (measured: 好 after 6 s fell from probability 0.8 to 0.04)."""

_QUIETEST_PEAK = 64
"""Samples that never exceed this (-54 dBFS) are an open line, not a voice (hearing/utterance.py): once its memory is
rested the network is not asked about them. It takes most of what a silent call costs."""

_PITCH_SEEN_IN_MS = 40
"""The last milliseconds that a pitch is looked for in: two periods of a low voice."""

_PITCH_LASTS_MS = 60
"""Loud sound that belongs to a pitch before it."""

_RESTED_AFTER_MS = 500
"""Silence at the line's start after which that memory is kept."""


class VadUnavailable(Exception):
    """The network's file is missing or cannot be loaded (code ``vad_unavailable``)."""

    code = "vad_unavailable"


class VadModel:
    """The loaded network, shared by all lines; onnxruntime's ``run`` may be called from several threads."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def probability(self, window: Samples, state: Samples, sample_rate: int) -> tuple[float, Samples]:
        """Return (probability of speech, next state) of one window (1 x context+samples, float32 in -1..1).

        74 us a window: cheap enough for the event loop.
        """
        inputs = {"input": window, "state": state, "sr": np.array(sample_rate, dtype=np.int64)}
        output, next_state = self._session.run(None, inputs)
        return float(output[0][0]), next_state


class Vad:
    """Voice activity on one line. Stateful: feed it every frame in order."""

    def __init__(self, model: VadModel, sample_rate: int, settings: VadSettings = VadSettings()) -> None:
        if sample_rate not in _WINDOWS:
            raise ValueError(f"voice activity is detected at 8000 or 16000 Hz, not at {sample_rate} Hz")
        self._model = model
        self._sample_rate = sample_rate
        self._settings = settings
        self._window, self._context_size = _WINDOWS[sample_rate]
        self._looked_at = sample_rate * _PITCH_SEEN_IN_MS // 1000
        self.reset()

    def reset(self) -> None:
        """Forget everything heard, as at the start of a line."""
        self._state = np.zeros((2, 1, 128), dtype=np.float32)
        self._context = np.zeros(self._context_size, dtype=np.float32)
        self._waiting = np.zeros(0, dtype=np.float32)
        self._lately = np.zeros(0, dtype=np.float32)
        self._speaking = False
        self._silent_ms = 0.0
        self._since_pitch_ms = math.inf
        self._rested = self._state
        self._has_rested = False
        self._asleep = False
        self._floor_rms = 0.0
        self.probability = 0.0
        """Of the last whole window, 0..1."""

    def is_speech(self, frame: AudioFrame, attentive: bool = False) -> bool:
        """Return whether somebody speaks; a frame that fills no window keeps the answer of the last one.

        ``attentive`` is for when the bot is silent and waits for a word: more is taken for speech then, since
        the recogniser rejects what is none, while a word that is not noticed is lost.
        """
        if frame.sample_rate != self._sample_rate:
            raise ValueError(f"this line runs at {self._sample_rate} Hz, the frame at {frame.sample_rate} Hz")
        if self._asleep and audioop.max(frame.pcm, BYTES_PER_SAMPLE) <= _QUIETEST_PEAK:
            self._floor_rms = min(
                float(audioop.rms(frame.pcm, BYTES_PER_SAMPLE)), self._floor_rms * 1.02 + 1.0
            )
            return False
        self._asleep = False
        self._since_pitch_ms += frame.duration_ms
        samples = np.frombuffer(frame.pcm, dtype="<i2").astype(np.float32) / 32768.0
        self._waiting = np.concatenate([self._waiting, samples])
        while len(self._waiting) >= self._window:
            self._take(self._waiting[: self._window])
            self._waiting = self._waiting[self._window :]
        self._lately = np.concatenate([self._lately, samples])[-self._looked_at :]
        stands_out = self._stands_out(samples)
        return self._speaking or (attentive and stands_out and self._may_be_a_word())

    def _may_be_a_word(self) -> bool:
        """Whether the network does not rule speech out, or the sound has a pitch: it is deaf to many a lone 不 and 嗯.

        A pitch counts a little longer than it is there: at the end of a word it falls and breaks.
        """
        if is_voiced(self._lately, self._sample_rate):
            self._since_pitch_ms = 0.0
        likely = self.probability >= self._settings.attentive_probability
        return likely or self._since_pitch_ms <= _PITCH_LASTS_MS

    def _stands_out(self, samples: Samples) -> bool:
        """Whether a frame is far louder than the line by itself."""
        rms = float(np.sqrt(np.mean(np.square(samples)))) * 32768.0 if len(samples) else 0.0
        settings = self._settings
        # The floor falls at once and rises slowly: a word must not raise the bar for itself.
        self._floor_rms = min(rms, self._floor_rms * 1.02 + 1.0)
        return rms > max(settings.attentive_rms, self._floor_rms * 10 ** (settings.attentive_db / 20))

    def _take(self, window: Samples) -> None:
        with_context = np.concatenate([self._context, window])
        self.probability, self._state = self._model.probability(
            with_context[np.newaxis, :], self._state, self._sample_rate
        )
        self._context = window[-self._context_size :]
        least = self._settings.stop_probability if self._speaking else self._settings.start_probability
        self._speaking = self.probability >= least
        self._forget_long_silence(window)

    def _forget_long_silence(self, window: Samples) -> None:
        window_ms = 1000 * len(window) / self._sample_rate
        self._silent_ms = 0.0 if self._speaking else self._silent_ms + window_ms
        if not self._has_rested and self._silent_ms >= _RESTED_AFTER_MS:
            self._rested, self._has_rested = self._state, True
        quiet = float(np.sqrt(np.mean(np.square(window)))) * 32768.0 < self._settings.attentive_rms
        if quiet and self._silent_ms >= _FORGETS_AFTER_MS:  # never at the onset of the very word it is for
            self._silent_ms = 0.0
            self._state = self._rested
            self._asleep, self.probability, self._since_pitch_ms = True, 0.0, math.inf


def load_vad(path: Path | None = None) -> VadModel:
    """Load the network from ``path``, or from the silero-vad package. Raises VadUnavailable."""
    path = path or packaged_vad()
    if not path.is_file():
        raise VadUnavailable(f"The voice activity network is missing: there is no file {path.name}.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exception types are not exported
        raise VadUnavailable(f"The voice activity network {path.name} cannot be loaded: {error}") from error
    return VadModel(session)


def packaged_vad() -> Path:
    """Return the file in the silero-vad package, which is not imported: its import needs torch."""
    spec = find_spec("silero_vad")
    if spec is None or not spec.submodule_search_locations:
        raise VadUnavailable("The package silero-vad is not installed; make run installs it.")
    return Path(next(iter(spec.submodule_search_locations))) / "data" / "silero_vad.onnx"
