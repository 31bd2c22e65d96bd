"""The bot does not interrupt itself when the line gives its voice back, and is interrupted by callers all the same."""

import pytest

from commands.caller_voices import caller_says
from tests.audio.simulated_calls import LONG_ANSWER, hold
from voice.engines import Engines
from voice.events import EchoSuppressed, FinalTranscript, PlaybackInterrupted, PlaybackPaused, SpeechStarted
from voice.line.line_echo import LineEcho
from voice.transports.simulated import KeepSilent, Say, SayOver

pytestmark = [pytest.mark.audio, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("delay_ms", [0, 100, 200])
async def test_the_bots_own_voice_at_minus_20_db_is_not_taken_for_a_caller(
    engines: Engines, delay_ms: int
) -> None:
    question = caller_says("我这个月要还多少钱")
    call = await hold(engines, [Say(question), KeepSilent(500)], [LONG_ANSWER], LineEcho(20, delay_ms))
    assert call.of(PlaybackPaused) == call.of(PlaybackInterrupted) == []
    assert len(call.of(SpeechStarted)) == len(call.asked) == 1, call.asked
    assert "还多少" in call.asked[0]
    (found, *_) = call.of(EchoSuppressed)
    assert abs(found.delay_ms - delay_ms) <= 40 and found.removed_db > 10


@pytest.mark.parametrize("loss_db", [20, 12])
async def test_a_caller_who_speaks_over_the_bot_is_heard_through_the_echo(
    engines: Engines, loss_db: int
) -> None:
    steps = [Say(caller_says("我这个月要还多少钱")), SayOver(caller_says("我要转人工客服"), after_ms=1500)]
    call = await hold(engines, steps, [LONG_ANSWER, "好的。"], LineEcho(loss_db, 60))
    assert len(call.of(PlaybackInterrupted)) == 1
    assert len(call.asked) == 2 and "人工" in call.asked[1], call.asked
    spoke_at, interrupted_at = call.line.spoke_at_ms[1], call.of(PlaybackPaused)[0].audio_ms
    assert 400 <= interrupted_at - spoke_at <= 1000
    assert len(call.of(FinalTranscript)) == 2
