"""RememberedVoice: the bot's real voice, whose clips of earlier runs lie on disk: it says the same words every run."""

import hashlib
import time
from collections.abc import AsyncIterator
from pathlib import Path

from voice.sound.audio import FRAME_MS, AudioFrame
from voice.sound.wav import read_wav, write_wav
from voice.speech.phonemes import phonemes
from voice.speech.spoken_text import spoken
from voice.speech.synthesizer import Synthesizer
from voice.speech.synthesizer_kokoro import voice_of

_KEPT_S = 14 * 24 * 3600


class RememberedVoice:
    """Implements Synthesizer. Kokoro is deterministic: a clip is what it would say again, sample by sample."""

    def __init__(self, voice: Synthesizer, folder: Path) -> None:
        self._voice = voice
        self._folder = folder
        self.name = voice.name
        self.sample_rate = voice.sample_rate
        self._forget_old()

    async def synthesize(self, text: str) -> AsyncIterator[AudioFrame]:
        """Speak one clause, or give what was spoken before."""
        path = self._path(text)
        if path.is_file():
            path.touch()
            pcm = read_wav(path)[0]
        else:
            pcm = b"".join([frame.pcm async for frame in self._voice.synthesize(text)])
            self._folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            write_wav(part, pcm, self.sample_rate)
            part.replace(path)
        size = self.sample_rate * FRAME_MS // 1000 * 2
        for at in range(0, len(pcm), size):
            yield AudioFrame(pcm[at : at + size], self.sample_rate, at // size * FRAME_MS)

    def _forget_old(self) -> None:
        """Figures of the demo data change with the day, and their clips are not asked for again."""
        for path in self._folder.glob("*.wav"):
            if time.time() - path.stat().st_mtime > _KEPT_S:
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let the voice end its threads."""
        self._voice.close()  # type: ignore[attr-defined]

    def _path(self, text: str) -> Path:
        content = "\0".join((voice_of(), phonemes(spoken(text)), text[-1:]))
        return self._folder / f"{hashlib.sha256(content.encode()).hexdigest()[:32]}.wav"
