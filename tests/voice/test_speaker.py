"""The speaker: cache, shared work, deadlines, and the other voice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from tests.voice.carriers import SYLLABLE_MS, Levels
from voice.sound.audio import AudioFrame, silence
from voice.speech import speaker as speaker_module
from voice.speech.joiner import Joiner
from voice.speech.spare_time import SpareTime
from voice.speech.speaker import AbsentSynthesizer, Speaker, load_speaker
from voice.speech.speech_cache import ClipKey, SpeechCache
from voice.speech.spoken_text import spoken
from voice.speech.stretching import SLOW
from voice.speech.synthesizer import SynthesizerFailed, SynthesizerUnavailable
from voice.speech.unit_bank import UnitBank


class FakeVoice:
    """Speaks a tone of 100 ms; records what it was asked; may wait, break or be silent."""

    sample_rate = 24_000

    def __init__(self, name: str = "fake", error: str | None = None, silent: bool = False) -> None:
        self.name = name
        self.asked: list[str] = []
        self.cancelled = 0
        self.error = error
        self.silent = silent
        self.was_asked = asyncio.Event()
        self.may_speak = asyncio.Event()
        self.may_speak.set()

    async def synthesize(self, text: str) -> AsyncIterator[AudioFrame]:
        self.asked.append(text)
        self.was_asked.set()
        try:
            await self.may_speak.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.error is not None:
            raise SynthesizerFailed(self.error)
        tone = (np.sin(np.arange(2400) / 10) * 8000).astype("<i2").tobytes()
        for start in range(0, 0 if self.silent else len(tone), 960):
            yield AudioFrame(tone[start : start + 960], self.sample_rate, start // 48)


def make(primary: FakeVoice, fallback: FakeVoice | None = None, **settings: float) -> Speaker:
    return Speaker(primary, fallback, SpeechCache(None, "test"), **settings)  # type: ignore[arg-type]


async def test_a_clip_comes_at_the_lines_rate_with_the_pause_of_its_mark() -> None:
    clip = await make(FakeVoice()).clip("您好，", 8000)
    pause = silence(speaker_module.PAUSE_MS["，"], 8000)
    speech_ms = (len(clip.pcm) - len(pause)) / 16
    assert clip.pcm.endswith(pause)
    assert speech_ms == pytest.approx(100, abs=2)
    assert (clip.engine, clip.cached, clip.failover) == ("fake", False, None)


async def test_the_second_request_is_answered_from_the_cache() -> None:
    voice = FakeVoice()
    speaker = make(voice)
    assert not speaker.is_cached("3250元，", 8000)
    first = await speaker.clip("3250元，", 8000)
    assert speaker.is_cached("3250元，", 8000)
    second = await speaker.clip("3250元，", 8000)
    assert second.cached
    assert second.pcm == first.pcm
    assert voice.asked == ["3250元，"]


async def test_a_slow_clip_is_the_cached_one_stretched() -> None:
    voice = FakeVoice()
    speaker = make(voice)
    usual = await speaker.clip("3250元，", 8000)
    slow = await speaker.clip("3250元，", 8000, slow=True)
    assert voice.asked == ["3250元，"]
    assert len(slow.pcm) == pytest.approx(len(usual.pcm) / SLOW, abs=2)
    assert (await speaker.clip("3250元，", 8000)).pcm == usual.pcm


async def test_written_forms_that_sound_alike_share_a_clip() -> None:
    speaker = make(FakeVoice())
    await speaker.clip("3250.00元，", 8000)
    assert speaker.is_cached("3250元，", 8000)


async def test_a_clip_stored_on_disk_needs_no_engine(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, "test")
    cache.store(ClipKey(spoken("您好，"), 8000), b"\1\2" * 800)
    voice = FakeVoice(error="broken")
    clip = await Speaker(voice, None, cache).clip("您好，", 8000)
    assert clip.cached
    assert clip.pcm == b"\1\2" * 800
    assert voice.asked == []


async def test_identical_requests_at_the_same_time_share_one_synthesis() -> None:
    voice = FakeVoice()
    speaker = make(voice)
    clips = await asyncio.gather(*(speaker.clip("3250元，", 8000) for _ in range(5)))
    assert voice.asked == ["3250元，"]
    assert len({clip.pcm for clip in clips}) == 1


async def test_one_caller_who_leaves_does_not_take_the_clip_from_the_other() -> None:
    voice = FakeVoice()
    voice.may_speak.clear()
    speaker = make(voice)
    leaving = asyncio.create_task(speaker.clip("3250元，", 8000))
    staying = asyncio.create_task(speaker.clip("3250元，", 8000))
    await voice.was_asked.wait()
    leaving.cancel()
    await asyncio.sleep(0)
    voice.may_speak.set()
    assert (await staying).pcm
    assert voice.cancelled == 0


async def test_when_nobody_waits_any_more_the_synthesis_is_stopped() -> None:
    voice = FakeVoice()
    voice.may_speak.clear()
    speaker = make(voice)
    request = asyncio.create_task(speaker.clip("3250元，", 8000))
    await voice.was_asked.wait()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    for _ in range(5):
        await asyncio.sleep(0)
    assert voice.cancelled == 1
    voice.may_speak.set()
    assert (await speaker.clip("3250元，", 8000)).engine == "fake"


async def test_an_error_lets_the_other_voice_speak_and_the_clip_says_so() -> None:
    speaker = make(FakeVoice("kokoro", error="graph broke"), FakeVoice("pyttsx3"))
    clip = await speaker.clip("3250元，", 8000)
    assert clip.engine == "pyttsx3"
    assert clip.failover is not None
    assert (clip.failover.from_engine, clip.failover.to_engine) == ("kokoro", "pyttsx3")
    assert "graph broke" in clip.failover.reason


async def test_a_voice_that_makes_no_sound_has_failed() -> None:
    clip = await make(FakeVoice("kokoro", silent=True), FakeVoice("pyttsx3")).clip("您好，", 8000)
    assert clip.engine == "pyttsx3"


async def test_a_late_voice_is_stopped_and_the_other_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaker_module, "DEADLINE_PER_CHARACTER_S", 0.0)
    late = FakeVoice("kokoro")
    late.may_speak.clear()
    clip = await make(late, FakeVoice("pyttsx3"), deadline_s=0.01).clip("您好，", 8000)
    assert clip.failover is not None
    assert clip.failover.reason.startswith("late")
    assert late.cancelled == 1


async def test_waiting_for_ones_turn_is_not_lateness_but_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaker_module, "PATIENCE_S", 0.01)
    busy = FakeVoice("kokoro")
    busy.may_speak.clear()
    speaker = make(busy, FakeVoice("pyttsx3"), slots=1)
    first = asyncio.create_task(speaker.clip("您好，", 8000))
    await busy.was_asked.wait()
    second = await speaker.clip("再见。", 8000)
    assert second.failover is not None
    assert second.failover.reason.startswith("busy")
    busy.may_speak.set()
    assert (await first).engine == "kokoro"


async def test_the_others_clip_is_not_kept_for_the_day_when_the_voice_is_well() -> None:
    primary = FakeVoice("kokoro", error="graph broke")
    speaker = make(primary, FakeVoice("pyttsx3"))
    await speaker.clip("您好，", 8000)
    assert not speaker.is_cached("您好，", 8000)
    primary.error = None
    assert (await speaker.clip("您好，", 8000)).engine == "kokoro"


async def test_a_voice_that_failed_three_times_in_a_row_rests() -> None:
    primary = FakeVoice("kokoro", error="graph broke")
    speaker = make(primary, FakeVoice("pyttsx3"))
    for text in ("一，", "二，", "三，", "四，", "五，"):
        assert (await speaker.clip(text, 8000)).engine == "pyttsx3"
    assert primary.asked == ["一，", "二，", "三，"]


async def test_a_rested_voice_speaks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaker_module, "REST_S", 0.0)
    primary = FakeVoice("kokoro", error="graph broke")
    speaker = make(primary, FakeVoice("pyttsx3"))
    for text in ("一，", "二，", "三，"):
        await speaker.clip(text, 8000)
    primary.error = None
    assert (await speaker.clip("四，", 8000)).engine == "kokoro"


async def test_when_both_voices_fail_the_error_names_both() -> None:
    speaker = make(FakeVoice("kokoro", error="graph broke"), FakeVoice("pyttsx3", error="worker died"))
    with pytest.raises(SynthesizerFailed, match=r"kokoro: graph broke; pyttsx3: worker died"):
        await speaker.clip("您好，", 8000)


async def test_without_another_voice_the_error_reaches_the_call() -> None:
    with pytest.raises(SynthesizerFailed, match="graph broke"):
        await make(FakeVoice("kokoro", error="graph broke")).clip("您好，", 8000)


async def test_an_absent_voice_is_named_in_every_failover() -> None:
    speaker = make(AbsentSynthesizer("kokoro", "model missing"), FakeVoice("pyttsx3"))  # type: ignore[arg-type]
    clip = await speaker.clip("您好，", 8000)
    assert clip.failover is not None
    assert (clip.failover.from_engine, clip.failover.reason) == ("kokoro", "model missing")


def test_asking_for_kokoro_without_its_model_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SynthesizerUnavailable, match=r"kokoro-fp32\.onnx"):
        load_speaker("kokoro", tmp_path, None)


def test_an_unknown_voice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SynthesizerUnavailable, match="unknown voice 'siri'"):
        load_speaker("siri", tmp_path, None)


async def test_without_the_model_pyttsx3_speaks_for_real_and_says_for_whom(tmp_path: Path) -> None:
    speaker = load_speaker("auto", tmp_path, None)
    try:
        clip = await speaker.clip("您好，", 8000)
    finally:
        speaker.close()
    assert clip.engine == "pyttsx3"
    assert clip.failover is not None
    assert "missing" in clip.failover.reason
    assert np.abs(np.frombuffer(clip.pcm, dtype="<i2")).max() > 3000


async def test_a_clip_made_ahead_is_there_when_it_is_wanted() -> None:
    voice = FakeVoice()
    speaker = make(voice)
    await speaker.prepare("3250元，", 8000)
    assert (await speaker.clip("3250元，", 8000)).cached
    await speaker.prepare("3250元，", 8000)
    assert voice.asked == ["3250元，"]


async def test_whoever_wants_a_clip_that_is_being_made_ahead_shares_it() -> None:
    voice = FakeVoice()
    voice.may_speak.clear()
    speaker = make(voice)
    ahead = asyncio.create_task(speaker.prepare("3250元，", 8000))
    await voice.was_asked.wait()
    wanted = asyncio.create_task(speaker.clip("3250元，", 8000))
    await asyncio.sleep(0)
    ahead.cancel()
    voice.may_speak.set()
    assert (await wanted).pcm
    assert (voice.asked, voice.cancelled) == (["3250元，"], 0)


async def test_work_ahead_waits_while_callers_wait_for_a_voice() -> None:
    voice = FakeVoice()
    voice.may_speak.clear()
    speaker = make(voice, slots=1)
    wanted = asyncio.create_task(speaker.clip("您好，", 8000))
    await voice.was_asked.wait()
    ahead = asyncio.create_task(speaker.prepare("3250元，", 8000))
    behind = asyncio.create_task(speaker.clip("再见。", 8000))
    await asyncio.sleep(0)
    voice.may_speak.set()
    await asyncio.gather(wanted, ahead, behind)
    assert voice.asked == ["您好，", "再见。", "3250元，"]


def joiner_of(*clauses: str) -> Joiner:
    class Store:
        def bank(self) -> UnitBank:
            return UnitBank([Levels().carrier(clause) for clause in clauses])

    return Joiner(Store())  # type: ignore[arg-type]


async def test_a_figure_that_is_not_at_hand_is_joined_and_waits_for_no_voice() -> None:
    voice = FakeVoice()
    speaker = Speaker(voice, None, SpeechCache(None, "test"), joiner=joiner_of("要还3元。"))  # type: ignore[arg-type]
    clip = await speaker.clip("要还3元。", 8000)
    assert (clip.joined, clip.cached, clip.engine, clip.failover) == (True, False, "fake", None)
    assert len(clip.pcm) / 16 == pytest.approx(4 * SYLLABLE_MS + speaker_module.PAUSE_MS["。"], abs=3)
    assert voice.asked == []
    speaker.close()


async def test_a_whole_clip_that_is_at_hand_is_taken_before_a_joined_one() -> None:
    cache = SpeechCache(None, "test")
    cache.keep(ClipKey(spoken("要还3元。"), 8000), b"\1\2" * 800)
    speaker = Speaker(FakeVoice(), None, cache, joiner=joiner_of("要还3元。"))  # type: ignore[arg-type]
    clip = await speaker.clip("要还3元。", 8000)
    assert (clip.joined, clip.cached) == (False, True)
    speaker.close()


def with_spare_time(voice: FakeVoice, core_is_free: bool = True) -> Speaker:
    spare = SpareTime(rest_s=0.0, core_is_free=lambda: core_is_free)
    cache = SpeechCache(None, "test")
    return Speaker(voice, None, cache, joiner=joiner_of("要还3元。"), spare_time=spare)  # type: ignore[arg-type]


async def test_what_can_be_joined_is_made_whole_in_spare_time() -> None:
    speaker = with_spare_time(FakeVoice())
    await speaker.prepare("要还3元。", 8000)
    clip = await speaker.clip("要还3元。", 8000)
    assert (clip.joined, clip.cached, speaker.whole, speaker.joined) == (False, True, 1, 0)
    speaker.close()


async def test_where_no_core_is_free_a_clause_is_joined() -> None:
    voice = FakeVoice()
    speaker = with_spare_time(voice, core_is_free=False)
    ahead = asyncio.create_task(speaker.prepare("要还3元。", 8000))
    assert (await speaker.clip("要还3元。", 8000)).joined
    assert voice.asked == []
    ahead.cancel()
    speaker.close()


async def test_a_clause_that_is_not_whole_in_time_is_joined() -> None:
    voice = FakeVoice()
    voice.may_speak.clear()
    speaker = with_spare_time(voice)
    ahead = asyncio.create_task(speaker.prepare("要还3元。", 8000))
    await voice.was_asked.wait()
    assert (await speaker.clip("要还3元。", 8000)).joined
    voice.may_speak.set()
    await ahead
    assert (await speaker.clip("要还3元。", 8000)).cached
    speaker.close()


async def test_spare_work_stops_when_a_caller_is_served_and_is_begun_three_times_at_most() -> None:
    voice = FakeVoice()
    voice.may_speak.clear()
    speaker = with_spare_time(voice)
    ahead = asyncio.create_task(speaker.prepare("要还3元。", 8000))
    for times in (1, 2, 3):
        await voice.was_asked.wait()
        voice.was_asked.clear()
        speaker.somebody_is_served()
        await asyncio.sleep(0.01)
        assert voice.cancelled == times
    await asyncio.wait_for(ahead, 1)
    assert len(voice.asked) == 3
    assert (await speaker.clip("要还3元。", 8000)).joined
    speaker.close()


async def test_spare_work_waits_for_a_turn_of_the_voice_like_all_that_is_made_ahead() -> None:
    voice = FakeVoice()
    voice.may_speak.clear()
    speaker = with_spare_time(voice)
    live = asyncio.create_task(speaker.clip("原因是余额不足。", 8000))
    await voice.was_asked.wait()
    ahead = asyncio.create_task(speaker.prepare("要还3元。", 8000))
    for _ in range(4):
        await asyncio.sleep(0.01)
        speaker.somebody_is_served()
    assert voice.asked == ["原因是余额不足。"], "beside one live clause the other place stays free"
    voice.may_speak.set()
    await live
    await asyncio.wait_for(ahead, 2)
    assert voice.asked == ["原因是余额不足。", "要还3元。"], (
        "who was called off before his turn has not begun"
    )
    speaker.close()


async def test_what_cannot_be_joined_is_made_ahead_even_without_spare_time() -> None:
    voice = FakeVoice()
    speaker = with_spare_time(voice, core_is_free=False)
    await speaker.prepare("原因是余额不足。", 8000)
    assert voice.asked == ["原因是余额不足。"]
    speaker.close()


async def test_what_the_carriers_do_not_hold_is_spoken_whole() -> None:
    voice = FakeVoice()
    speaker = Speaker(voice, None, SpeechCache(None, "test"), joiner=joiner_of("要还3元。"))  # type: ignore[arg-type]
    clip = await speaker.clip("原因是余额不足。", 8000)
    assert not clip.joined
    assert voice.asked == ["原因是余额不足。"]
    speaker.close()
