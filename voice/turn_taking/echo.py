"""EchoCanceller: takes the bot's own voice, come back on the line, out of the caller's side."""

from dataclasses import dataclass

import numpy as np

from voice.settings import CallSettings
from voice.sound.audio import FRAME_MS
from voice.sound.g711 import SAMPLE_RATE
from voice.turn_taking.echo_path import EchoPath, Samples, find_path

_WINDOW_MS = 1000
"""Sound of the caller's side that the echo's path is found from."""

_LEAST_MS = 500
"""The bot must have spoken for so long within it; less sound can be explained by chance."""

_EVERY_MS, _KNOWN_MS, _NONE_MS = 100, 1000, 5000
"""How often it is looked for: at first, when it is known (a line's delay may change), and when there was none."""

_EXPLAINED = 4.0
"""An echo is proven where what is left without it has a fourth of the power (6 dB)."""

_WELL_EXPLAINED = 10.0
"""A path that takes out less of what comes (10 dB) may be a bad guess: another one is looked for."""

_TRIES = 5
"""Looked for so often without a proof, there is none; later echoes are still found, but nothing waits for them."""

_LOUDEST_LEFT = 0.1
"""Power of what is left after the echo was taken out, as a part of the echo's, that is no caller yet (-10 dB)."""

_FAINT = 10**-3.6
"""Power of a sound, as a part of the bot's voice before it, that is too faint for a caller (-36 dB)."""

_QUIET_RMS = 12.0
"""Samples of a line on which nothing comes back: A-law's own silence is 8."""


@dataclass(frozen=True)
class Cleaned:
    """One frame of the caller's side."""

    pcm: bytes
    """Without the echo, s16le; the very frame that came where there is no echo."""
    is_echo: bool
    """Nothing but the bot's own voice is in it, as far as can be told."""


@dataclass(frozen=True)
class EchoFound:
    """What is known of a line's echo."""

    delay_ms: int
    loss_db: float
    """How much fainter than the bot's voice it comes back."""
    removed_db: float
    """How much of it could be taken out, in the sound that it was found from."""


class EchoCanceller:
    """Both sides of one line, frame by frame: ``clean`` what came, then ``played`` what goes out."""

    def __init__(self, sample_rate: int, settings: CallSettings) -> None:
        self._rate = sample_rate
        self._frame = sample_rate * FRAME_MS // 1000
        self._most_delay = sample_rate * settings.echo_delay_ms // 1000
        # Browsers take their echo out themselves, and a filter for 16 kHz costs eight times as much.
        self._on = settings.echo_delay_ms > 0 and sample_rate == SAMPLE_RATE
        self._loudest_echo = 10 ** (-settings.echo_loss_db / 10)
        self._heard = np.zeros(sample_rate * _WINDOW_MS // 1000)
        self._played = np.zeros(len(self._heard) + self._most_delay + sample_rate // 20)
        self._powers = np.zeros(len(self._played) // self._frame)  # of what was played, a frame each
        self._silent_frames = len(self._powers)
        """Since anything was played."""
        self._heard_is_old = False
        self._echo_power = 0.0
        self._left = _LOUDEST_LEFT
        self._path: EchoPath | None = None
        self._tries = 0
        self._next_look_ms = 0.0
        self.found: EchoFound | None = None
        """The line's echo, once it is proven."""

    def clean(self, pcm: bytes) -> Cleaned:
        """Take the caller's next frame."""
        if not self._on:
            return Cleaned(pcm, is_echo=False)
        if self._silent_frames >= len(self._powers):
            # Most of a call the bot says nothing, and a hundred lines have better things to do than to remember it.
            self._heard_is_old = True
            return Cleaned(pcm, is_echo=False)
        if self._heard_is_old:
            self._heard[:], self._heard_is_old = 0.0, False
        came = np.frombuffer(pcm, dtype="<i2").astype(np.float64)
        _push(self._heard, came)
        loudest = float(self._powers[-self._most_delay // self._frame - 2 :].max())
        if loudest == 0.0:
            return Cleaned(pcm, is_echo=False)
        self._look_for_the_path()
        power = _power(came)
        if self._path is None:
            may_be = self._loudest_echo if self._tries < _TRIES else _FAINT
            return Cleaned(pcm, is_echo=power < may_be * loudest)
        echo = self._path.echo(self._played, len(came))
        self._echo_power = max(_power(echo), self._echo_power * 0.5)  # a room or a codec smears it
        left = came - echo
        own = _power(left) < max(self._left * self._echo_power, _FAINT * loudest)
        if self._echo_power < _QUIET_RMS**2:
            return Cleaned(pcm, is_echo=own)
        return Cleaned(np.clip(left.round(), -32768, 32767).astype("<i2").tobytes(), is_echo=own)

    def played(self, pcm: bytes | None) -> None:
        """The frame that goes out after the one just cleaned; None: silence."""
        self._silent_frames = self._silent_frames + 1 if pcm is None else 0
        if not self._on or self._silent_frames > len(self._powers):
            return
        sound = np.zeros(self._frame) if pcm is None else np.frombuffer(pcm, dtype="<i2").astype(np.float64)
        _push(self._played, sound)
        _push(self._powers, np.array([_power(sound)]))

    def _look_for_the_path(self) -> None:
        self._next_look_ms -= FRAME_MS
        if self._next_look_ms > 0 or _power(self._heard) < _QUIET_RMS**2:
            return
        if self._spoken_ms(delay=0) < _LEAST_MS:
            return
        if self._path is not None:
            self._next_look_ms = _KNOWN_MS
            if self._left_by(self._path) * _WELL_EXPLAINED <= _power(self._heard):
                return
        else:
            self._next_look_ms = _NONE_MS if self._tries >= _TRIES else _EVERY_MS
        self._judge(find_path(self._played, self._heard, self._rate))

    def _spoken_ms(self, delay: int) -> int:
        """Sound of the bot's whose echo, so many samples later, lies within the window."""
        frames = len(self._powers) - delay // self._frame
        return FRAME_MS * int(np.count_nonzero(self._powers[frames - _WINDOW_MS // FRAME_MS : frames]))

    def _left_by(self, path: EchoPath) -> float:
        return _power(self._heard - path.echo(self._played, len(self._heard)))

    def _judge(self, path: EchoPath | None) -> None:
        if path is None or self._spoken_ms(path.delay) < _LEAST_MS:
            return  # of what is heard too little is echo yet: a filter of so many taps would fit anything
        power = _power(self._heard)
        echo = path.echo(self._played, len(self._heard))
        left = self._left_by(path)
        spoke = _power(self._played[-len(self._heard) - path.delay : len(self._played) - path.delay])
        too_loud = _power(echo) > self._loudest_echo * spoke
        if left * _EXPLAINED > power or too_loud:
            self._tries += 1
            return
        if self._path is not None and self._left_by(self._path) <= left * 2:
            return  # what is known explains it as well
        self._path = path
        self._left = min(1.0, max(_LOUDEST_LEFT, 4 * left / _power(echo)))
        self.found = EchoFound(
            delay_ms=round(path.delay * 1000 / self._rate),
            loss_db=round(10 * np.log10(spoke / _power(echo)), 1),
            removed_db=round(10 * np.log10(power / max(left, 1e-9)), 1),
        )


def _push(history: Samples, newest: Samples) -> None:
    history[: -len(newest)] = history[len(newest) :]
    history[-len(newest) :] = newest


def _power(samples: Samples) -> float:
    return float(np.dot(samples, samples)) / len(samples)
