"""Since when the caller is silent: his sound tells it sooner than the voice activity network does."""

import numpy as np

from voice.settings import CallSettings
from voice.turn_taking.endpointing import Endpoint, Endpointer
from voice.turn_taking.fading import Fading

_FRAME = 160
"""Samples of 20 ms on a telephone line."""


def frame(level: float) -> bytes:
    """20 ms at this part of full scale."""
    return (np.full(_FRAME, level) * 32767).astype("<i2").tobytes()


def faded(levels: list[float], is_speech: bool = True) -> list[float]:
    fading = Fading()
    return [fading.heard(frame(level), 20, is_speech) for level in levels]


def test_a_tail_far_below_the_voice_is_silence_already() -> None:
    assert faded([0.3, 0.1, 0.02, 0.005, 0.001, 0.0]) == [0, 0, 0, 20, 40, 60]


def test_a_voice_that_comes_back_was_not_gone() -> None:
    assert faded([0.3, 0.001, 0.001, 0.2]) == [0, 20, 40, 0]


def test_in_noise_the_network_alone_decides() -> None:
    assert set(faded([0.3, 0.02, 0.02, 0.02, 0.02])) == {0}


def test_a_soft_speaker_is_measured_by_himself() -> None:
    assert faded([0.01, 0.002, 0.002]) == [0, 0, 0]


def test_what_was_loud_in_the_utterance_before_is_forgotten() -> None:
    fading = Fading()
    fading.heard(frame(0.5), 20, True)
    fading.heard(frame(0.0), 20, False)
    assert fading.heard(frame(0.005), 20, True) == 0


def test_no_more_is_taken_off_than_the_network_is_late() -> None:
    assert faded([0.3, *[0.0] * 20])[-1] == 160


def test_the_end_silence_counts_from_the_end_of_the_sound() -> None:
    endpointer, fading = Endpointer(CallSettings()), Fading()
    said = [(0.3, True)] * 50 + [(0.0, True)] * 7 + [(0.0, False)] * 40
    moments = [
        endpointer.process(20, is_speech, fading.heard(frame(level), 20, is_speech))
        for level, is_speech in said
    ]
    assert (moments.index(Endpoint.SPEECH_ENDED) + 1) * 20 == 1700
    assert endpointer.speech_end_ms == 1000
