"""The way out of a call: what is said must not depend on what broke."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.voice.call_fakes import RATE, play_call, quiet, tone
from voice import settings as prompts
from voice.events import BotPrompt, CallEnded, CallFailed, TookLeave
from voice.farewell import asks_for_a_person
from voice.sound.audio import AudioFrame
from voice.speech.clauses import split_clauses
from voice.speech.speaker import Speaker
from voice.speech.speech_cache import ClipKey, SpeechCache
from voice.speech.spoken_text import spoken
from voice.speech.synthesizer import SynthesizerFailed


class DeadVoice:
    """An engine whose process is gone."""

    name = "dead"
    sample_rate = RATE

    async def synthesize(self, text: str) -> AsyncIterator[AudioFrame]:
        raise SynthesizerFailed("the engine is gone")
        yield


async def test_a_dead_voice_still_apologises_from_the_cache_and_hands_over(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, "dead")
    for clause in (*split_clauses(prompts.APOLOGY), *split_clauses(prompts.TO_A_PERSON)):
        cache.store(ClipKey(spoken(clause), RATE), tone(200, 0.3))
    voice: Any = Speaker(DeadVoice(), None, cache)  # type: ignore[arg-type]
    played = await play_call(quiet(3000), [], [], speaker=voice)
    assert [event.text for event in played.of(BotPrompt)] == [prompts.APOLOGY, prompts.TO_A_PERSON]
    assert np.abs(np.frombuffer(bytes(played.caller.heard), dtype="<i2")).max() > 5000, "it is heard"
    assert [event.code for event in played.of(CallFailed)] == ["synthesizer_failed"]
    assert [event.parting for event in played.of(TookLeave)] == ["transferred"]
    assert played.of(CallEnded)[0].ended_by == "transfer"


@pytest.mark.parametrize("text", ["转人工", "我要找人工客服", "给我转接一下", "有没有真人"])
def test_words_that_ask_for_a_person_need_no_dialogue(text: str) -> None:
    assert asks_for_a_person(text)


@pytest.mark.parametrize("text", ["几号还款", "我要转账", "人在外地能办吗"])
def test_other_words_do(text: str) -> None:
    assert not asks_for_a_person(text)
