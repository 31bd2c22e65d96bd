"""Adapting the sound head: recordings are aligned with their text, and weights that are given learn on."""

import numpy as np

from speech_model.adapt_sounds import aligned, between, units_on_the_way
from speech_model.digit_sayings import digits_in
from speech_model.lines import NO_UNIT
from speech_model.script import line_of
from speech_model.speak_answers import answers
from speech_model.train_sounds import Frames, train
from voice.hearing.answer_grammar import is_usual
from voice.hearing.expectation import ExpectationKind
from voice.hearing.sound_head import SOUND_OF, SOUNDS, load_sound_head, states_of
from voice.hearing.sound_units import UNITS
from voice.speech.phonemes import phonemes, tokens


def test_the_units_on_the_way_are_the_sounds_of_the_sound_head_with_their_tones() -> None:
    for text in ("不用了", "我要借二十五万", "嗯好的"):
        assert tuple(SOUND_OF[units_on_the_way(text)]) == states_of(text)
    assert "iao4" in {UNITS[unit] for unit in units_on_the_way("要")}


def test_a_text_is_aligned_with_where_it_is_said() -> None:
    said = np.repeat(units_on_the_way("没有了"), 4)
    scores = np.full((len(said), len(SOUNDS)), -8.0, dtype=np.float32)
    scores[np.arange(len(said)), SOUND_OF[said]] = 0.0
    units, lost = aligned(scores, "没有了")
    assert lost == 0.0
    assert (units == said).all()
    assert aligned(scores, "没有")[1] < -20.0


def test_answers_to_learn_from_are_those_of_the_grammars_and_digits_and_the_same_for_a_seed() -> None:
    spoken = list(answers(200, 3))
    assert spoken == list(answers(200, 3))
    kinds = [ExpectationKind(kind) for kind in ("yes_no", "amount", "date", "term")]
    usual = [text for text in spoken if any(is_usual(text, kind) for kind in kinds)]
    dictated = [text for text in spoken if digits_in(text) > 2 and text not in usual]
    assert len(usual) > 70
    assert len(dictated) > 70
    assert len(usual) + len(dictated) > 185


def test_a_letter_is_spoken_as_the_voice_reads_it_and_has_no_unit() -> None:
    line = line_of("一二三X，对")
    assert line.tokens == tokens(phonemes("一二三X，对"))
    assert [line.units[place] for place, token in enumerate(line.tokens) if token in tokens("ɛ")] == [NO_UNIT]


def test_given_weights_learn_what_they_are_shown() -> None:
    chance = np.random.default_rng(2)
    units = np.repeat(np.arange(1, 5, dtype=np.uint8), 1000)
    chance.shuffle(units)
    states = (chance.normal(0, 0.1, (4000, 512)) + 4 * np.eye(512)[units]).astype(np.float16)
    frames = Frames(states, units, np.full(400, 10))
    given = load_sound_head().weights
    accuracies = [accuracy for _, accuracy in train(frames, 0, 30, 1, given)]
    assert accuracies[-1] > accuracies[0]
    assert accuracies[-1] > 0.6


def test_half_of_the_way_lies_between_both_heads() -> None:
    """The first head with no share, the learnt one with all of it."""
    given = {"in": np.zeros((2, 3), dtype=np.float32), "prior": np.ones(2, dtype=np.float32)}
    learnt = {"in": np.full((2, 3), 2.0, dtype=np.float32), "prior": np.ones(2, dtype=np.float32)}
    for share, expected in ((0.0, 0.0), (0.5, 1.0), (1.0, 2.0)):
        mixed = between(given, learnt, share)
        assert (mixed["in"] == expected).all() and (mixed["prior"] == 1).all()
