"""The rating at the end of a call, in audio time with fake engines: asked once, taken by key, never in the way."""

from tests.voice.call_fakes import Played, play_call, quiet, tone
from voice import settings as prompts
from voice.dialogue import DialogueTurn, Message, NextStep
from voice.events import BotPrompt, CallEnded, DtmfReceived, PlaybackFinished, Rated
from voice.satisfaction import PATIENCE_MS
from voice.settings import CallSettings
from voice.transport import Dtmf

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


async def test_other_keys_are_no_rating() -> None:
    keys = (Dtmf("9", ASKED_MS), Dtmf("#", ASKED_MS + 200))
    played = await play_call(SAYS_BYE + quiet(20_000), ["再见"], [BYE], keys=keys, settings=ASKS)
    assert not played.of(Rated)


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
