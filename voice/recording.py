"""CallRecording: both sides of a call, caller left and bot right, written out second by second."""

from typing import Protocol

import numpy as np


class RecordingSink(Protocol):
    """Where the interleaved stereo s16le PCM goes: a WAV file, plain or encrypted."""

    def write(self, interleaved: bytes) -> None:
        """Append whole stereo samples."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


class CallRecording:
    """Buffers a second, so that a call cut off by a crash loses no more than that."""

    def __init__(self, sink: RecordingSink, sample_rate: int) -> None:
        self._sink = sink
        self._block_bytes = sample_rate * 2
        self._caller = bytearray()
        self._bot = bytearray()

    def add(self, caller: bytes, bot: bytes) -> None:
        """Add one frame of both sides (s16le mono); the shorter one is filled up with silence."""
        length = max(len(caller), len(bot))
        self._caller += caller.ljust(length, b"\0")
        self._bot += bot.ljust(length, b"\0")
        if len(self._caller) >= self._block_bytes:
            self._flush()

    def close(self) -> None:
        """Write what is left and finish the file."""
        self._flush()
        self._sink.close()

    def _flush(self) -> None:
        sides = [np.frombuffer(bytes(side), dtype="<i2") for side in (self._caller, self._bot)]
        self._sink.write(np.stack(sides, axis=1).tobytes())
        self._caller.clear()
        self._bot.clear()
