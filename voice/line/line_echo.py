"""LineEcho: a simulated telephone line that gives the bot its own voice back, as a badly matched one does."""

import numpy as np
from scipy.signal import lfilter

from voice.line.telephone_line import band_pass
from voice.sound.audio import FRAME_MS
from voice.sound.g711 import decode_alaw, encode_alaw


class LineEcho:
    """Both sides frame by frame: ``mix`` the caller's with what came back, then tell what was ``played``."""

    def __init__(self, loss_db: float, delay_ms: int) -> None:
        """At 8000 Hz. The band filter and the line's one frame of ours come on top of ``delay_ms``."""
        self._gain = 10 ** (-loss_db / 20)
        self._taps = band_pass()
        self._state = np.zeros(len(self._taps) - 1)
        frame = 8 * FRAME_MS
        self._waiting = np.zeros(8 * delay_ms)
        self._played = np.zeros(frame)
        self._silence = np.zeros(frame)

    def played(self, pcm: bytes) -> None:
        """The bot's 20 ms that go out now (s16le)."""
        self._played = np.frombuffer(pcm, dtype="<i2").astype(np.float64)

    def mix(self, pcm: bytes) -> bytes:
        """Return the caller's next 20 ms (s16le) as the bot's end of the line hears them."""
        self._waiting = np.concatenate([self._waiting, self._played])
        self._played = self._silence
        echo, self._waiting = self._waiting[: len(pcm) // 2], self._waiting[len(pcm) // 2 :]
        passed, self._state = lfilter(self._taps, 1.0, echo * self._gain, zi=self._state)
        both = np.frombuffer(pcm, dtype="<i2") + passed
        return decode_alaw(encode_alaw(np.clip(both.round(), -32768, 32767).astype("<i2").tobytes()))
