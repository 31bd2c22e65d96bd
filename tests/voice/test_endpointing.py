"""When a caller's turn begins and ends, counted in audio time."""

from voice.hearing.expectation import OPEN, YES_NO, Expectation, ExpectationKind
from voice.settings import CallSettings
from voice.turn_taking.endpointing import Endpoint, Endpointer
from voice.turn_taking.turn_shape import TurnShape


def moments(endpointer: Endpointer, pattern: list[tuple[int, bool]]) -> list[tuple[int, Endpoint]]:
    """Feed (milliseconds, is_speech) stretches in 20 ms frames; return (audio time, moment)."""
    found, now = [], 0
    for duration_ms, is_speech in pattern:
        for _ in range(duration_ms // 20):
            now += 20
            moment = endpointer.process(20, is_speech)
            if moment is not None:
                found.append((now, moment))
    return found


def test_an_open_answer_ends_700_ms_after_the_last_speech() -> None:
    endpointer = Endpointer(CallSettings())
    found = moments(endpointer, [(200, False), (1000, True), (800, False)])
    assert found == [(260, Endpoint.SPEECH_STARTED), (1900, Endpoint.SPEECH_ENDED)]
    assert (endpointer.speech_start_ms, endpointer.speech_end_ms) == (200, 1200)


def test_a_click_is_not_speech() -> None:
    assert moments(Endpointer(CallSettings()), [(100, False), (40, True), (2000, False)]) == []


def test_a_short_pause_does_not_end_the_turn() -> None:
    found = moments(Endpointer(CallSettings()), [(500, True), (500, False), (500, True), (700, False)])
    assert [moment for _, moment in found] == [Endpoint.SPEECH_STARTED, Endpoint.SPEECH_ENDED]


def test_yes_or_no_ends_sooner_and_digits_later() -> None:
    def silence_before_the_end(expects: Expectation) -> int:
        endpointer = Endpointer(CallSettings())
        endpointer.expect(expects)
        found = moments(endpointer, [(600, True), (2000, False)])
        return found[-1][0] - 600

    digits = Expectation(ExpectationKind.DIGITS, 4)
    assert (
        silence_before_the_end(YES_NO),
        silence_before_the_end(OPEN),
        silence_before_the_end(digits),
    ) == (360, 700, 1500)


def test_pauses_are_not_counted_as_speech() -> None:
    endpointer = Endpointer(CallSettings())
    moments(endpointer, [(300, True), (300, False), (300, True)])
    assert endpointer.speech_ms == 600


def test_an_endless_talker_is_cut_at_the_limit() -> None:
    found = moments(Endpointer(CallSettings(max_utterance_ms=3000)), [(3500, True)])
    assert found[1] == (3000, Endpoint.SPEECH_ENDED)


def silence_before_the_end(shape: TurnShape, expects: Expectation = OPEN) -> int:
    """How long an utterance waits whose words were judged 300 ms into the silence."""
    endpointer = Endpointer(CallSettings())
    endpointer.expect(expects)
    moments(endpointer, [(600, True), (300, False)])
    endpointer.judge(shape)
    return 300 + moments(endpointer, [(2000, False)])[0][0]


def test_a_whole_question_ends_the_turn_sooner_and_half_a_sentence_later() -> None:
    assert silence_before_the_end(TurnShape.COMPLETE) == 500
    assert silence_before_the_end(TurnShape.UNFINISHED) == 1500


def test_digits_end_the_turn_as_soon_as_there_are_enough() -> None:
    assert silence_before_the_end(TurnShape.COMPLETE, Expectation(ExpectationKind.DIGITS, 4)) == 500


def test_speech_makes_a_judgement_void() -> None:
    endpointer = Endpointer(CallSettings())
    moments(endpointer, [(600, True), (300, False)])
    endpointer.judge(TurnShape.UNFINISHED)
    found = moments(endpointer, [(200, True), (2000, False)])
    assert found == [(200 + 700, Endpoint.SPEECH_ENDED)]
