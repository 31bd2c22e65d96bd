"""The rating at the end of a call, in audio time with fake engines: by key or word, never in the way."""

import pytest

from tests.voice.call_fakes import Played, play_call, quiet, tone
from voice import settings as prompts
from voice.dialogue import DialogueTurn, DialogueUnavailable, Message, NextStep
from voice.events import BotPrompt, CallEnded, DtmfReceived, PlaybackFinished, PlaybackInterrupted, Rated
from voice.hearing.expectation import RATING
from voice.line.transport import Dtmf
from voice.satisfaction import PATIENCE_MS
from voice.settings import CallSettings

ASKS = CallSettings(asks_rating=True)
BYE = DialogueTurn((Message("再见。"),), next=NextStep.RATE)
SAYS_BYE = quiet(2_000) + tone(800)
ASKED_MS = 4_600
"""The question is being said by then."""


def prompts_of(played: Played) -> list[str]:
    return [event.text for event in played.of(BotPrompt)]


def ended(played: Played) -> CallEnded:
    (event,) = played.of(CallEnded)
    assert isinstance(event, CallEnded)
    return event


async def test_whoever_was_helped_rates_by_a_key_and_is_thanked() -> None:
    played = await play_call(
        SAYS_BYE + quiet(20_000), ["再见"], [BYE], keys=(Dtmf("4", ASKED_MS),), settings=ASKS
    )
    assert [event.score for event in played.of(Rated)] == [4]
    assert prompts_of(played) == [prompts.ASK_RATING, prompts.RATED]
    assert ended(played).ended_by == "bot"


async def test_without_a_key_the_line_is_put_down_soon() -> None:
    played = await play_call(SAYS_BYE + quiet(30_000), ["再见"], [BYE], settings=ASKS)
    asked = played.of(BotPrompt)[0]
    said_ms = 100 * len(prompts.ASK_RATING)
    assert prompts_of(played) == [prompts.ASK_RATING] and not played.of(Rated)
    assert ended(played).audio_ms <= asked.audio_ms + said_ms + PATIENCE_MS + 1_500
    assert ended(played).ended_by == "bot"


async def test_whoever_hangs_up_while_he_is_asked_is_gone_at_once() -> None:
    played = await play_call(SAYS_BYE + quiet(ASKED_MS - 2_800), ["再见"], [BYE], settings=ASKS)
    assert not played.of(Rated)
    assert ended(played).ended_by == "caller"
    assert (
        ended(played).audio_ms
        < played.of(BotPrompt)[0].audio_ms + 100 * len(prompts.ASK_RATING) + PATIENCE_MS
    )


async def test_a_question_after_the_goodbye_is_answered_and_nobody_is_asked_twice() -> None:
    sound = SAYS_BYE + quiet(2_200) + tone(900) + quiet(2_500) + tone(800) + quiet(20_000)
    played = await play_call(sound, ["再见", "还有个问题", "再见"], [BYE, "请说。", BYE], settings=ASKS)
    assert [text for text, _ in played.dialogue.asked] == ["再见", "还有个问题", "再见"]
    assert prompts_of(played) == [prompts.ASK_RATING]


@pytest.mark.parametrize("key", ["6", "9", "*", "#"])
async def test_a_key_outside_the_scale_is_answered_by_the_question_once_more(key: str) -> None:
    keys = (Dtmf(key, ASKED_MS), Dtmf("3", ASKED_MS + 3_000))
    played = await play_call(SAYS_BYE + quiet(20_000), ["再见"], [BYE], keys=keys, settings=ASKS)
    assert prompts_of(played) == [prompts.ASK_RATING, prompts.ASK_RATING_AGAIN, prompts.RATED]
    assert [event.score for event in played.of(Rated)] == [3]
    assert [text for text, _ in played.dialogue.asked] == ["再见"], "no key of it goes to the dialogue"


async def test_a_second_key_outside_the_scale_is_thanked_for_and_the_call_ends() -> None:
    keys = (Dtmf("9", ASKED_MS), Dtmf("7", ASKED_MS + 3_000))
    played = await play_call(SAYS_BYE + quiet(20_000), ["再见"], [BYE], keys=keys, settings=ASKS)
    assert prompts_of(played) == [prompts.ASK_RATING, prompts.ASK_RATING_AGAIN, prompts.NOT_RATED]
    assert not played.of(Rated) and ended(played).ended_by == "bot"
    assert played.of(PlaybackFinished)[-1].text == prompts.NOT_RATED


AFTER_THE_QUESTION = SAYS_BYE + quiet(4_300)
OVER_THE_QUESTION = SAYS_BYE + quiet(2_200)


@pytest.mark.parametrize(
    ("said", "score"), [("五分", 5), ("给五分", 5), ("满意", 4), ("十分", 5), ("不满意", 2)]
)
@pytest.mark.parametrize("before", [AFTER_THE_QUESTION, OVER_THE_QUESTION])
async def test_a_rating_may_be_said_and_is_no_turn_of_the_dialogue(
    said: str, score: int, before: bytes
) -> None:
    played = await play_call(before + tone(700) + quiet(20_000), ["再见", said], [BYE], settings=ASKS)
    assert [event.score for event in played.of(Rated)] == [score]
    assert [text for text, _ in played.dialogue.asked] == ["再见"]
    assert prompts_of(played) == [prompts.ASK_RATING, prompts.RATED]
    assert played.recognizer.expectations[-1] == RATING


async def test_a_score_outside_the_scale_is_asked_for_again() -> None:
    sound = AFTER_THE_QUESTION + tone(700) + quiet(4_000) + tone(700) + quiet(20_000)
    played = await play_call(sound, ["再见", "八分", "四分"], [BYE], settings=ASKS)
    assert prompts_of(played) == [prompts.ASK_RATING, prompts.ASK_RATING_AGAIN, prompts.RATED]
    assert [event.score for event in played.of(Rated)] == [4]


async def test_whoever_would_rather_not_is_thanked_at_once() -> None:
    played = await play_call(
        AFTER_THE_QUESTION + tone(700) + quiet(20_000), ["再见", "不用了谢谢"], [BYE], settings=ASKS
    )
    assert prompts_of(played) == [prompts.ASK_RATING, prompts.NOT_RATED]
    assert [text for text, _ in played.dialogue.asked] == ["再见"] and ended(played).ended_by == "bot"


async def test_a_nod_before_the_answer_is_waited_out() -> None:
    sound = AFTER_THE_QUESTION + tone(400) + quiet(3_000)
    keys = (Dtmf("4", len(sound) // 16 - 200),)
    played = await play_call(sound + quiet(20_000), ["再见", "好的"], [BYE], keys=keys, settings=ASKS)
    assert [event.score for event in played.of(Rated)] == [4]
    assert [text for text, _ in played.dialogue.asked] == ["再见"]


async def test_a_question_that_was_talked_over_by_nothing_is_asked_once_more() -> None:
    """Words that seemed some while he spoke and then were none had stopped the question: the line must not go dead."""
    sound = OVER_THE_QUESTION + tone(900) + quiet(30_000)
    played = await play_call(sound, ["再见", ""], [BYE], partials=["", "我觉得这个"], settings=ASKS)
    (cut,) = played.of(PlaybackInterrupted)
    asked = played.of(BotPrompt)
    assert [one.text for one in asked] == [prompts.ASK_RATING, prompts.ASK_RATING_AGAIN]
    assert asked[1].audio_ms - cut.audio_ms < 2_500
    assert ended(played).ended_by == "bot"


async def test_a_goodbye_after_something_else_is_not_followed_by_a_dead_line() -> None:
    sound = OVER_THE_QUESTION + tone(900) + quiet(2_500) + tone(800) + quiet(20_000)
    played = await play_call(sound, ["再见", "还有个问题", "那就这样"], [BYE, "请说。", BYE], settings=ASKS)
    last = played.of(PlaybackFinished)[-1]
    assert last.text == "再见。"
    assert ended(played).audio_ms - last.audio_ms <= 100


async def test_a_key_behind_the_rating_does_not_cut_the_thanks() -> None:
    keys = (Dtmf("5", ASKED_MS), Dtmf("#", ASKED_MS + 300), Dtmf("5", ASKED_MS + 400))
    played = await play_call(SAYS_BYE + quiet(20_000), ["再见"], [BYE], keys=keys, settings=ASKS)
    assert [event.score for event in played.of(Rated)] == [5]
    assert played.of(PlaybackFinished)[-1].text == prompts.RATED


async def test_a_person_is_called_by_zero_instead_of_a_rating_and_behind_it() -> None:
    for keys in ((Dtmf("0", ASKED_MS),), (Dtmf("5", ASKED_MS), Dtmf("0", ASKED_MS + 300))):
        played = await play_call(
            SAYS_BYE + quiet(20_000), ["再见"], [BYE, "马上转。"], keys=keys, settings=ASKS
        )
        assert len(played.of(DtmfReceived)) == 1
        assert [text for text, _ in played.dialogue.asked] == ["再见", "转人工"]


async def test_it_can_be_switched_off_and_a_plain_goodbye_asks_nothing() -> None:
    off = await play_call(SAYS_BYE + quiet(9_000), ["再见"], [BYE])
    plain = DialogueTurn((Message("再见。"),), next=NextStep.HANG_UP)
    not_helped = await play_call(SAYS_BYE + quiet(9_000), ["再见"], [plain], settings=ASKS)
    assert prompts_of(off) == prompts_of(not_helped) == []
    assert ended(off).ended_by == ended(not_helped).ended_by == "bot"


@pytest.mark.parametrize("after", [NextStep.RATE, NextStep.HANG_UP])
async def test_whoever_is_asked_to_say_it_again_after_the_goodbye_is_not_hung_up_on(after: NextStep) -> None:
    bye = DialogueTurn((Message("再见，祝您生意兴隆，一切顺利。"),), next=after)
    sound = SAYS_BYE + quiet(1_200) + tone(900) + quiet(6_500) + tone(900) + quiet(3_000)
    said = ["再见", "还有个问题要问", "还有个问题要问"]
    played = await play_call(sound, said, [bye, DialogueUnavailable("away"), "请说。"], settings=ASKS)
    assert [text for text, _ in played.dialogue.asked] == said
    assert prompts.SYSTEM_BUSY in prompts_of(played)
    assert ended(played).ended_by == "caller"


async def test_a_murmur_into_the_goodbye_is_not_asked_for_again_by_a_bot_that_hangs_up() -> None:
    bye = DialogueTurn((Message("再见。"),), next=NextStep.HANG_UP)
    murmur = quiet(900) + tone(900)
    played = await play_call(SAYS_BYE + murmur + quiet(9_000), ["再见", ""], [bye])
    assert len(played.recognizer.streams) == 2, "the murmur was heard"
    assert prompts_of(played) == []
    assert ended(played).ended_by == "bot"
