"""CallRecording: both sides of a call, caller left and bot right, written out second by second."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Protocol

import numpy as np

_logger = logging.getLogger(__name__)

_MOST_WAITING = 10
"""Seconds of sound that may wait for a slow disk."""


class RecordingSink(Protocol):
    """Where the interleaved stereo s16le PCM goes: a WAV file, plain or encrypted."""

    def write(self, interleaved: bytes) -> None:
        """Append whole stereo samples. Raises OSError, and then keeps what was written before."""
        ...

    def close(self) -> None:
        """Finish the file. Raises OSError."""
        ...


class RecordingStopped(Exception):
    """The call can no longer be recorded (code ``recording_stopped``)."""

    code = "recording_stopped"


class CallRecording:
    """Buffers a second, so that a call cut off by a crash loses no more than that.

    Everything that may wait for a disk runs in ``executor``, in order: a disk that is slow or full costs the recording,
    never the call. What was written before a failure is kept and finished.
    """

    def __init__(self, open_sink: Callable[[], RecordingSink], sample_rate: int, executor: Executor) -> None:
        """``executor`` must run one task at a time, or at least those of one recording in order."""
        self._executor = executor
        self._block_bytes = sample_rate * 2
        self._caller = bytearray()
        self._bot = bytearray()
        self._waiting = 0
        self._lock = threading.Lock()
        self._sink: RecordingSink | None = None
        self.failure: OSError | None = None
        """Why nothing more is recorded."""
        self._do(lambda: self._open(open_sink))

    def add(self, caller: bytes, bot: bytes) -> None:
        """Add one frame of both sides (s16le mono); the shorter one is filled up with silence. Never waits."""
        if self.failure is not None:
            return
        length = max(len(caller), len(bot))
        self._caller += caller.ljust(length, b"\0")
        self._bot += bot.ljust(length, b"\0")
        if len(self._caller) >= self._block_bytes:
            self._flush()

    def close(self) -> RecordingSink | None:
        """Write what is left and finish the file; blocks. Returns the sink, or None where there is no file."""
        self._flush()
        self._executor.submit(self._finish).result()
        return self._sink

    def _flush(self) -> None:
        caller, bot = bytes(self._caller), bytes(self._bot)
        self._caller.clear()
        self._bot.clear()
        with self._lock:
            if self._waiting >= _MOST_WAITING:
                self.failure = self.failure or TimeoutError("the disk is too slow")
                return
        self._do(lambda: self._write(caller, bot))

    def _do(self, act: Callable[[], None]) -> "Future[None]":
        with self._lock:
            self._waiting += 1
        return self._executor.submit(self._attempt, act)

    def _attempt(self, act: Callable[[], None]) -> None:
        with self._lock:
            self._waiting -= 1
        if self.failure is None:
            try:
                act()
            except OSError as error:
                self.failure = error
                _logger.error("a recording stopped: code=recording_stopped %s", type(error).__name__)

    def _open(self, open_sink: Callable[[], RecordingSink]) -> None:
        self._sink = open_sink()

    def _write(self, caller: bytes, bot: bytes) -> None:
        assert self._sink is not None, "after a failure nothing is written"
        sides = [np.frombuffer(side, dtype="<i2") for side in (caller, bot)]
        self._sink.write(np.stack(sides, axis=1).tobytes())

    def _finish(self) -> None:
        if self._sink is None:
            return
        try:
            self._sink.close()
        except OSError as error:
            self.failure = self.failure or error
            _logger.error(
                "a recording could not be finished: code=recording_stopped %s", type(error).__name__
            )
