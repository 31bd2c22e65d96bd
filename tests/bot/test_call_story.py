"""What a call's log tells of its turns: times of words, partial transcripts, interruptions, what nobody heard."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bot.console.call_story import stories
from bot.console.spoken_words import lines_of, spread, words_with_signs


@dataclass
class Turn:
    """The columns that the story reads."""

    id: str
    customer_text: str = ""
    bot_text: list[str] = field(default_factory=list)
    call_id: str = "c"
    speech_start_ms: int | None = None
    speech_end_ms: int | None = None
    interrupted: bool = False
    not_heard: str = ""
    failure: str | None = None


@dataclass
class Event:
    """One line of the log."""

    kind: str
    audio_ms: int
    details: dict[str, Any] = field(default_factory=dict)
    call_id: str = "c"


def test_words_fill_their_utterance_and_keep_every_character() -> None:
    text = "我要还 12 期，手机〔手机号尾号0001〕！"
    spoken = spread(text, 1_000, 4_000, pauses=False)
    assert "".join(word.text for word in spoken) == text
    assert spoken[0].start_ms == 1_000 and spoken[-1].end_ms == 4_000
    assert all(one.end_ms == two.start_ms for one, two in pairwise(spoken))
    assert "〔手机号尾号0001〕！" in words_with_signs(text)


def test_a_longer_word_sounds_longer_and_a_comma_of_the_bots_is_a_pause() -> None:
    one, two = spread("提前还款好", 0, 500, pauses=False)[0], spread("提前还款好", 0, 500, pauses=False)[-1]
    assert one.end_ms - one.start_ms > two.end_ms - two.start_ms
    assert spread("好，的", 0, 300, pauses=True)[-1].start_ms == 200
    assert spread("好，的", 0, 300, pauses=False)[-1].start_ms == 150


def test_no_words_and_no_time_are_no_fault() -> None:
    assert spread("", 0, 100, pauses=True) == []
    assert [word.text for word in spread("，。", 5, 5, pauses=True)] == ["，。"]
    assert lines_of(spread("你好。再见。", 0, 10, pauses=True), ["你好。", "再见。"])[1][0].text.startswith(
        "再"
    )


def test_an_interrupted_reply_is_marked_and_cut_where_it_was_cut() -> None:
    greeting = ["您好，我是客服。", "请问您想办什么？"]
    turns = [
        Turn("a", bot_text=greeting, interrupted=True, not_heard="请问您想办什么？"),
        Turn("b", "我要还款", ["好的。"], speech_start_ms=900, speech_end_ms=1_900),
        Turn("lost", "喂", speech_start_ms=5_000, speech_end_ms=5_200, failure="superseded"),
    ]
    events = [
        Event("bot_reply", 0),
        Event("playback_started", 100, {"text": "".join(greeting)}),
        Event("playback_paused", 950),
        Event("partial_transcript", 1_200, {"text": "我要"}),
        Event("partial_transcript", 1_600, {"text": "我要还"}),
        Event("playback_interrupted", 2_000, {"said": "您好，我是客服。", "not_heard": "请问您想办什么？"}),
        Event("final_transcript", 2_000, {"empty": False}),
        Event("bot_reply", 2_100),
        Event("playback_started", 2_200, {"text": "好的。"}),
        Event("playback_finished", 2_800, {"text": "好的。"}),
        Event("playback_started", 4_000, {"text": "您好，请问您还在吗？"}),
        Event("playback_finished", 4_900, {"text": "您好，请问您还在吗？"}),
        Event("final_transcript", 5_300, {"empty": True}),
        Event("final_transcript", 5_400, {"empty": False}),
    ]
    told = stories(turns, events)
    first, second = told["a"], told["b"]
    assert [mark.kind for mark in first.marks] == ["playback_paused", "playback_interrupted"]
    assert [line.not_heard for line in first.bot] == ["", "请问您想办什么？"] and first.bot[1].words == []
    assert first.bot[0].words[-1].end_ms == 2_000 and first.bot_start_ms == 100
    assert second.partials == [(1_200, "我要"), (1_600, "我要还")] and told["lost"].partials == []
    assert (second.customer[0].start_ms, second.customer[-1].end_ms) == (900, 1_900)
    assert (second.bot[0].words[0].start_ms, second.bot[0].words[-1].end_ms) == (2_200, 2_800)
    assert told["lost"].bot == []


def test_a_typed_conversation_has_no_times() -> None:
    told = stories([Turn("a", "你好", ["您好。"], call_id="")], [])
    assert told["a"].customer == [] and told["a"].bot[0].words == [] and told["a"].bot[0].heard == "您好。"
