"""When the bot asks into a silence, and when it gives up."""

from voice.settings import SILENCE_FIRST, SILENCE_GOODBYE, SILENCE_SECOND, CallSettings
from voice.turn_taking.patience import Patience


def patience() -> Patience:
    return Patience(CallSettings(silence_reprompt_ms=6000))


def test_it_asks_twice_says_goodbye_and_then_nothing_more() -> None:
    waiting, said = patience(), []
    for audio_ms in range(0, 60_000, 20):
        sentence = waiting.sentence_due(audio_ms)
        if sentence is not None:
            said.append((audio_ms, sentence))
            waiting.somebody_is_busy(audio_ms)
    assert said == [(6000, SILENCE_FIRST), (12_000, SILENCE_SECOND), (18_000, SILENCE_GOODBYE)]
    assert waiting.is_over


def test_work_on_either_side_is_no_silence() -> None:
    waiting = patience()
    waiting.somebody_is_busy(5000)
    assert waiting.sentence_due(10_900) is None
    assert waiting.sentence_due(11_000) == SILENCE_FIRST


def test_an_answer_starts_the_count_again() -> None:
    waiting = patience()
    assert waiting.sentence_due(6000) == SILENCE_FIRST
    waiting.caller_answered(7000)
    assert waiting.sentence_due(12_900) is None
    assert waiting.sentence_due(13_000) == SILENCE_FIRST
