"""Whisper: the recogniser that is always there (base model, int8, CTranslate2); final transcripts only."""

import asyncio
import json
import math
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import ctranslate2
import numpy as np
import tokenizers
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from voice.closed_answers import (
    DIGIT_LEADS,
    SHORT_ANSWERS,
    SHORT_GATE,
    YES_NO_GATE,
    ClosedGate,
    best_reading,
    is_closed,
    of_one_length,
    reading,
    short_answer,
    words_of,
)
from voice.collecting_stream import CollectingStream
from voice.expectation import Expectation, ExpectationKind
from voice.hearing import Hearing, simplified, traditional
from voice.recognizer import NOTHING_HEARD, RecognizerFailed, RecognizerUnavailable, Transcript
from voice.utterance import SAMPLE_RATE, split_at_pauses
from voice.whisper_settings import LOAN_PROMPT, WhisperSettings

_GATES = {
    ExpectationKind.OPEN: SHORT_GATE,
    ExpectationKind.YES_NO: YES_NO_GATE,
    ExpectationKind.DIGITS: ClosedGate(),
}
_FILES = ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt")
_FEATURES_PER_SECOND = 100
_LONGEST_CONTEXT_S = 30.0
_LONGEST_PIECE_S = 28.0
_MOST_WAITING = 32
"""Utterances that may wait for a worker; the next one fails at once and the caller is asked to repeat."""


@dataclass(frozen=True)
class Hypothesis:
    """One reading of the sound."""

    text: str
    tokens: tuple[int, ...]
    log_probability: float
    """Mean natural logarithm a token."""
    no_speech: float

    @property
    def total(self) -> float:
        """Natural logarithm of the whole, its end included."""
        return self.log_probability * (len(self.tokens) + 1)


@dataclass(frozen=True)
class Encoded:
    """The encoder's view of one utterance."""

    states: ctranslate2.StorageView
    duration_s: float


class WhisperDecoder:
    """The loaded model. Blocking; called from worker threads, the GIL is released while it computes."""

    def __init__(self, folder: Path, settings: WhisperSettings) -> None:
        self._settings = settings
        self._model = ctranslate2.models.Whisper(
            str(folder), device="cpu", compute_type="int8", intra_threads=1, inter_threads=settings.workers
        )
        vocabulary = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer = Tokenizer(vocabulary, True, task="transcribe", language="zh")
        self._start = [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]
        self._features = FeatureExtractor()
        pieces = vocabulary.get_vocab()
        self._size = len(pieces)
        self._arabic = [
            i for piece, i in pieces.items() if i < self._tokenizer.eot and re.search(r"\d", piece)
        ]
        self._figures = [i for piece, i in pieces.items() if re.fullmatch(r"Ġ?\d{1,4}", piece)]
        self._forbidden: dict[tuple[tuple[str, ...], bool], list[int]] = {}

    def encode(self, samples: NDArray[np.float32]) -> Encoded:
        """Return the encoder's states of up to 28 s of sound (16 kHz, -1..1)."""
        mel = self._features(samples)
        duration_s = len(samples) / SAMPLE_RATE
        wanted = min(max(duration_s + 1.0, self._settings.context_s), _LONGEST_CONTEXT_S)
        missing = int(wanted * _FEATURES_PER_SECOND) - mel.shape[1]
        if missing > 0:  # the mel's own minimum is what silence looks like to the network; zeros are not
            mel = np.pad(mel, ((0, 0), (0, missing)), constant_values=float(mel.min()))
        mel = np.ascontiguousarray(mel[np.newaxis, :, : int(_LONGEST_CONTEXT_S * _FEATURES_PER_SECOND)])
        view = ctranslate2.StorageView.from_array(mel.astype(np.float32))
        return Encoded(self._model.encode(view), duration_s)

    def free(self, encoded: Encoded, prompt: str | None) -> Hypothesis:
        """Return what was most likely said. Numbers come as spoken (一二三), never as Arabic figures."""
        start = self._start
        if prompt:
            start = [self._tokenizer.sot_prev, *self._tokenizer.encode(" " + prompt), *start]
        result = self._model.generate(
            encoded.states,
            [start],
            beam_size=self._settings.beam,
            no_repeat_ngram_size=self._settings.no_repeat_ngram,
            max_length=len(start) + _length_cap(encoded.duration_s),
            suppress_tokens=[-1, *self._arabic],
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        return self._hypothesis(result.sequences_ids[0], result.scores[0], result.no_speech_prob)

    def from_words(self, encoded: Encoded, words: tuple[str, ...], figures: bool = False) -> list[Hypothesis]:
        """Return the likeliest readings written with the characters of ``words`` alone, best first.

        ``figures`` allows Arabic figures besides, in the groups that Whisper likes to write.
        """
        result = self._model.generate(
            encoded.states,
            [self._start],
            beam_size=self._settings.closed_beam,
            num_hypotheses=self._settings.closed_beam,
            max_length=len(self._start) + _length_cap(encoded.duration_s),
            suppress_tokens=self._all_but(words, figures),
            return_scores=True,
        )[0]
        return [
            self._hypothesis(*pair, 0.0) for pair in zip(result.sequences_ids, result.scores, strict=True)
        ]

    def likelihood(self, encoded: Encoded, hypothesis: Hypothesis) -> float:
        """Return the mean log probability of a reading among all words, not only those of its list."""
        frames = int(encoded.duration_s * _FEATURES_PER_SECOND / 2)
        start = self._tokenizer.sot_sequence
        tokens = [list(hypothesis.tokens)]
        if not hypothesis.tokens:
            return -math.inf
        aligned = self._model.align(encoded.states, start, tokens, max(frames, 2))[0]
        probabilities = np.maximum(np.array(aligned.text_token_probs), 1e-9)
        return float(np.log(probabilities).mean())

    def _hypothesis(self, tokens: list[int], score: float, no_speech: float) -> Hypothesis:
        return Hypothesis(self._tokenizer.decode(tokens), tuple(tokens), score, no_speech)

    def _all_but(self, words: tuple[str, ...], figures: bool) -> list[int]:
        if (words, figures) not in self._forbidden:
            allowed = {self._tokenizer.eot, *(self._figures if figures else ())}
            for word in words:
                allowed.update(self._tokenizer.encode(word))
            allowed.update(self._tokenizer.encode(traditional("".join(words))))
            self._forbidden[words, figures] = [token for token in range(self._size) if token not in allowed]
        return self._forbidden[words, figures]


class WhisperRecognizer:
    """Whisper for all calls. ``hearing`` None leaves out the loan prompt, the closed lists and the correction."""

    name = "whisper"

    def __init__(
        self, decoder: WhisperDecoder, hearing: Hearing | None, settings: WhisperSettings = WhisperSettings()
    ) -> None:
        self._decoder = decoder
        self._hearing = hearing
        self._settings = settings
        self._workers = ThreadPoolExecutor(settings.workers, thread_name_prefix="whisper")
        self._at_once = 0

    def start_stream(self, sample_rate: int, expects: Expectation) -> CollectingStream:
        """Begin one utterance."""
        return CollectingStream(self.recognize, sample_rate, expects)

    def close(self) -> None:
        """Let the workers end."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    async def recognize(self, samples: NDArray[np.float32], expects: Expectation) -> Transcript:
        """Return the transcript of a whole utterance (16 kHz, -1..1). Raises RecognizerFailed."""
        if self._at_once >= self._settings.workers + _MOST_WAITING:
            raise RecognizerFailed("too many utterances wait for recognition")
        self._at_once += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._workers, self.transcribe, samples, expects)
        finally:
            self._at_once -= 1

    def transcribe(self, samples: NDArray[np.float32], expects: Expectation) -> Transcript:
        """As ``recognize``, in the calling thread."""
        try:
            pieces = split_at_pauses(samples, _LONGEST_PIECE_S)
            parts = [self._piece(piece, expects) for piece in pieces]
        except RuntimeError as error:  # what CTranslate2 raises for everything
            raise RecognizerFailed(f"Whisper broke on an utterance: {error}") from error
        heard = [part for part in parts if part.text]
        if not heard:
            return NOTHING_HEARD
        if len(heard) == 1:
            return heard[0]
        return Transcript(
            text="，".join(part.text for part in heard),
            confidence=min(part.confidence for part in heard),
            heard="，".join(part.heard for part in heard),
            engine=self.name,
        )

    def _piece(self, samples: NDArray[np.float32], expects: Expectation) -> Transcript:
        encoded = self._decoder.encode(samples)
        open_speech = expects.kind is ExpectationKind.OPEN
        free = self._decoder.free(encoded, LOAN_PROMPT if self._hearing and open_speech else None)
        if self._is_no_speech(free):
            return NOTHING_HEARD
        if self._hearing is None:
            return self._believed(free, expects)
        if is_closed(expects):
            answer = self._closed_answer(encoded, free, expects)
            if answer is not None:
                return answer
            if encoded.duration_s > self._settings.short_s:  # then it was a sentence after all
                free = self._decoder.free(encoded, LOAN_PROMPT)
        elif open_speech and encoded.duration_s <= self._settings.short_s:
            return self._short_speech(encoded, free, expects)
        return self._believed(free, expects)

    def _is_no_speech(self, heard: Hypothesis) -> bool:
        if heard.no_speech > self._settings.no_speech_limit:
            return True
        unsure = heard.log_probability < self._settings.sure_log_probability
        return unsure and heard.no_speech > self._settings.no_speech_when_unsure

    def _believed(self, heard: Hypothesis, expects: Expectation, least: float | None = None) -> Transcript:
        """Return the words, or nothing where they are likely Whisper's own invention."""
        if heard.log_probability < (least or self._settings.least_log_probability):
            return NOTHING_HEARD
        text = simplified(heard.text)
        understood = self._hearing.understand(heard.text, expects) if self._hearing else text
        return Transcript(understood, _confidence(heard.log_probability), heard=text, engine=self.name)

    def _closed_answer(self, encoded: Encoded, free: Hypothesis, expects: Expectation) -> Transcript | None:
        heard = simplified(free.text)
        answer = reading(heard, expects)
        if answer is not None:
            likelihood = self._decoder.likelihood(encoded, free)
            if likelihood >= _GATES[expects.kind].least:
                return Transcript(answer, _confidence(likelihood), heard=heard, engine=self.name)
        writings = [self._decoder.from_words(encoded, words_of(expects))]
        if expects.kind is ExpectationKind.DIGITS:
            writings.append(self._decoder.from_words(encoded, ("X", "，", *DIGIT_LEADS), figures=True))
        texts = [[(simplified(one.text), one.total) for one in writing] for writing in writings]
        found = best_reading(texts, expects)
        if found is None:
            return None
        answer, (writing, place) = found
        return self._gated(encoded, free, writings[writing][place], answer, expects)

    def _short_speech(self, encoded: Encoded, prompted: Hypothesis, expects: Expectation) -> Transcript:
        """Hear a word or two: the prompt misleads there, so that plain and listed readings compete with it."""
        plain = self._decoder.free(encoded, None)
        for one in (plain, prompted):
            answer = short_answer(simplified(one.text))
            if answer is not None and one.log_probability >= self._settings.least_log_probability:
                return Transcript(answer, _confidence(one.log_probability), heard=answer, engine=self.name)
        for listed in self._decoder.from_words(encoded, SHORT_ANSWERS):
            answer = short_answer(simplified(listed.text))
            if answer is not None:
                transcript = self._gated(encoded, plain, listed, answer, expects)
                if transcript is not None:
                    return transcript
                break
        better = plain if plain.log_probability > prompted.log_probability else prompted
        return self._believed(better, expects, self._settings.least_of_short)

    def _gated(
        self, encoded: Encoded, free: Hypothesis, listed: Hypothesis, answer: str, expects: Expectation
    ) -> Transcript | None:
        gate = _GATES[expects.kind]
        if expects.kind is not ExpectationKind.DIGITS and not of_one_length(answer, simplified(free.text)):
            return None
        likelihood = self._decoder.likelihood(encoded, listed)
        if not gate.believes(likelihood, self._decoder.likelihood(encoded, free)):
            return None
        return Transcript(answer, _confidence(likelihood), heard=simplified(free.text), engine=self.name)


def load_whisper(
    folder: Path, hearing: Hearing | None, settings: WhisperSettings = WhisperSettings()
) -> WhisperRecognizer:
    """Load the model (0.5 s, 360 MB). Raises RecognizerUnavailable, naming what is missing."""
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        raise RecognizerUnavailable(
            f"The Whisper model is not complete: {', '.join(missing)} missing in {folder.name}; make run fetches it."
        )
    try:
        return WhisperRecognizer(WhisperDecoder(folder, settings), hearing, settings)
    except (RuntimeError, ValueError, json.JSONDecodeError) as error:
        raise RecognizerUnavailable(f"The Whisper model in {folder.name} is damaged: {error}") from error


def _length_cap(duration_s: float) -> int:
    """Tokens that can be spoken in that time: 8 a second is faster than anyone reads digits."""
    return int(12 + 8 * duration_s)


def _confidence(log_probability: float) -> float:
    return min(1.0, math.exp(log_probability))
