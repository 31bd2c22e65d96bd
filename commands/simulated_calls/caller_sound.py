"""CallerSound: the sound of every turn of a scenario, spoken before the call begins."""

from pathlib import Path

import numpy as np

from commands.caller_voices import caller_says
from commands.simulated_calls.noises import Samples, burst, noise
from commands.simulated_calls.scenario import Action, Scenario
from voice.line.telephone_line import telephone_quality
from voice.sound.audio import BYTES_PER_SAMPLE, FRAME_MS, silence
from voice.sound.g711 import SAMPLE_RATE
from voice.sound.wav import read_wav
from voice.speech.stretching import slowed

FRAME_BYTES = SAMPLE_RATE * FRAME_MS // 1000 * BYTES_PER_SAMPLE
_SPEECH_RMS = 1500.0
"""Level of noise is counted from here when a scenario's caller says nothing."""


class CallerSound:
    """8 kHz s16le. Speaking takes half a second a second the first time; later the clips lie in var/test-voices."""

    def __init__(self, scenario: Scenario, recordings: Path) -> None:
        """``scenario`` is filled: no ``{张伟.id}`` is left in it. ``recordings``: where ``play`` finds its files."""
        self._scenario = scenario
        self._recordings = recordings
        self.turns = [self._turn(turn.action) for turn in scenario.turns]
        spoken = b"".join(
            pcm for pcm, turn in zip(self.turns, scenario.turns, strict=True) if turn.action.say
        )
        self.speech_rms = _active_rms(spoken) or _SPEECH_RMS
        self.turns = [
            self._burst(turn.action, number) if turn.action.burst_ms else pcm
            for number, (pcm, turn) in enumerate(zip(self.turns, scenario.turns, strict=True))
        ]

    def background(self) -> Samples:
        """Noise to be looped behind the whole call; empty where it is quiet."""
        wanted = self._scenario.noise
        if wanted is None:
            return np.zeros(0)
        rms = self.speech_rms / 10 ** (wanted.snr_db / 20)
        return noise(wanted.kind, rms, seed=sum(self._scenario.name.encode()))

    def _turn(self, action: Action) -> bytes:
        if action.play:
            pcm, rate = read_wav(self._recordings / action.play)
            return telephone_quality(pcm, rate)
        pieces = [self._said(piece, action) for piece in action.say]
        return silence(action.pause_ms, SAMPLE_RATE).join(pieces)

    def _said(self, text: str, action: Action) -> bytes:
        pcm = caller_says(text, action.voice or self._scenario.voice)
        speed = action.speed or self._scenario.speed
        return pcm if speed == 1.0 else slowed(pcm, SAMPLE_RATE, speed)

    def _burst(self, action: Action, number: int) -> bytes:
        samples = burst(action.burst_ms, self.speech_rms, seed=number)
        return np.clip(samples, -32768, 32767).astype("<i2").tobytes()


def _active_rms(pcm: bytes) -> float:
    """Root mean square of the frames that hold speech: pauses are not part of its level (ITU-T P.56 in spirit)."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float64)
    size = FRAME_BYTES // BYTES_PER_SAMPLE
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    power = np.mean(frames**2, axis=1)
    active = power[power > power.max(initial=0.0) / 1000]
    return float(np.sqrt(np.mean(active))) if len(active) else 0.0
