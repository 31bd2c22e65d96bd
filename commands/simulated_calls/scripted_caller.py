"""ScriptedCaller: follows a scenario by ear alone, 20 ms at a time, whatever carries the line."""

from dataclasses import dataclass

import numpy as np

from commands.simulated_calls.caller_sound import FRAME_BYTES, CallerSound
from commands.simulated_calls.scenario import Scenario
from voice.line.line_echo import LineEcho
from voice.sound.audio import FRAME_MS

AUDIBLE = 120
"""Largest sample of a frame that counts as the bot's sound: A-law's silence is 8."""

_REPLY_MS = 200
"""Sound of the bot after which it has answered."""

_PATIENCE_MS = 15_000
"""A caller who gets no answer goes on after this long."""

_LAST_PAUSE_MS = 2_500
"""Nobody hangs up on a clerk who only takes breath."""

_TOO_LATE_MS = 3_000
_KEY_EVERY_MS = 240
_ECHO_DELAY_MS = 120
_LONGEST_CALL_MS = 150_000


@dataclass(frozen=True)
class CallerFrame:
    """What the caller sends in these 20 ms."""

    pcm: bytes
    key: str = ""


@dataclass
class Mark:
    """When a turn of the scenario began and ended on the caller's side; milliseconds of the line."""

    turn: int
    start_ms: int
    end_ms: int


class ScriptedCaller:
    """A person on the phone: waits until the bot has spoken and is silent, unless the scenario says otherwise.

    He knows nothing of the bot but its sound, so that he behaves alike in process and over SIP, and he never hangs
    up in the middle of a word: after his last turn he waits for the answer.
    """

    def __init__(self, scenario: Scenario, sound: CallerSound, pause_ms: int) -> None:
        """``pause_ms``: silence of the bot after which it has finished; longer than its pauses between clauses."""
        self._actions = [turn.action for turn in scenario.turns]
        self._clips = list(sound.turns)
        self._background = sound.background()
        self._echo = None if scenario.echo_db is None else LineEcho(-scenario.echo_db, _ECHO_DELAY_MS)
        self._pause_ms = pause_ms
        self.now_ms = 0
        self._next = 0
        self._speaking = b""
        self._keys = ""
        self._key_due_ms = 0
        self._silent_until_ms = 0
        self._since_ms = 0
        self._bot_ms = 0
        self._quiet_ms = 0
        self.heard = bytearray()
        self.said = bytearray()
        """Both sides from the first frame on, in step."""
        self.marks: list[Mark] = []

    @property
    def done(self) -> bool:
        """All turns are over and answered: the caller hangs up."""
        if self.now_ms >= _LONGEST_CALL_MS:
            return True
        over = self._next >= len(self._actions) and not self._busy
        return over and self._polite and self._quiet_ms >= _LAST_PAUSE_MS

    def frame(self, heard: bytes) -> CallerFrame:
        """Hear 20 ms of the bot (s16le, 8 kHz) and give the caller's next 20 ms."""
        self._listen(heard)
        if not self._busy:
            self._begin_next_turn()
        key = self._next_key()
        sound = self._speaking[:FRAME_BYTES].ljust(FRAME_BYTES, b"\0")
        self._speaking = self._speaking[FRAME_BYTES:]
        pcm = self._with_surroundings(sound)
        self.said += pcm
        self.now_ms += FRAME_MS
        if self._busy:
            self.marks[-1].end_ms = self.now_ms
            if not self._waits_in_silence:
                self._since_ms, self._bot_ms = self.now_ms, 0
        return CallerFrame(pcm, key)

    @property
    def _waits_in_silence(self) -> bool:
        return self.now_ms < self._silent_until_ms

    @property
    def _busy(self) -> bool:
        return bool(self._speaking or self._keys) or self._waits_in_silence

    @property
    def _polite(self) -> bool:
        """The bot has answered what came last and is silent, or never will."""
        answered = self._bot_ms >= _REPLY_MS and self._quiet_ms >= self._pause_ms
        return answered or self.now_ms - max(self._since_ms, self.now_ms - self._quiet_ms) >= _PATIENCE_MS

    def _listen(self, heard: bytes) -> None:
        heard = heard.ljust(FRAME_BYTES, b"\0")
        self.heard += heard
        audible = np.abs(np.frombuffer(heard, dtype="<i2").astype(np.int32)).max() > AUDIBLE
        if self._echo is not None:
            self._echo.played(heard)
        self._bot_ms += FRAME_MS if audible else 0
        self._quiet_ms = 0 if audible else self._quiet_ms + FRAME_MS

    def _begin_next_turn(self) -> None:
        if self._next >= len(self._actions):
            return
        action, clip = self._actions[self._next], self._clips[self._next]
        if not (self._polite if action.over_ms is None else self._may_interrupt(action.over_ms)):
            return
        self.marks.append(Mark(self._next, self.now_ms, self.now_ms))
        self._next += 1
        self._speaking = clip
        self._keys = action.press
        self._key_due_ms = self.now_ms
        if action.silence_ms:
            self._silent_until_ms = self.now_ms + action.silence_ms
            self._since_ms, self._bot_ms = self.now_ms, _REPLY_MS

    def _may_interrupt(self, over_ms: int) -> bool:
        """So much of the reply has sounded; or it was over before, and there is nothing to interrupt."""
        return self._bot_ms > over_ms or (self._polite and self._quiet_ms >= _TOO_LATE_MS)

    def _next_key(self) -> str:
        if not self._keys or self.now_ms < self._key_due_ms:
            return ""
        key, self._keys = self._keys[0], self._keys[1:]
        self._key_due_ms = self.now_ms + _KEY_EVERY_MS
        if not self._keys:
            self._since_ms, self._bot_ms = self.now_ms, 0
        return key

    def _with_surroundings(self, sound: bytes) -> bytes:
        """Add the noise behind the caller and what his loudspeaker gives back of the bot."""
        if len(self._background):
            samples = np.frombuffer(sound, dtype="<i2").astype(np.float64)
            at = len(self.said) // 2 + np.arange(len(samples))
            samples += self._background[at % len(self._background)]
            sound = np.clip(samples, -32768, 32767).astype("<i2").tobytes()
        return sound if self._echo is None else self._echo.mix(sound)
