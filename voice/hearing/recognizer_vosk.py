"""Vosk: the streaming recogniser, for any Vosk model folder on disk. Never downloads anything."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import vosk

from voice.hearing.clean_words import CleanWords, simplified
from voice.hearing.closed_answers import is_closed, reading, words_of
from voice.hearing.expectation import Expectation
from voice.hearing.general_words import GeneralWords, Trust
from voice.hearing.recognizer import NOTHING_HEARD, RecognizerFailed, RecognizerUnavailable, Transcript
from voice.hearing.sound_units import UNITS
from voice.hearing.vosk_readings import UNKNOWN, VoskReading, vosk_readings
from voice.hearing.worker_pool import WorkerPool
from voice.sound.audio import AudioFrame

_WORKERS = 2
_FRAMES_AT_ONCE = 2
"""Frames handed to the engine together: 40 ms, a little more than our model computes at once; more when it is busy."""

_MOST_WAITING_FRAMES = 1500
"""30 s of sound that the engine may fall behind; then the utterance fails."""

_GRAPHS = (("HCLG.fst", "words.txt"), ("HCLr.fst", "Gr.fst"))
"""Either a whole graph, or its two halves, which can take a grammar at run time."""

_IVECTOR = ("final.dubm", "final.ie", "final.mat", "global_cmvn.stats", "online_cmvn.conf", "splice.conf")
"""Needed where there is an ivector folder at all."""

_FST_MAGIC = bytes.fromhex("d6fdb27e")
"""First bytes of an OpenFst file; given another file, the engine loads and crashes at the first utterance."""

_READINGS = 10
"""Readings of open speech that the language models choose among."""

_TRUST = Trust(kept=10.0, share=2.0)
"""Chosen on sentences by mixed voices (docs/adr/0139)."""


class VoskRecognizer:
    """One model for all calls. ``hearing`` None leaves out grammar and correction.

    With ``words`` what was said in open speech is chosen among several readings, and homophones are set right.
    """

    name = "vosk"

    def __init__(
        self,
        model: vosk.Model,
        takes_grammar: bool,
        hearing: CleanWords | None,
        words: GeneralWords | None = None,
    ) -> None:
        self._model = model
        self._takes_grammar = takes_grammar
        self._hearing = hearing
        self._words = words
        self._workers = WorkerPool(_WORKERS, "vosk")
        self.waits = self._workers.waits

    def start_stream(self, sample_rate: int, expects: Expectation) -> "VoskStream":
        """Begin one utterance; yes, no and digits are heard with a grammar where the model takes one."""
        grammar = self._grammar(expects) if self._hearing is not None and is_closed(expects) else []
        engine = self._engine(sample_rate, grammar)
        words = None if is_closed(expects) else self._words
        if words is not None:
            engine.SetMaxAlternatives(_READINGS)
        return VoskStream(engine, self._workers, self._hearing, expects, words)

    def close(self) -> None:
        """Let the workers end."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _engine(self, sample_rate: int, grammar: list[str]) -> vosk.KaldiRecognizer:
        if grammar:
            unknown = [UNKNOWN] if self.knows(UNKNOWN) else []
            # without ensure_ascii=False the engine sees \\u escapes and knows none of the words
            words = json.dumps([*grammar, *unknown], ensure_ascii=False)
            engine = vosk.KaldiRecognizer(self._model, sample_rate, words)
        else:
            engine = vosk.KaldiRecognizer(self._model, sample_rate)
        engine.SetWords(True)
        return engine

    def _grammar(self, expects: Expectation) -> list[str]:
        """Return the answers that the model's vocabulary can spell, each as words with blanks between."""
        if not self._takes_grammar:
            return []
        spelt = (self._spelt(words) for words in words_of(expects))
        return [words for words in spelt if words is not None]

    def _spelt(self, answer: str) -> str | None:
        if self.knows(answer):
            return answer
        return " ".join(answer) if all(self.knows(char) for char in answer) else None

    def knows(self, word: str) -> bool:
        """Return whether the model's vocabulary has this word."""
        return bool(self._model.vosk_model_find_word(word) >= 0)


class VoskStream:
    """One utterance; the engine works through it in a thread while it is being spoken."""

    def __init__(
        self,
        engine: vosk.KaldiRecognizer,
        workers: ThreadPoolExecutor,
        hearing: CleanWords | None,
        expects: Expectation,
        words: GeneralWords | None = None,
    ) -> None:
        self._engine = engine
        self._workers = workers
        self._hearing = hearing
        self._expects = expects
        self._words = words
        self._waiting: list[bytes] = []
        self._parts: list[list[VoskReading]] = []
        self._partial = ""
        self._work: asyncio.Future[None] | None = None
        self._cancelled = False
        self._overflowed = False

    async def accept(self, frame: AudioFrame) -> None:
        """Take the next frame; hands 40 ms and more at a time to a worker and never waits for it."""
        if len(self._waiting) >= _MOST_WAITING_FRAMES:
            self._overflowed = True
            return
        self._waiting.append(frame.pcm)
        if len(self._waiting) >= _FRAMES_AT_ONCE and (self._work is None or self._work.done()):
            self._start_work()

    @property
    def partial(self) -> str:
        """Words so far, without blanks between characters."""
        parts = [*(readings[0].text for readings in self._parts), self._partial]
        return simplified(" ".join(part for part in parts if part and part != UNKNOWN))

    def anticipate(self) -> "asyncio.Task[Transcript] | None":
        """Vosk is at the caller's heels: nothing is left to anticipate."""
        return None

    async def caught_up(self) -> None:
        """Wait until the engine has worked through what it was handed."""
        if self._work is not None:
            await self._work

    async def finish(self) -> Transcript:
        """End the utterance. Raises RecognizerFailed."""
        await self.caught_up()
        if self._overflowed:
            raise RecognizerFailed("Vosk fell more than 30 s behind the caller")
        self._start_work()
        assert self._work is not None
        await self._work
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._workers, self._ended)

    def cancel(self) -> None:
        """Forget the utterance; a worker in the middle of it stops after its present piece."""
        self._cancelled = True
        self._waiting.clear()

    def _start_work(self) -> None:
        pcm = b"".join(self._waiting)
        self._waiting.clear()
        self._work = asyncio.get_running_loop().run_in_executor(self._workers, self._hear, pcm)

    def _hear(self, pcm: bytes) -> None:
        if self._cancelled or not pcm:
            return
        if self._engine.AcceptWaveform(pcm):
            self._keep(self._engine.Result())
            self._partial = ""
        else:
            self._partial = str(json.loads(self._engine.PartialResult()).get("partial", ""))

    def _keep(self, result: str) -> None:
        if readings := vosk_readings(json.loads(result)):
            self._parts.append(readings)

    def _ended(self) -> Transcript:
        self._keep(self._engine.FinalResult())
        words = tuple(word for readings in self._parts for word in readings[0].words)
        heard = simplified(" ".join(word.text for word in words))
        if not heard:
            return NOTHING_HEARD
        confidence = sum(word.confidence for word in words) / len(words)
        return Transcript(self._understood(heard), confidence, words, heard, VoskRecognizer.name)

    def _understood(self, heard: str) -> str:
        meant = heard
        if self._words is not None:
            meant = simplified(" ".join(_meant(self._words, readings) for readings in self._parts))
        if self._hearing is None:
            return meant
        answer = reading(meant, self._expects) if is_closed(self._expects) else None
        return answer if answer is not None else self._hearing.understand(meant, self._expects)


def _meant(words: GeneralWords, readings: list[VoskReading]) -> str:
    """Return what the language models make of one stretch of speech."""
    return words.likeliest([(simplified(one.text), one.total) for one in readings if one.words], _TRUST)[0]


def load_vosk(folder: Path, hearing: CleanWords | None, words: GeneralWords | None = None) -> VoskRecognizer:
    """Load a model folder. Raises RecognizerUnavailable, saying what is missing or broken.

    The folder is checked first: the engine itself ends the process' patience with a bare exception, and given a
    name instead of a folder it would look for a download.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise RecognizerUnavailable(
            f"There is no Vosk model folder {folder.name}; unpack a model there or correct SHOUDAI_VOSK_MODEL."
        )
    graph = _checked_graph(folder)
    vosk.SetLogLevel(-1)
    try:
        model = vosk.Model(model_path=str(folder))
    except Exception as error:  # the binding raises a bare Exception
        raise RecognizerUnavailable(
            f"The Vosk model {folder.name} cannot be loaded: it is damaged."
        ) from error
    return VoskRecognizer(model, graph == _GRAPHS[1], hearing, words)


def is_our_model(folder: Path) -> bool:
    """Return whether `make vosk-model` made this folder: what its scores are worth beside other models is known."""
    phones = folder / "graph" / "phones.txt"
    rows = phones.read_text("utf-8").splitlines() if phones.is_file() else []
    return [row.split()[0] for row in rows if row] == ["<eps>", *UNITS]


def is_vosk_folder(folder: Path) -> bool:
    """Return whether this folder holds a whole Vosk model."""
    try:
        _checked_graph(folder)
    except RecognizerUnavailable:
        return False
    return True


def _checked_graph(folder: Path) -> tuple[str, ...]:
    """Return the files of the decoding graph. Small models of old (0.2) keep all files side by side: not read here."""
    needed = ["am/final.mdl", "conf/mfcc.conf", "conf/model.conf"]
    if (folder / "ivector").is_dir():
        needed += [f"ivector/{name}" for name in _IVECTOR]
    missing = [name for name in needed if not _has(folder / name)]
    graph = next((files for files in _GRAPHS if all(_has(folder / "graph" / name) for name in files)), None)
    if graph is None:
        missing.append("graph/HCLG.fst and graph/words.txt (or graph/HCLr.fst and graph/Gr.fst)")
    if missing or graph is None:
        raise RecognizerUnavailable(
            f"The Vosk model {folder.name} is not complete: {', '.join(missing)} missing."
        )
    broken = [name for name in graph if name.endswith(".fst") and not _is_fst(folder / "graph" / name)]
    if broken:
        raise RecognizerUnavailable(
            f"The Vosk model {folder.name} is damaged: graph/{broken[0]} is no graph."
        )
    return graph


def _is_fst(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_FST_MAGIC)) == _FST_MAGIC


def _has(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0
