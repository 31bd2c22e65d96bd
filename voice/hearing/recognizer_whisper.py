"""Whisper: the recogniser that is always there (base model, int8, CTranslate2); final transcripts only."""

import asyncio
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.hearing.answer_choice import LEAST_FIT, confidence, ranked
from voice.hearing.answer_forms import bare
from voice.hearing.answer_grammar import words_of_kind
from voice.hearing.clean_words import CleanWords, simplified
from voice.hearing.closed_answers import (
    DIGIT_LEADS,
    JUDGED,
    SHORT_ANSWERS,
    SHORT_GATE,
    ClosedGate,
    is_closed,
    of_one_length,
    reading,
    readings,
    short_answer,
    words_of,
)
from voice.hearing.collecting_stream import CollectingStream
from voice.hearing.digit_answers import DigitAnswer, are_a_part, digit_answer
from voice.hearing.digit_head import DigitHead, heard_digits, load_digit_head
from voice.hearing.expectation import Expectation, ExpectationKind
from voice.hearing.general_words import GeneralWords
from voice.hearing.recognizer import NOTHING_HEARD, RecognizerFailed, RecognizerUnavailable, Transcript
from voice.hearing.sound_head import SoundHead, load_sound_head
from voice.hearing.utterance import split_at_pauses
from voice.hearing.whisper_decoder import Encoded, Hypothesis, WhisperDecoder
from voice.hearing.whisper_settings import (
    LOAN_PROMPT,
    WhisperSettings,
    is_no_answer,
    is_no_speech,
    repeats_the_prompt,
)
from voice.hearing.worker_pool import WorkerPool

_GATES = {
    ExpectationKind.OPEN: SHORT_GATE,
    ExpectationKind.DIGITS: ClosedGate(),
}
_FILES = ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt")
_LONGEST_PIECE_S = 28.0
_MOST_WAITING = 32
"""Utterances that may wait for a worker; the next one fails at once and the caller is asked to repeat."""


class WhisperRecognizer:
    """Whisper for all calls. ``hearing`` None leaves out the loan prompt, the closed lists and the correction."""

    name = "whisper"

    def __init__(
        self,
        decoder: WhisperDecoder,
        hearing: CleanWords | None,
        head: DigitHead,
        sounds: SoundHead,
        words: GeneralWords | None = None,
        settings: WhisperSettings = WhisperSettings(),
    ) -> None:
        self._decoder = decoder
        self._head = head
        self._sounds = sounds
        self._words = words
        self._hearing = hearing
        self._settings = settings
        self._workers = WorkerPool(settings.workers, "whisper")
        self._at_once = 0
        self.waits = self._workers.waits

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
        # An amount or a date may be answered with anything else; a word or two is heard better without the prompt.
        sentence = not is_closed(expects) and encoded.duration_s > self._settings.short_s
        prompted = self._hearing is not None and (open_speech or sentence)
        readings = self._decoder.free(encoded, LOAN_PROMPT if prompted else None, self._settings.beam)
        free = readings[0]
        is_noise = is_no_answer if expects.kind in JUDGED and not prompted else is_no_speech
        if is_noise(free.log_probability, free.no_speech, self._settings):
            return NOTHING_HEARD
        if prompted and encoded.duration_s > self._settings.short_s and self._is_prompt(free):
            return NOTHING_HEARD
        if self._hearing is None:
            return self._believed(free, expects, others=readings)
        answer = None
        if expects.kind in JUDGED:
            answer = self._judged(encoded, readings, expects)
        elif is_closed(expects):
            answer = self._closed_answer(encoded, free, expects)
        elif open_speech and encoded.duration_s <= self._settings.short_s:
            answer = self._short_speech(encoded, free, expects)
        if answer is not None:
            return answer
        if is_closed(expects) and encoded.duration_s > self._settings.short_s:
            readings = self._decoder.free(encoded, LOAN_PROMPT, self._settings.beam)  # a sentence after all
        return self._believed(readings[0], expects, others=readings)

    def _judged(self, encoded: Encoded, free: list[Hypothesis], expects: Expectation) -> Transcript | None:
        """Return the likeliest answer of all thinkable ones, or None where something else was said."""
        sounds = self._sounds.scores(encoded.frames())
        heard = [(simplified(one.text), one.total) for one in free]
        found = ranked(sounds, heard, (), expects.kind)
        if not found or not (found[0].expected and found[0].text == bare(heard[0][0])):
            listed = self._decoder.from_words(encoded, words_of_kind(expects.kind))
            found = ranked(sounds, heard, [(simplified(one.text), one.total) for one in listed], expects.kind)
        if not found or not found[0].expected or found[0].fit < LEAST_FIT * len(sounds):
            return None
        assert self._hearing is not None
        text = self._hearing.understand(found[0].text, expects)
        return Transcript(text, confidence(found), heard=heard[0][0], engine=self.name)

    def _is_prompt(self, heard: Hypothesis) -> bool:
        unsure = heard.log_probability < self._settings.least_of_prompt
        return unsure and repeats_the_prompt(simplified(heard.text))

    def _believed(
        self,
        heard: Hypothesis,
        expects: Expectation,
        least: float | None = None,
        others: Sequence[Hypothesis] = (),
    ) -> Transcript:
        """Return the words, or nothing where they are likely Whisper's own invention.

        With ``others``, the n-best, homophones are set right by the language model, where there is one; what is about
        as likely is told as well.
        """
        if heard.log_probability < (least or self._settings.least_log_probability):
            return NOTHING_HEARD
        text = simplified(heard.text)
        meant: Iterable[str] = (text,)
        if self._words is not None and others:
            meant = self._words.likeliest([(simplified(one.text), one.total) for one in others])
        if self._hearing is not None:
            meant = dict.fromkeys(self._hearing.understand(words, expects) for words in meant)
        understood, *rest = meant
        return Transcript(
            understood,
            _confidence(heard.log_probability),
            heard=text,
            engine=self.name,
            others=() if expects.kind is ExpectationKind.DIGITS else tuple(rest),
        )

    def _closed_answer(self, encoded: Encoded, free: Hypothesis, expects: Expectation) -> Transcript | None:
        """Return the answer, NOTHING_HEARD where the caller had better repeat it, or None for anything else."""
        if (part := self._part_of_a_number(encoded, free, expects)) is not None:
            return part
        free_answer = self._free_answer(encoded, free, expects)
        writings = [
            self._decoder.from_words(encoded, words_of(expects)),
            self._decoder.from_words(encoded, ("X", "，", *DIGIT_LEADS), figures=True),
        ]
        shares, places = readings(
            [[(simplified(one.text), one.total) for one in w] for w in writings], expects
        )
        if expects.count is not None:
            rows = self._head.log_posteriors(encoded.frames())
            counted = digit_answer(rows, shares, expects.count)
            if counted is not None and counted.are_digits(simplified(free.text), *heard_digits(rows)):
                return self._counted(counted, free)
        if free_answer is not None or not shares:
            return free_answer
        answer = max(shares, key=lambda answer: shares[answer])
        writing, place = places[answer]
        return self._gated(encoded, free, writings[writing][place], answer, expects)

    def _part_of_a_number(
        self, encoded: Encoded, free: Hypothesis, expects: Expectation
    ) -> Transcript | None:
        """Return the digits of 199 0000 where eleven are asked for: what insists on eleven would add zeros to them."""
        digits, others = heard_digits(self._head.log_posteriors(encoded.frames()))
        if expects.count is None or not are_a_part(digits, others, simplified(free.text), expects.count):
            return None
        return Transcript(
            digits, _confidence(free.log_probability), heard=simplified(free.text), engine=self.name
        )

    def _counted(self, answer: DigitAnswer, free: Hypothesis) -> Transcript:
        return Transcript(
            answer.digits,
            answer.margin,
            heard=simplified(free.text),
            engine=self.name,
            others=answer.others,
            unsure=not answer.sure,
        )

    def _free_answer(self, encoded: Encoded, free: Hypothesis, expects: Expectation) -> Transcript | None:
        """Return what was heard freely where that is an answer as it stands."""
        heard = simplified(free.text)
        answer = reading(heard, expects)
        if answer is None:
            return None
        likelihood = self._decoder.likelihood(encoded, free)
        if likelihood < _GATES[expects.kind].least:
            return None
        return Transcript(answer, _confidence(likelihood), heard=heard, engine=self.name)

    def _short_speech(self, encoded: Encoded, prompted: Hypothesis, expects: Expectation) -> Transcript:
        """Hear a word or two: the prompt misleads there, so that plain and listed readings compete with it."""
        plain = self._decoder.free(encoded, None)[0]
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
    folder: Path,
    hearing: CleanWords | None,
    settings: WhisperSettings = WhisperSettings(),
    words: GeneralWords | None = None,
) -> WhisperRecognizer:
    """Load the model (0.5 s, 360 MB). Raises RecognizerUnavailable, naming what is missing."""
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        raise RecognizerUnavailable(
            f"The Whisper model is not complete: {', '.join(missing)} missing in {folder.name}; make run fetches it."
        )
    try:
        heads = load_digit_head(), load_sound_head()
        return WhisperRecognizer(WhisperDecoder(folder, settings), hearing, *heads, words, settings)
    except (RuntimeError, ValueError, json.JSONDecodeError) as error:
        raise RecognizerUnavailable(f"The Whisper model in {folder.name} is damaged: {error}") from error


def _confidence(log_probability: float) -> float:
    return min(1.0, math.exp(log_probability))
