"""Recordings: labelled speech (a folder with transcripts.tsv) as utterances, aligned by a model that is there."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from commands.evaluate_asr import Item, read_items
from speech_model.alignment import NotAlignable, align
from speech_model.features import cepstra, log_mel, upsampled
from speech_model.network import SUBSAMPLING, AcousticModel
from speech_model.texts import bare
from speech_model.utterances import FRAME, SAMPLE_RATE, Utterance
from voice.hearing.sound_units import NUMBER, SyllableUnknown, units_of
from voice.sound.resampling import resample
from voice.sound.wav import read_wav
from voice.speech.pronunciation import pronounce

_LOG = logging.getLogger(__name__)

LEAST_CERTAIN = -3.5
"""Mean log posterior below which a recording and its transcript do not belong together."""


def recordings(
    folder: Path,
    model: AcousticModel,
    say: Callable[[str], str],
    least_certain: float = LEAST_CERTAIN,
    items: list[Item] | None = None,
) -> Iterator[Utterance]:
    """Yield the recordings of a folder with a unit for each 10 ms.

    ``say`` writes figures out as they are spoken. What cannot be aligned is left out, with a line in the log.
    Raises EvaluationInput, WavError.
    """
    for item in tqdm(items if items is not None else read_items(folder), desc="aligning", unit="item"):
        try:
            utterance, certain = aligned(item, model, say)
        except (NotAlignable, SyllableUnknown) as error:
            _LOG.warning("%s is left out: %s", item.path.name, error)
            continue
        if certain < least_certain:
            _LOG.warning("%s is left out: its transcript does not fit (%.1f)", item.path.name, certain)
            continue
        yield utterance


def aligned(item: Item, model: AcousticModel, say: Callable[[str], str]) -> tuple[Utterance, float]:
    """Return one recording with its labels, and how certain they are (mean log posterior)."""
    pcm, rate = read_wav(item.path)
    samples = np.frombuffer(resample(pcm, rate, SAMPLE_RATE), "<i2")
    text = bare(say(item.said))
    units = [NUMBER[u] for word in pronounce(text) for syllable in word for u in units_of(syllable)]
    said, certain = align(posteriors(model, samples), units)
    labels = np.repeat(said, SUBSAMPLING).astype(np.uint8)
    # an output's window begins with its frame and is 25 ms long: its middle lies a frame later
    labels = np.concatenate([labels[:1], labels])[: len(samples) // FRAME]
    return Utterance(text, samples, labels), certain


def posteriors(
    model: AcousticModel, samples: "np.ndarray[tuple[int], np.dtype[np.int16]]"
) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    """Return log posteriors, one row each 30 ms, of s16 samples at 8 kHz."""
    sound = torch.from_numpy(samples.astype(np.float32) / 32768)[None]
    # one step of the finest sound, so that digital silence is what lines and rooms have instead of it
    sound = sound + torch.randn(sound.shape, generator=torch.Generator().manual_seed(0)) / 32768
    features = cepstra(log_mel(upsampled(sound)))
    left = features[:, :1].expand(-1, model.shape.left, -1)
    right = features[:, -1:].expand(-1, model.shape.right, -1)
    model.eval()
    with torch.no_grad():
        scores = model(torch.cat([left, features, right], 1))
    found: np.ndarray[tuple[int, int], np.dtype[np.float32]] = scores[0].log_softmax(-1).numpy()
    return found
