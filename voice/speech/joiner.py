"""Joiner: clauses with figures at once, joined from the carriers of a store, off the event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from voice.sound.resampling import resample
from voice.speech.carrier import CARRIER_HZ, without_last_mark
from voice.speech.carrier_store import CarrierStore
from voice.speech.joining import join
from voice.speech.phonemes import syllables
from voice.speech.speech_cache import ClipKey
from voice.speech.trimming import to_pcm


class Joiner:
    """One for all calls: a clause takes about 10 ms of one core."""

    def __init__(self, store: CarrierStore) -> None:
        """A thread of its own: the shared ones may all be busy recognising."""
        self._store = store
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="joiner")

    def warm_up(self) -> None:
        """Read the carriers, which the first clause would otherwise wait for: half a second. Not on an event loop."""
        self._store.bank()

    async def clip(self, key: ClipKey) -> bytes | None:
        """The clause without its pause, s16le at the key's rate; None where the carriers don't hold all of it."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.joined, key)

    def joined(self, key: ClipKey) -> bytes | None:
        """The same in the calling thread."""
        said, mark = without_last_mark(syllables(key.spoken))
        made = join(said, mark, self._store.bank())
        return None if made is None else resample(to_pcm(made.samples), CARRIER_HZ, key.sample_rate)

    def close(self) -> None:
        """Let the thread end."""
        self._thread.shutdown(wait=False, cancel_futures=True)
