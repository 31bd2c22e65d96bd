"""What a simulated caller waited, from what he heard."""

from typing import Any

import numpy as np
import pytest

from commands.call_times import CallTimes, heard_after
from voice.dialogue import DialogueTurn, Figure, Message
from voice.events import BotReply, FigureStarted, FinalTranscript

RATE = 8000


def tone(ms: int) -> bytes:
    return (np.sin(np.arange(RATE * ms // 1000) / 5) * 8000).astype("<i2").tobytes()


def quiet(ms: int) -> bytes:
    return bytes(RATE * ms // 1000 * 2)


def test_the_wait_is_from_the_callers_last_sound_to_the_bots_first() -> None:
    line = quiet(1000) + quiet(500) + tone(300)
    (heard,) = heard_after(line, RATE, [(0, tone(900) + quiet(100))])
    assert (heard.ended_ms, heard.first_sound_ms, heard.largest_gap_ms) == (900, 600, 0)


def test_the_longest_silence_within_a_reply_is_its_gap() -> None:
    line = quiet(500) + tone(200) + quiet(240) + tone(200) + quiet(80) + tone(100) + quiet(2000)
    (heard,) = heard_after(line, RATE, [(0, tone(400))])
    assert heard.largest_gap_ms == 240


def test_the_silence_between_two_replies_is_no_gap() -> None:
    line = quiet(400) + tone(200) + quiet(1400) + tone(200)
    first, second = heard_after(line, RATE, [(0, tone(300)), (1000, tone(300))])
    assert (first.first_sound_ms, first.largest_gap_ms) == (100, 0)
    assert (second.first_sound_ms, second.largest_gap_ms) == (700, 0)


def test_words_that_were_not_answered_before_the_next_ones_are_left_out() -> None:
    line = quiet(2000) + tone(200)
    (only,) = heard_after(line, RATE, [(0, tone(300)), (1000, tone(300))])
    assert only.ended_ms == 1300


@pytest.mark.parametrize(("figures", "counted"), [((Figure("balance", 100, "fen"),), 1360), ((), None)])
def test_only_a_figure_that_was_found_counts_and_no_number_of_a_fixed_sentence(
    figures: tuple[Figure, ...], counted: int | None
) -> None:
    times = CallTimes()
    moment: dict[str, Any] = {"call_id": "c", "audio_ms": 0, "wall_time": 0.0}
    heard = FinalTranscript(
        **moment,
        text="要什么资料",
        heard="要什么资料",
        confidence=1.0,
        speech_start_ms=0,
        speech_end_ms=900,
        endpointing_ms=500,
        recognition_ms=0,
        engine="scripted",
    )
    times.on_event(heard)
    reply = DialogueTurn((Message("近3个月的流水。"),), figures=figures)
    times.on_event(BotReply(**moment, turn=reply, dialogue_ms=60))
    times.on_event(FigureStarted(**moment, first_figure_ms=800))
    assert times.turns[0].figure_ms == counted
