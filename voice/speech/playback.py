"""Playback: the bot's clauses on their way to the line, 20 ms at a time, with pause, resume and drop."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from voice.sound.audio import BYTES_PER_SAMPLE, FRAME_MS


@dataclass
class Clause:
    """One piece of speech, ready to be played."""

    text: str
    pcm: bytes
    """s16le mono at the line's rate."""
    interruptible: bool = True
    on_start: Callable[[], None] | None = None
    """Called when the first 20 ms go out."""
    position: int = 0
    """Bytes played."""


class Playback:
    """Queue of clauses. Bounded by its user: one reply at a time, a reply has a few messages."""

    def __init__(self, sample_rate: int) -> None:
        self._frame_bytes = sample_rate * FRAME_MS // 1000 * BYTES_PER_SAMPLE
        self._queue: deque[Clause] = deque()
        self._said: list[str] = []
        self.paused = False
        self.sounding = ""
        """The clause that the last 20 ms of sound are of."""

    @property
    def idle(self) -> bool:
        """Nothing is playing or waiting to be played."""
        return not self._queue

    @property
    def playing_interruptible(self) -> bool:
        """Sound is going out that the caller may cut."""
        return bool(self._queue) and not self.paused and self._queue[0].interruptible

    @property
    def waiting_ms(self) -> float:
        """Milliseconds of sound that wait to be played."""
        waiting = sum(len(clause.pcm) - clause.position for clause in self._queue)
        return waiting / self._frame_bytes * FRAME_MS

    @property
    def said(self) -> str:
        """Clauses of the present reply that were played whole."""
        return "".join(self._said)

    def begin_reply(self) -> None:
        """Forget what was said of the previous reply."""
        self._said.clear()

    def add(self, clause: Clause) -> None:
        """Play this clause after those that wait."""
        self._queue.append(clause)

    def tick(self) -> bytes | None:
        """The next 20 ms of sound, filled up with silence at a clause's end; None when there is none."""
        if not self._queue or self.paused:
            return None
        clause = self._queue[0]
        self.sounding = clause.text
        if clause.position == 0 and clause.on_start is not None:
            clause.on_start()
            clause.on_start = None
        piece = clause.pcm[clause.position : clause.position + self._frame_bytes]
        clause.position += self._frame_bytes
        if clause.position >= len(clause.pcm):
            self._queue.popleft()
            self._said.append(clause.text)
        return piece.ljust(self._frame_bytes, b"\0")

    def pause(self) -> None:
        """Stop the sound; the clause is kept."""
        self.paused = True

    def resume(self) -> None:
        """Go on, from the beginning of the clause that was cut: half a clause is not understood."""
        self.paused = False
        if self._queue:
            self._queue[0].position = 0

    def drop_interruptible(self) -> str:
        """Throw away every clause that may be cut; return their text. Others stay and are played."""
        dropped = [clause for clause in self._queue if clause.interruptible]
        self._queue = deque(clause for clause in self._queue if not clause.interruptible)
        self.paused = False
        return "".join(clause.text for clause in dropped)
