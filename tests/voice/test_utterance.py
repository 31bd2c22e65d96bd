"""An utterance is collected, resampled and cut at pauses."""

import numpy as np
import pytest

from voice.hearing.utterance import LONGEST_S, SAMPLE_RATE, UtteranceBuffer, split_at_pauses
from voice.sound.audio import AudioFrame


def test_frames_of_a_telephone_line_come_out_at_16_khz() -> None:
    buffer = UtteranceBuffer(8000)
    tone = (5000 * np.sin(np.arange(8000) / 3)).astype("<i2").tobytes()
    for at in range(0, len(tone), 320):
        buffer.push(AudioFrame(tone[at : at + 320], 8000, 0))
    samples = buffer.samples()
    assert samples is not None
    assert abs(len(samples) - SAMPLE_RATE) < 100
    assert 0.1 < float(np.abs(samples).max()) < 0.2


def test_an_open_line_without_a_voice_is_no_utterance() -> None:
    buffer = UtteranceBuffer(16000)
    buffer.push(AudioFrame((np.ones(320) * 20).astype("<i2").tobytes(), 16000, 0))
    assert buffer.samples() is None


def test_a_frame_of_another_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="8000"):
        UtteranceBuffer(8000).push(AudioFrame(bytes(640), 16000, 0))


def test_an_endless_utterance_is_kept_to_its_limit() -> None:
    buffer = UtteranceBuffer(16000)
    second = AudioFrame((np.ones(16000) * 900).astype("<i2").tobytes(), 16000, 0)
    for _ in range(LONGEST_S + 30):
        buffer.push(second)
    samples = buffer.samples()
    assert samples is not None
    assert len(samples) == LONGEST_S * SAMPLE_RATE


def test_long_speech_is_cut_in_its_pauses_and_no_sample_is_lost() -> None:
    speech = np.random.default_rng(1).normal(0, 0.1, 60 * SAMPLE_RATE).astype(np.float32)
    speech[24 * SAMPLE_RATE : 25 * SAMPLE_RATE] = 0
    pieces = split_at_pauses(speech, 28)
    assert 24 * SAMPLE_RATE < len(pieces[0]) < 25 * SAMPLE_RATE
    assert all(len(piece) <= 28 * SAMPLE_RATE for piece in pieces)
    assert np.array_equal(np.concatenate(pieces), speech)


def test_short_speech_stays_whole() -> None:
    speech = np.zeros(5 * SAMPLE_RATE, dtype=np.float32)
    assert [len(piece) for piece in split_at_pauses(speech, 28)] == [len(speech)]
