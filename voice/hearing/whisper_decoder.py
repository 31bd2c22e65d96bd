"""Whisper decoder: the loaded model (base, int8, CTranslate2) and the ways in which it is asked what was said."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

import ctranslate2
import numpy as np
import tokenizers
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from voice.hearing.clean_words import traditional
from voice.hearing.utterance import SAMPLE_RATE
from voice.hearing.whisper_settings import WhisperSettings

_FEATURES_PER_SECOND = 100
_STATES_PER_SECOND = 50
_LONGEST_CONTEXT_S = 30.0


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

    def frames(self) -> NDArray[np.float32]:
        """Return the states that hold the utterance itself: 50 a second, 512 numbers each."""
        held = int(self.duration_s * _STATES_PER_SECOND) + 1
        frames: NDArray[np.float32] = np.array(self.states, dtype=np.float32)[0][:held]
        return frames


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

    def free(self, encoded: Encoded, prompt: str | None, most: int = 1) -> list[Hypothesis]:
        """Return what was most likely said, best first, ``most`` readings at most (a beam holds five).

        Numbers come as spoken (一二三), never as Arabic figures.
        """
        start = self._start
        if prompt:
            start = [self._tokenizer.sot_prev, *self._tokenizer.encode(" " + prompt), *start]
        result = self._model.generate(
            encoded.states,
            [start],
            beam_size=self._settings.beam,
            num_hypotheses=most,
            no_repeat_ngram_size=self._settings.no_repeat_ngram,
            max_length=len(start) + _length_cap(encoded.duration_s),
            suppress_tokens=[-1, *self._arabic],
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        return [
            self._hypothesis(tokens, score, result.no_speech_prob)
            for tokens, score in zip(result.sequences_ids, result.scores, strict=True)
        ]

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


def _length_cap(duration_s: float) -> int:
    """Tokens that can be spoken in that time: 8 a second is faster than anyone reads digits."""
    return int(12 + 8 * duration_s)
