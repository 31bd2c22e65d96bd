"""Answers weighed by their sound: the one that was said wins, whatever Whisper wrote; sentences stay sentences."""

import numpy as np
import pytest

from voice.hearing.answer_choice import confidence, ranked
from voice.hearing.answer_forms import has_form, other_readings
from voice.hearing.answer_grammar import is_usual
from voice.hearing.answer_search import best_answers
from voice.hearing.digit_head import Floats
from voice.hearing.expectation import ExpectationKind
from voice.hearing.sound_head import SOUNDS, fits, states_of

AMOUNT, DATE, TERM, YES_NO, RATING, INDUSTRY = (
    ExpectationKind(kind) for kind in ("amount", "date", "term", "yes_no", "rating", "industry")
)


def sound_of(text: str) -> Floats:
    """What the sound head would say of a text that is spoken very clearly: three frames a state."""
    states = np.repeat([0, *states_of(text), 0], 3)
    scores = np.full((len(states), len(SOUNDS)), -8.0, dtype=np.float32)
    scores[np.arange(len(states)), states] = 0.0
    return scores


def test_a_text_fits_its_own_sound_best() -> None:
    heard = sound_of("一百万")
    own, other, shorter = fits(heard, ["一百万", "二百万", "一百"])
    assert own == 0.0
    assert own > other
    assert own > shorter


def test_homophones_fit_alike() -> None:
    one, other = fits(sound_of("贷款"), ["贷款", "代款"])
    assert one == other


def test_a_character_with_two_readings_fits_either() -> None:
    assert fits(sound_of("环三万"), ["还三万"])[0] == fits(sound_of("孩三万"), ["还三万"])[0] == 0.0


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("一百万", AMOUNT),
        ("我想借三十五万块", AMOUNT),
        ("三千二百", AMOUNT),
        ("十二月十五号", DATE),
        ("改到二十号吧", DATE),
        ("下周一", DATE),
        ("分十二期", TERM),
        ("一年半", TERM),
        ("不需要谢谢", YES_NO),
        ("还没有", YES_NO),
        ("那算了吧", YES_NO),
        ("给五分吧", RATING),
        ("非常满意", RATING),
        ("不太满意", RATING),
        ("理发店", INDUSTRY),
        ("我是做餐饮的", INDUSTRY),
        ("保洁生意", INDUSTRY),
        ("我是开便利店的", INDUSTRY),
    ],
)
def test_what_the_grammar_holds_is_found_by_its_sound_alone(said: str, kind: ExpectationKind) -> None:
    assert best_answers(sound_of(said), kind) == [said]


def test_answers_that_differ_in_their_last_word_are_found_together() -> None:
    found = best_answers(sound_of("可以啊"), YES_NO, most=6)
    assert found[0] == "可以啊"
    assert {"可以吧", "可以啦"} & set(found)
    assert len(found) == len(set(found)) <= 6


def test_nothing_is_searched_where_anything_may_be_said() -> None:
    assert best_answers(sound_of("一百万"), ExpectationKind.OPEN) == []


def test_the_sound_outweighs_what_whisper_wrote() -> None:
    readings = ranked(sound_of("一百万"), [("二百万", -3.0), ("一百碗", -4.0)], [("二百万", -3.0)], AMOUNT)
    assert readings[0].text == "一百万"
    assert readings[0].expected


def test_a_sentence_is_not_bent_into_the_answer_that_was_asked_for() -> None:
    said = "我还没想好你们利息多少"
    for kind in (AMOUNT, DATE, TERM, YES_NO, RATING, INDUSTRY):
        readings = ranked(sound_of(said), [(said, -6.0)], [("好", -20.0), ("三万", -22.0)], kind)
        assert readings[0].text == said
        assert not readings[0].expected


def test_a_clear_answer_is_surer_than_one_between_two() -> None:
    clear = ranked(sound_of("不需要"), [("不需要", -1.0)], [], YES_NO)
    between = ranked(0.2 * sound_of("要"), [("有", -1.0), ("要", -1.0)], [], YES_NO)
    assert confidence(clear) > 0.9 > confidence(between)


@pytest.mark.parametrize(
    ("text", "kind", "whether"),
    [
        ("一共三十万", AMOUNT, True),
        ("我要三万五", AMOUNT, True),
        ("三十百万", AMOUNT, False),
        ("没有", AMOUNT, False),
        ("三十二号", DATE, False),
        ("三十一号", DATE, True),
        ("二零二七年三月", DATE, True),
        ("三十六期", TERM, True),
        ("三十六", TERM, False),
    ],
)
def test_forms_tell_numbers_as_one_says_them(text: str, kind: ExpectationKind, whether: bool) -> None:
    assert has_form(text, kind) is whether


def test_other_readings_differ_by_one_sign_and_keep_the_words_around() -> None:
    others = other_readings("大概二十万吧", AMOUNT)
    assert {"大概三十万吧", "大概二十五万吧", "大概十万吧"} <= set(others)
    assert "大概二十万吧" not in others
    assert all(other.startswith("大概") and has_form(other, AMOUNT) for other in others)


def test_the_usual_answers_are_known_whole() -> None:
    assert is_usual("贷四十五万", AMOUNT)
    assert not is_usual("代四十五万", AMOUNT)
