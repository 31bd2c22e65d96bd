"""Training the sound head: it learns which states go with which unit, and its weights are what the head reads."""

import numpy as np

from speech_model.train_sounds import Frames, train
from voice.hearing.sound_head import SOUNDS, SoundHead


def test_the_head_learns_units_from_states() -> None:
    chance = np.random.default_rng(1)
    units = chance.integers(0, 5, 400 * 20).astype(np.uint8)
    states = chance.normal(0, 0.3, (len(units), 8))
    states[np.arange(len(units)), units] += 3.0
    frames = Frames(states.astype(np.float16), units, np.full(400, 20))
    (_, at_first), *_, (weights, in_the_end) = train(frames, hidden=16, epochs=50, seed=2)
    assert at_first < 0.1
    assert in_the_end > 0.4  # chance among the five units that were there is 0.2
    scores = SoundHead(weights).scores(states[:20].astype(np.float32))
    assert scores.shape == (20, len(SOUNDS))
