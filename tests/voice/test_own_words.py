"""What comes back of the bot's own voice is no turn, however badly the line echoes; what a caller says is."""

import pytest

from tests.voice.call_fakes import play_call, quiet, tone
from tests.voice.test_satisfaction import BYE, SAYS_BYE
from voice.events import PlaybackFinished, PlaybackInterrupted, PlaybackPaused, PlaybackResumed, Rated
from voice.settings import CallSettings
from voice.turn_taking.own_words import OwnWords

LONG = "我们是首贷，专做小生意老板的经营贷款，有十一款产品。请问您想了解哪一款？"


def having_said(*clauses: str, until_ms: int = 5_000) -> OwnWords:
    """The clauses sounded one after the other up to then, a fifth of a second a character."""
    own, text = OwnWords(), [clause for clause in clauses for _ in clause]
    for place, clause in enumerate(text):
        for frame in range(10):
            own.sounds(clause, until_ms - 200 * (len(text) - place) + 20 * (frame + 1))
    return own


@pytest.mark.parametrize(
    "heard",
    [
        "五分最满意",
        "请你给这次服务打分，按键或者说一到五，五分最满意",
        "或者说1到5，5分最满意",
        "请您给这次福务打分",
        "按键或者说一道五，无分最满意",
    ],
)
def test_words_that_the_bot_is_just_saying_are_its_own_also_where_one_was_misheard(heard: str) -> None:
    own = having_said("请您给这次服务打分，", "按键或者说一到五，", "五分最满意。")
    assert not own.came_back
    assert own.are(heard, since_ms=4_500)
    assert own.came_back


@pytest.mark.parametrize(
    "heard", ["五分", "满意", "", "嗯", "一到五", "我给三分吧，不太满意", "我想问一下利息怎么算"]
)
def test_what_a_caller_says_over_it_is_his(heard: str) -> None:
    own = having_said("请您给这次服务打分，", "按键或者说一到五，", "五分最满意。")
    assert not own.are(heard, since_ms=4_500)
    assert not own.came_back


def test_who_says_it_again_after_the_bot_has_finished_is_a_caller() -> None:
    own = having_said("借三万元，分十二期，对吗？")
    assert own.are("借三万元分十二期", since_ms=5_000)
    assert not own.are("借三万元分十二期", since_ms=5_100)


def test_who_began_in_the_silence_between_two_replies_is_a_caller() -> None:
    own = having_said("借三万元，分十二期，对吗？", until_ms=5_000)
    own.sounds("请稍等。", 7_000)
    assert own.are("借三万元分十二期", since_ms=4_000)
    assert not own.are("借三万元分十二期", since_ms=6_000)


async def test_a_bot_that_hears_itself_says_its_reply_to_the_end_and_asks_the_dialogue_nothing() -> None:
    sound = quiet(3_000) + tone(600) + quiet(1_000) + tone(900) + quiet(1_200) + tone(900) + quiet(6_000)
    said = ["产品", "专做小生意老板的经营贷款", "有十一款产品请问"]
    played = await play_call(sound, said, [LONG])
    assert [text for text, _ in played.dialogue.asked] == ["产品"]
    assert LONG in [event.text for event in played.of(PlaybackFinished)]
    assert not played.of(PlaybackInterrupted)
    assert len(played.of(PlaybackPaused)) == len(played.of(PlaybackResumed)) == 1, (
        "the second time it is known"
    )


async def test_a_caller_takes_the_word_also_from_a_bot_that_hears_itself() -> None:
    sound = quiet(3_000) + tone(600) + quiet(1_000) + tone(900) + quiet(1_200) + tone(900) + quiet(6_000)
    said = ["产品", "专做小生意老板的经营贷款", "我要提前还款"]
    played = await play_call(sound, said, [LONG, "好的。"])
    assert [text for text, _ in played.dialogue.asked] == ["产品", "我要提前还款"]
    assert len(played.of(PlaybackInterrupted)) == 1


async def test_the_question_for_a_rating_that_comes_back_rates_nothing() -> None:
    sound = SAYS_BYE + quiet(3_000) + tone(900) + quiet(20_000)
    heard = ["再见", "按键或者说一到五，五分最满意"]
    played = await play_call(sound, heard, [BYE], settings=CallSettings(asks_rating=True))
    assert not played.of(Rated)
    assert [text for text, _ in played.dialogue.asked] == ["再见"]
